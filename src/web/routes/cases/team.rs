//! Who works on a case.

use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;

use super::{Allowed, Failure, Form, Nothing};
use crate::app::App;
use crate::kernel::permission::permit::ManageTeams;
use crate::kernel::{CaseId, CaseRole, UserId};

#[derive(Deserialize)]
pub(super) struct NewMember {
    user: UserId,
    #[serde(default = "member")]
    role: CaseRole,
}

const fn member() -> CaseRole {
    CaseRole::Member
}

pub(super) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageTeams>,
    Path(id): Path<CaseId>,
    Form(NewMember { user, role }): Form<NewMember>,
) -> Result<Redirect, Failure> {
    let added = app.cases.set_member(viewer.scope(), id, user, role).await;
    added.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/cases/{id}")))
}

#[derive(Deserialize)]
pub(super) struct MemberRole {
    role: CaseRole,
}

pub(super) async fn set(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageTeams>,
    Path((id, user)): Path<(CaseId, UserId)>,
    Form(MemberRole { role }): Form<MemberRole>,
) -> Result<Redirect, Failure> {
    let set = app.cases.set_member(viewer.scope(), id, user, role).await;
    set.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/cases/{id}")))
}

pub(super) async fn remove(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageTeams>,
    Path((id, user)): Path<(CaseId, UserId)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let removed = app.cases.remove_member(viewer.scope(), id, user).await;
    removed.map_err(|error| viewer.failure(error))?;
    let still_open = app.cases.find(viewer.scope(), id).await.is_ok();
    Ok(Redirect::to(&if still_open { format!("/cases/{id}") } else { "/cases".to_owned() }))
}
