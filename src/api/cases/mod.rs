//! Cases, what is known of them, and who works on them.

mod closing;
mod fields;
mod file;
mod imports;
mod links;
mod notes;
mod parties;
mod register;
mod vakalatnamas;

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path};
use super::problem::Problem;
use crate::app::App;
use crate::cases::{Case, Member, NewCase};
use crate::kernel::permission::permit::{ManageTeams, OpenCases, ReadCases};
use crate::kernel::{CaseId, CaseRole, ClientId, UserId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_cases, open_case))
        .routes(routes!(show_case))
        .routes(routes!(list_members, add_member))
        .routes(routes!(set_member, remove_member))
        .merge(file::routes())
        .merge(register::routes())
        .merge(parties::routes())
        .merge(vakalatnamas::routes())
        .merge(links::routes())
        .merge(notes::routes())
        .merge(fields::routes())
        .merge(closing::routes())
        .merge(imports::routes())
}

/// A case.
#[derive(Serialize, ToSchema)]
#[schema(as = Case)]
struct CaseView {
    /// Its id.
    id: CaseId,
    /// Whom the chamber acts for.
    client_id: Option<ClientId>,
    /// The client's name.
    client_name: Option<String>,
    /// How it is called.
    #[schema(example = "A v. B")]
    title: String,
    /// The court's number for it.
    number: Option<String>,
    /// The court.
    court: Option<String>,
    /// The national case number record.
    cnr: Option<String>,
    /// What it is about; withheld from who only knows of the case.
    summary: Option<String>,
    /// `open` or `closed`.
    status: String,
    /// When the chamber took it on, as `YYYY-MM-DD`.
    opened_on: String,
    /// When it was entered here.
    created_at: DateTime<Utc>,
    /// How many documents it has; this and the next two are withheld from who only
    /// knows of the case.
    documents: Option<i64>,
    /// How many of them are still being read.
    reading: Option<i64>,
    /// How many could not be read.
    failed: Option<i64>,
    /// When a document was last added, or the case itself.
    touched_at: DateTime<Utc>,
}

impl From<Case> for CaseView {
    fn from(case: Case) -> Self {
        let Case {
            id,
            client_id,
            client_name,
            title,
            number,
            court,
            cnr,
            summary,
            status,
            opened_on,
            created_at,
            documents,
            reading,
            failed,
            touched_at,
        } = case;
        Self {
            id,
            client_id,
            client_name,
            title,
            number,
            court,
            cnr,
            summary,
            status,
            opened_on,
            created_at,
            documents,
            reading,
            failed,
            touched_at,
        }
    }
}

/// Someone who works on a case.
#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
struct MemberView {
    /// Who.
    user_id: UserId,
    /// How they are called.
    name: String,
    /// What they sign in with.
    email: String,
    /// What they may do in the case.
    role: CaseRole,
    /// Since when they are a member.
    added_at: DateTime<Utc>,
    /// Whether the case is open to them all the same: an ethical wall, another role in
    /// the chamber or an account switched off closes it.
    has_access: bool,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        let Member { user_id, name, email, role, added_at, has_access } = member;
        Self { user_id, name, email, role, added_at, has_access }
    }
}

/// Someone to work on a case.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMember)]
struct MemberBody {
    /// Who.
    user_id: UserId,
    /// What they may do in the case; they work on it when left out.
    #[serde(default = "member")]
    #[schema(default = "member")]
    role: CaseRole,
}

const fn member() -> CaseRole {
    CaseRole::Member
}

/// What a member may do in a case.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MemberRole)]
struct RoleBody {
    /// What they may do in it.
    role: CaseRole,
}

/// List the cases open to you
///
/// Newest first; for billing every case, without what is in it. For the chamber's own
/// people.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases",
    responses((status = 200, description = "The cases.", body = [CaseView]), Problem))]
async fn list_cases(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
) -> Result<Json<Vec<CaseView>>, Problem> {
    let cases = app.cases.list(&caller.scope).await?;
    Ok(Json(cases.into_iter().map(CaseView::from).collect()))
}

/// Open a case
///
/// Whoever opens one leads it. For the chamber's own people.
#[utoipa::path(post, path = "/api/v1/cases", tag = "cases", request_body = NewCase,
    responses((status = 201, description = "The case.", body = CaseView), Problem))]
async fn open_case(
    State(app): State<App>,
    May(caller, ..): May<OpenCases>,
    Json(new): Json<NewCase>,
) -> Result<(StatusCode, Json<CaseView>), Problem> {
    let id = app.cases.open(&caller.scope, new).await?;
    let case = app.cases.find(&caller.scope, id).await?;
    Ok((StatusCode::CREATED, Json(case.into())))
}

/// Show a case
///
/// For those who work on it, admins, and billing without what is in it.
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The case.", body = CaseView), Problem))]
async fn show_case(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<CaseId>,
) -> Result<Json<CaseView>, Problem> {
    let case = app.cases.find(&caller.scope, id).await?;
    Ok(Json(case.into()))
}

/// List who works on a case
///
/// For those who work on it, admins and billing.
#[utoipa::path(get, path = "/api/v1/cases/{id}/members", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "Its members.", body = [MemberView]), Problem))]
async fn list_members(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<MemberView>>, Problem> {
    let members = app.cases.members(&caller.scope, id).await?;
    Ok(Json(members.into_iter().map(MemberView::from).collect()))
}

/// Let someone work on a case
///
/// Someone who works on it already gets the role. For those who lead it, and admins.
#[utoipa::path(post, path = "/api/v1/cases/{id}/members", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")),
    request_body = MemberBody,
    responses((status = 204, description = "They are a member."), Problem))]
async fn add_member(
    State(app): State<App>,
    May(caller, ..): May<ManageTeams>,
    Path(id): Path<CaseId>,
    Json(MemberBody { user_id, role }): Json<MemberBody>,
) -> Result<StatusCode, Problem> {
    app.cases.set_member(&caller.scope, id, user_id, role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say what someone may do in a case
///
/// Who leads a case says who works on it; a member adds and changes documents; a viewer
/// reads, searches and asks. For those who lead it, and admins.
#[utoipa::path(put, path = "/api/v1/cases/{id}/members/{user_id}", tag = "cases",
    params(("id" = Uuid, Path, description = "The case."),
           ("user_id" = Uuid, Path, description = "Who.")),
    request_body = RoleBody,
    responses((status = 204, description = "They have the role."), Problem))]
async fn set_member(
    State(app): State<App>,
    May(caller, ..): May<ManageTeams>,
    Path((id, user_id)): Path<(CaseId, UserId)>,
    Json(RoleBody { role }): Json<RoleBody>,
) -> Result<StatusCode, Problem> {
    app.cases.set_member(&caller.scope, id, user_id, role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take someone off a case
///
/// From then on it does not exist for them. For those who lead it, admins, and anyone
/// who leaves it themselves.
#[utoipa::path(delete, path = "/api/v1/cases/{id}/members/{user_id}", tag = "cases",
    params(("id" = Uuid, Path, description = "The case."),
           ("user_id" = Uuid, Path, description = "Who.")),
    responses((status = 204, description = "They are no member."), Problem))]
async fn remove_member(
    State(app): State<App>,
    May(caller, ..): May<ManageTeams>,
    Path((id, user_id)): Path<(CaseId, UserId)>,
) -> Result<StatusCode, Problem> {
    app.cases.remove_member(&caller.scope, id, user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
