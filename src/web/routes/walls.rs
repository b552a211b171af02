//! Ethical walls and groups, why somebody can see something, the permission table.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::viewer::{Nothing, Viewer, sentence};
use super::{Allowed, Failure, Form};
use crate::app::App;
use crate::kernel::permission::permit::{ManagePeople, ManageTeams, ManageWalls};
use crate::kernel::{CaseId, DocumentId, GroupId, Permission, Role, UserId, WallId};
use crate::walls::{Lifted, NewWall, ReasonKind, Subject, Wall, WallError, What, Who};
use crate::web::Area;
use crate::web::page::render;
use crate::web::parts::{CaseRef, Choice};
use crate::web::walls::{AccessAnswer, AccessPage, GroupRow, PermissionsPage, WallRow, WallsPage};

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWalls>,
) -> Result<WallsPage, Failure> {
    page(&app, &viewer, None).await
}

/// The page, with what was wrong with the form just sent.
async fn page(
    app: &App,
    viewer: &Viewer,
    refused: Option<&WallError>,
) -> Result<WallsPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: WallError| viewer.failure(error);
    let walls = app.walls.list(scope).await.map_err(fail)?;
    let groups = app.walls.groups(scope).await.map_err(fail)?;
    let users = app.auth.users(scope).await.map_err(|error| viewer.failure(error))?;
    let cases = app.cases.list(scope).await.map_err(|error| viewer.failure(error))?;
    let clients = app.clients.list(scope).await.map_err(|error| viewer.failure(error))?;
    let choice = |value: String, label: String| Choice { value, label, chosen: false };
    let active = users.iter().filter(|user| user.active);
    let people: Vec<Choice> =
        active.map(|user| choice(user.id.to_string(), user.name.clone())).collect();
    let groups_first = groups
        .iter()
        .map(|group| choice(format!("group:{}", group.id), format!("Group: {}", group.name)));
    let persons = people.iter().map(|one| choice(format!("user:{}", one.value), one.label.clone()));
    let who = groups_first.chain(persons).collect();
    let clients = clients
        .into_iter()
        .map(|client| choice(format!("client:{}", client.id), format!("Client: {}", client.name)));
    let cases = cases.into_iter().map(|case| choice(format!("case:{}", case.id), case.title));
    let what = clients.chain(cases).collect();
    let (standing, lifted): (Vec<Wall>, Vec<Wall>) =
        walls.into_iter().partition(|wall| wall.lifted.is_none());
    Ok(WallsPage {
        layout: viewer.layout("Ethical walls", Area::Walls),
        problem: refused.map(|error| sentence(&error.to_string())),
        standing: standing.into_iter().map(wall_row).collect(),
        lifted: lifted.into_iter().map(wall_row).collect(),
        who,
        what,
        groups: groups
            .into_iter()
            .map(|group| GroupRow {
                id: group.id,
                name: group.name,
                members: group.members.into_iter().map(|one| (one.user_id, one.name)).collect(),
                walls: u64::try_from(group.walls).unwrap_or(0),
            })
            .collect(),
        people,
    })
}

fn wall_row(wall: Wall) -> WallRow {
    let why = match (&wall.who, &wall.what) {
        (Who::Person(user), Some((What::Case(case), _))) => {
            Some(format!("/access?case={case}&user={user}"))
        }
        _ => None,
    };
    let what = match wall.what {
        Some((What::Case(_), title)) => title,
        Some((What::Client(_), name)) => format!("everything of {name}"),
        None if wall.of_client => "a client you are kept away from".to_owned(),
        None => "a case you are kept out of".to_owned(),
    };
    WallRow {
        id: wall.id,
        who: wall.who_name,
        is_group: matches!(wall.who, Who::Group(_)),
        what,
        why,
        reason: wall.reason,
        raised_by: wall.raised_by,
        raised: wall.raised_at.into(),
        lifted: wall.lifted.map(|Lifted { by, at, reason }| (by, at.into(), reason)),
    }
}

