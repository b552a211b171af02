//! Ethical walls and groups.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path, Query};
use super::problem::{Code, Problem};
use crate::app::App;
use crate::kernel::permission::permit::ManageWalls;
use crate::kernel::{CaseId, ClientId, GroupId, UserId, WallId};
use crate::walls::{Group, GroupMember, Lifted, NewWall, Wall, What, Who};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_walls, raise_wall))
        .routes(routes!(lift_wall))
        .routes(routes!(list_groups, add_group))
        .routes(routes!(rename_group, delete_group))
        .routes(routes!(add_to_group, take_from_group))
}

/// An ethical wall.
#[derive(Serialize, ToSchema)]
#[schema(as = Wall)]
struct WallView {
    /// Its id.
    id: WallId,
    /// The person it keeps out.
    user_id: Option<UserId>,
    /// The group it keeps out.
    group_id: Option<GroupId>,
    /// What the person or group is called.
    who: String,
    /// The case it keeps them out of; withheld from a reader whom a wall keeps from it.
    case_id: Option<CaseId>,
    /// The client it keeps them out of; withheld likewise.
    client_id: Option<ClientId>,
    /// The case's title or the client's name; withheld likewise.
    what: Option<String>,
    /// Whether it is about everything of a client and not about one case.
    of_client: bool,
    /// Why it was raised.
    reason: String,
    /// Who raised it.
    raised_by: String,
    /// When.
    raised_at: DateTime<Utc>,
    /// Who lifted it; nobody while it stands.
    lifted_by: Option<String>,
    /// When it was lifted.
    lifted_at: Option<DateTime<Utc>>,
    /// Why it was lifted.
    lifted_reason: Option<String>,
}

impl From<Wall> for WallView {
    fn from(wall: Wall) -> Self {
        let Wall { id, who, who_name, of_client, what, reason, raised_by, raised_at, lifted } =
            wall;
        let (user_id, group_id) = match who {
            Who::Person(user) => (Some(user), None),
            Who::Group(group) => (None, Some(group)),
        };
        let (case_id, client_id) = match what {
            Some((What::Case(case), _)) => (Some(case), None),
            Some((What::Client(client), _)) => (None, Some(client)),
            None => (None, None),
        };
        let (lifted_by, lifted_at, lifted_reason) = match lifted {
            Some(Lifted { by, at, reason }) => (Some(by), Some(at), Some(reason)),
            None => (None, None, None),
        };
        Self {
            id,
            user_id,
            group_id,
            who: who_name,
            case_id,
            client_id,
            what: what.map(|(_, name)| name),
            of_client,
            reason,
            raised_by,
            raised_at,
            lifted_by,
            lifted_at,
            lifted_reason,
        }
    }
}

/// A wall to be raised: one person or group, one case or client, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWall)]
struct WallBody {
    /// The person to be kept out.
    user_id: Option<UserId>,
    /// Or the group.
    group_id: Option<GroupId>,
    /// The case they are kept out of.
    case_id: Option<CaseId>,
    /// Or the client, with every case of theirs.
    client_id: Option<ClientId>,
    /// Why.
    #[schema(max_length = 1000)]
    reason: String,
}

impl WallBody {
    fn wall(self) -> Result<NewWall, Problem> {
        let Self { user_id, group_id, case_id, client_id, reason } = self;
        let who = match (user_id, group_id) {
            (Some(user), None) => Who::Person(user),
            (None, Some(group)) => Who::Group(group),
            _ => return Err(unclear()),
        };
        let what = match (case_id, client_id) {
            (Some(case), None) => What::Case(case),
            (None, Some(client)) => What::Client(client),
            _ => return Err(unclear()),
        };
        Ok(NewWall { who, what, reason })
    }
}

fn unclear() -> Problem {
    let words = "name one person or one group, and one case or one client";
    Problem::shown(Code::BadRequest, words)
}

/// A wall that was raised.
#[derive(Serialize, ToSchema)]
struct Raised {
    /// Its id.
    id: WallId,
}

/// Why a wall is lifted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Lift)]
struct LiftBody {
    /// Why; it is recorded.
    #[schema(max_length = 1000)]
    reason: String,
}

/// List the ethical walls
///
/// Those that stand first. For admins, also those a wall keeps out; what it is about is
/// then withheld from them.
#[utoipa::path(get, path = "/api/v1/walls", tag = "walls",
    responses((status = 200, description = "The walls.", body = [WallView]), Problem))]
async fn list_walls(
    State(app): State<App>,
    May(caller, ..): May<ManageWalls>,
) -> Result<Json<Vec<WallView>>, Problem> {
    let walls = app.walls.list(&caller.scope).await?;
    Ok(Json(walls.into_iter().map(WallView::from).collect()))
}

/// Raise an ethical wall
///
/// It stands at once, also for what is open just then, and for admins too. For admins.
#[utoipa::path(post, path = "/api/v1/walls", tag = "walls", request_body = WallBody,
    responses((status = 201, description = "It stands.", body = Raised), Problem))]
async fn raise_wall(
    State(app): State<App>,
    May(caller, ..): May<ManageWalls>,
    Json(body): Json<WallBody>,
) -> Result<(StatusCode, Json<Raised>), Problem> {
    let id = app.walls.raise(&caller.scope, body.wall()?).await?;
    Ok((StatusCode::CREATED, Json(Raised { id })))
}

