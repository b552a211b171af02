//! Users: the people of the chamber, and clients with an account.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path};
use super::problem::Problem;
use crate::app::App;
use crate::auth::{Invitee, NewUser, User};
use crate::kernel::permission::permit::{ManagePeople, ReadPeople};
use crate::kernel::{ClientId, Role, UserId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_users, add_user))
        .routes(routes!(activate_user))
        .routes(routes!(deactivate_user))
        .routes(routes!(send_user_link))
        .routes(routes!(unlock_user))
}

/// A person to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewUser)]
struct UserBody {
    /// How they are called.
    name: String,
    /// What they will sign in with.
    email: String,
    /// What they are in the chamber.
    role: Role,
    /// The client they are; needed for the role `client`, refused for others.
    client_id: Option<ClientId>,
    /// Their first password. Without one they are invited: a letter brings them a link
    /// to choose their own.
    #[schema(format = Password)]
    password: Option<String>,
}

/// A person who can sign in.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
struct UserView {
    /// Its id.
    id: UserId,
    /// How they are called.
    name: String,
    /// What they sign in with.
    email: String,
    /// What they are in the chamber.
    role: Role,
    /// The client they are.
    client_id: Option<ClientId>,
    /// Whether they may sign in.
    active: bool,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        let User { id, organisation_id: _, name, email, role, client_id, active } = user;
        Self { id, name, email, role, client_id, active }
    }
}

/// List the people of the chamber
///
/// For the chamber's own people.
#[utoipa::path(get, path = "/api/v1/users", tag = "users",
    responses((status = 200, description = "The people.", body = [UserView]), Problem))]
async fn list_users(
    State(app): State<App>,
    May(caller, ..): May<ReadPeople>,
) -> Result<Json<Vec<UserView>>, Problem> {
    let users = app.auth.users(&caller.scope).await?;
    Ok(Json(users.into_iter().map(UserView::from).collect()))
}

/// Add a person
///
/// With a password they can sign in at once; without one they are sent an invitation.
/// For admins.
#[utoipa::path(post, path = "/api/v1/users", tag = "users", request_body = UserBody,
    responses((status = 201, description = "The person.", body = UserView), Problem))]
async fn add_user(
    State(app): State<App>,
    May(caller, ..): May<ManagePeople>,
    Json(body): Json<UserBody>,
) -> Result<(StatusCode, Json<UserView>), Problem> {
    let UserBody { name, email, role, client_id: client, password } = body;
    let user = match password {
        Some(password) => {
            let new = NewUser { name, email, role, client, password };
            app.auth.add_user(&caller.scope, new).await?
        }
        None => app.auth.invite(&caller.scope, Invitee { name, email, role, client }).await?,
    };
    Ok((StatusCode::CREATED, Json(user.into())))
}

/// Let a person sign in again
///
/// For admins.
#[utoipa::path(post, path = "/api/v1/users/{id}/activate", tag = "users",
    params(("id" = Uuid, Path, description = "The person.")),
    responses((status = 204, description = "They may sign in."), Problem))]
async fn activate_user(
    State(app): State<App>,
    May(caller, ..): May<ManagePeople>,
    Path(id): Path<UserId>,
) -> Result<StatusCode, Problem> {
    app.auth.set_active(&caller.scope, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let a person sign in no longer
///
/// Their sessions end at once. For admins.
#[utoipa::path(post, path = "/api/v1/users/{id}/deactivate", tag = "users",
    params(("id" = Uuid, Path, description = "The person.")),
    responses((status = 204, description = "They may no longer sign in."), Problem))]
async fn deactivate_user(
    State(app): State<App>,
    May(caller, ..): May<ManagePeople>,
    Path(id): Path<UserId>,
) -> Result<StatusCode, Problem> {
    app.auth.set_active(&caller.scope, id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send a person the link they still need
///
/// An invitation until they have chosen a password, then one that confirms their email;
/// links sent before stop working. For admins.
#[utoipa::path(post, path = "/api/v1/users/{id}/link", tag = "users",
    params(("id" = Uuid, Path, description = "The person.")),
    responses((status = 204, description = "A letter with the link is on its way."), Problem))]
async fn send_user_link(
    State(app): State<App>,
    May(caller, ..): May<ManagePeople>,
    Path(id): Path<UserId>,
) -> Result<StatusCode, Problem> {
    app.auth.send_link(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End the wait of an account after wrong passwords
///
/// For admins.
#[utoipa::path(post, path = "/api/v1/users/{id}/unlock", tag = "users",
    params(("id" = Uuid, Path, description = "The person.")),
    responses((status = 204, description = "They may try again at once."), Problem))]
async fn unlock_user(
    State(app): State<App>,
    May(caller, ..): May<ManagePeople>,
    Path(id): Path<UserId>,
) -> Result<StatusCode, Problem> {
    app.auth.unlock(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