/// Leads back to the page when something was done, and otherwise shows it with what
/// was wrong.
async fn done(
    app: &App,
    viewer: &Viewer,
    done: Result<(), WallError>,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(Redirect::to("/admin/walls").into_response()),
        Err(
            error @ (WallError::NotAllowed
            | WallError::NotFound
            | WallError::NoGroup
            | WallError::Db(_)),
        ) => Err(viewer.failure(error)),
        Err(error) => {
            let page = page(app, viewer, Some(&error)).await?;
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

#[derive(Deserialize)]
pub(super) struct WallForm {
    #[serde(default)]
    who: String,
    #[serde(default)]
    what: String,
    #[serde(default)]
    reason: String,
}

impl WallForm {
    fn wall(self) -> Result<NewWall, WallError> {
        let who = match self.who.split_once(':') {
            Some(("user", id)) => id.parse().ok().map(Who::Person),
            Some(("group", id)) => id.parse().ok().map(Who::Group),
            _ => None,
        };
        let what = match self.what.split_once(':') {
            Some(("case", id)) => id.parse().ok().map(What::Case),
            Some(("client", id)) => id.parse().ok().map(What::Client),
            _ => None,
        };
        let who = who.ok_or(WallError::NoPerson)?;
        Ok(NewWall { who, what: what.ok_or(WallError::NoSubject)?, reason: self.reason })
    }
}

pub(super) async fn raise(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWalls>,
    Form(form): Form<WallForm>,
) -> Result<Response, Failure> {
    let raised = match form.wall() {
        Ok(new) => app.walls.raise(viewer.scope(), new).await.map(drop),
        Err(error) => Err(error),
    };
    done(&app, &viewer, raised).await
}

#[derive(Deserialize)]
pub(super) struct ReasonForm {
    #[serde(default)]
    reason: String,
}

pub(super) async fn lift(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWalls>,
    Path(id): Path<WallId>,
    Form(ReasonForm { reason }): Form<ReasonForm>,
) -> Result<Response, Failure> {
    let lifted = app.walls.lift(viewer.scope(), id, &reason).await;
    done(&app, &viewer, lifted).await
}

#[derive(Deserialize)]
pub(super) struct GroupForm {
    #[serde(default)]
    name: String,
}

pub(super) async fn add_group(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWalls>,
    Form(GroupForm { name }): Form<GroupForm>,
) -> Result<Response, Failure> {
    let added = app.walls.add_group(viewer.scope(), &name).await.map(drop);
    done(&app, &viewer, added).await
}

pub(super) async fn delete_group(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWalls>,
    Path(id): Path<GroupId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let deleted = app.walls.delete_group(viewer.scope(), id).await;
    done(&app, &viewer, deleted).await
}

#[derive(Deserialize)]
pub(super) struct PersonForm {
    user: UserId,
}

pub(super) async fn add_to_group(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWalls>,
    Path(id): Path<GroupId>,
    Form(PersonForm { user }): Form<PersonForm>,
) -> Result<Response, Failure> {
    let added = app.walls.add_to_group(viewer.scope(), id, user).await;
    done(&app, &viewer, added).await
}

pub(super) async fn take_from_group(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWalls>,
    Path((id, user)): Path<(GroupId, UserId)>,
    Form(ReasonForm { reason }): Form<ReasonForm>,
) -> Result<Response, Failure> {
    let taken = app.walls.take_from_group(viewer.scope(), id, user, &reason).await;
    done(&app, &viewer, taken).await
}

#[derive(Deserialize)]
pub(super) struct Question {
    case: Option<CaseId>,
    document: Option<DocumentId>,
    #[serde(default)]
    user: String,
}

pub(super) async fn access(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageTeams>,
    Query(Question { case, document, user }): Query<Question>,
) -> Result<AccessPage, Failure> {
    let scope = viewer.scope();
    let (subject, sent) = match (case, document) {
        (Some(case), None) => (Subject::Case(case), ("case", case.to_string())),
        (None, Some(id)) => (Subject::Document(id), ("document", id.to_string())),
        _ => return Err(viewer.not_found()),
    };
    // Whoever may ask may ask about themselves, which gives the titles.
    let own = app.walls.explain(scope, scope.user(), subject).await;
    let own = own.map_err(|error| viewer.failure(error))?;
    let case = app.cases.find(scope, own.case).await.map_err(|error| viewer.failure(error))?;
    let users = app.auth.users(scope).await.map_err(|error| viewer.failure(error))?;
    let answer = match user.parse() {
        Ok(user) => {
            let found = app.walls.explain(scope, user, subject).await;
            Some(found.map_err(|error| viewer.failure(error))?)
        }
        Err(_) => None,
    };
    let noun = sent.0;
    let answer = answer.map(|found| AccessAnswer {
        verdict: match (found.open, found.known) {
            (true, _) => format!("{} can see this {noun}", found.user),
            (false, true) => format!("{} knows of this case, not what is in it", found.user),
            (false, false) => format!("{} cannot see this {noun}", found.user),
        },
        open: found.open,
        reasons: found
            .reasons
            .into_iter()
            .map(|reason| {
                let kind = match reason.kind {
                    ReasonKind::Opens => "opens",
                    ReasonKind::Closes => "closes",
                    ReasonKind::Note => "note",
                };
                (kind, reason.text)
            })
            .collect(),
    });
    Ok(AccessPage {
        layout: viewer.layout("Who can see this", Area::Cases),
        case: CaseRef { id: case.id, title: case.title },
        subject: sent,
        title: own.subject,
        people: users
            .into_iter()
            .map(|known| {
                let value = known.id.to_string();
                Choice { chosen: value == user, value, label: known.name }
            })
            .collect(),
        answer,
    })
}

pub(super) async fn permissions(Allowed(viewer, ..): Allowed<ManagePeople>) -> PermissionsPage {
    let named = |role: Role| match role {
        Role::Admin => "Admin",
        Role::Advocate => "Advocate",
        Role::Staff => "Staff",
        Role::Billing => "Billing",
        Role::Client => "Client",
    };
    let line = |permission: &Permission| {
        let may = |role: &Role| permission.roles().contains(role);
        (permission.words(), Role::ALL.iter().map(may).collect())
    };
    PermissionsPage {
        layout: viewer.layout("Permissions", Area::Permissions),
        roles: Role::ALL.into_iter().map(named).collect(),
        lines: Permission::ALL.iter().map(line).collect(),
    }
}