/// Lift an ethical wall
///
/// The reason is recorded. For admins.
#[utoipa::path(post, path = "/api/v1/walls/{id}/lift", tag = "walls",
    params(("id" = Uuid, Path, description = "The wall.")),
    request_body = LiftBody,
    responses((status = 204, description = "It stands no longer."), Problem))]
async fn lift_wall(
    State(app): State<App>,
    May(caller, ..): May<ManageWalls>,
    Path(id): Path<WallId>,
    Json(LiftBody { reason }): Json<LiftBody>,
) -> Result<StatusCode, Problem> {
    app.walls.lift(&caller.scope, id, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// People named together.
#[derive(Serialize, ToSchema)]
#[schema(as = Group)]
struct GroupView {
    /// Its id.
    id: GroupId,
    /// How it is called.
    name: String,
    /// Who is in it.
    members: Vec<GroupMemberView>,
    /// How many walls that stand name it.
    walls: i64,
}

/// Someone in a group.
#[derive(Serialize, ToSchema)]
#[schema(as = GroupMember)]
struct GroupMemberView {
    /// Who.
    user_id: UserId,
    /// How they are called.
    name: String,
}

impl From<Group> for GroupView {
    fn from(group: Group) -> Self {
        let Group { id, name, members, walls } = group;
        let member = |GroupMember { user_id, name }| GroupMemberView { user_id, name };
        Self { id, name, members: members.into_iter().map(member).collect(), walls }
    }
}

/// What a group is called.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GroupName)]
struct GroupBody {
    /// Its name, unlike every other group's.
    name: String,
}

/// A group that was made.
#[derive(Serialize, ToSchema)]
struct NewGroup {
    /// Its id.
    id: GroupId,
}

/// List the groups
///
/// By name, with who is in them. For admins.
#[utoipa::path(get, path = "/api/v1/groups", tag = "walls",
    responses((status = 200, description = "The groups.", body = [GroupView]), Problem))]
async fn list_groups(
    State(app): State<App>,
    May(caller, ..): May<ManageWalls>,
) -> Result<Json<Vec<GroupView>>, Problem> {
    let groups = app.walls.groups(&caller.scope).await?;
    Ok(Json(groups.into_iter().map(GroupView::from).collect()))
}

/// Make a group
///
/// Nobody is in it yet. For admins.
#[utoipa::path(post, path = "/api/v1/groups", tag = "walls", request_body = GroupBody,
    responses((status = 201, description = "The group.", body = NewGroup), Problem))]
async fn add_group(
    State(app): State<App>,
    May(caller, ..): May<ManageWalls>,
    Json(GroupBody { name }): Json<GroupBody>,
) -> Result<(StatusCode, Json<NewGroup>), Problem> {
    let id = app.walls.add_group(&caller.scope, &name).await?;
    Ok((StatusCode::CREATED, Json(NewGroup { id })))
}

/// Give a group another name
///
/// For admins.
#[utoipa::path(put, path = "/api/v1/groups/{id}", tag = "walls",
    params(("id" = Uuid, Path, description = "The group.")),
    request_body = GroupBody,
    responses((status = 204, description = "It is called so."), Problem))]
async fn rename_group(
    State(app): State<App>,
    May(caller, ..): May<ManageWalls>,
    Path(id): Path<GroupId>,
    Json(GroupBody { name }): Json<GroupBody>,
) -> Result<StatusCode, Problem> {
    app.walls.rename_group(&caller.scope, id, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a group
///
/// One that a wall names, or named, is kept. For admins.
#[utoipa::path(delete, path = "/api/v1/groups/{id}", tag = "walls",
    params(("id" = Uuid, Path, description = "The group.")),
    responses((status = 204, description = "It is gone."), Problem))]
async fn delete_group(
    State(app): State<App>,
    May(caller, ..): May<ManageWalls>,
    Path(id): Path<GroupId>,
) -> Result<StatusCode, Problem> {
    app.walls.delete_group(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put someone into a group
///
/// The walls that name the group keep them out from now on. For admins.
#[utoipa::path(put, path = "/api/v1/groups/{id}/members/{user_id}", tag = "walls",
    params(("id" = Uuid, Path, description = "The group."),
           ("user_id" = Uuid, Path, description = "Who.")),
    responses((status = 204, description = "They are in it."), Problem))]
async fn add_to_group(
    State(app): State<App>,
    May(caller, ..): May<ManageWalls>,
    Path((id, user_id)): Path<(GroupId, UserId)>,
) -> Result<StatusCode, Problem> {
    app.walls.add_to_group(&caller.scope, id, user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why someone is taken out of a group.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReasonQuery {
    /// Why; needed while walls name the group, and recorded.
    #[serde(default)]
    #[param(required = false)]
    reason: String,
}

/// Take someone out of a group
///
/// What the group's walls kept them out of is open to them again. For admins.
#[utoipa::path(delete, path = "/api/v1/groups/{id}/members/{user_id}", tag = "walls",
    params(("id" = Uuid, Path, description = "The group."),
           ("user_id" = Uuid, Path, description = "Who."), ReasonQuery),
    responses((status = 204, description = "They are not in it."), Problem))]
async fn take_from_group(
    State(app): State<App>,
    May(caller, ..): May<ManageWalls>,
    Path((id, user_id)): Path<(GroupId, UserId)>,
    Query(ReasonQuery { reason }): Query<ReasonQuery>,
) -> Result<StatusCode, Problem> {
    app.walls.take_from_group(&caller.scope, id, user_id, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
