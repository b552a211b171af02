//! The first page after signing in.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::cases::{case_row, state_of};
use super::{Failure, Viewer, deadlines, letters};
use crate::app::App;
use crate::documents::Document;
use crate::hearings::{Hearing, HearingQuery};
use crate::kernel::{Role, day_in_india};
use crate::web::Area;
use crate::web::home::{HomePage, RecentDocument, TodayRow};
use crate::web::parts::{CaseRef, DocumentRef};

/// How many of each list the page shows.
const SHOWN: usize = 8;

pub(super) async fn show(
    State(app): State<App>,
    viewer: Result<Viewer, Failure>,
) -> Result<Response, Failure> {
    let viewer = match viewer {
        Ok(viewer) => viewer,
        Err(failure) if app.auth.needs_setup().await.unwrap_or(false) => {
            drop(failure);
            return Ok(Redirect::to("/setup").into_response());
        }
        Err(failure) => return Err(failure),
    };
    if viewer.caller.user.role == Role::Client {
        return Ok(Redirect::to("/portal").into_response());
    }
    if viewer.caller.user.role == Role::Billing {
        return Ok(Redirect::to("/cases").into_response());
    }
    let scope = viewer.scope();
    let cases = app.cases.list(scope).await.map_err(|error| viewer.failure(error))?;
    let documents = app.documents.recent(scope).await.map_err(|error| viewer.failure(error))?;
    let dead = app.documents.dead_work(scope, None).await.map_err(|error| viewer.failure(error))?;
    let recent = |document: &Document| RecentDocument {
        document: DocumentRef { id: document.id, title: document.title.clone() },
        case: CaseRef { id: document.case_id, title: document.case_title.clone() },
        state: state_of(document, &dead),
        added: document.created_at.into(),
    };
    let mut layout = viewer.layout("Home", Area::Home);
    layout.notices.extend(letters::told(&app, &viewer).await?);
    let today = day_in_india(app.clock.now());
    let asked = HearingQuery {
        from: Some(today),
        to: Some(today),
        mine: true,
        limit: 50,
        ..HearingQuery::default()
    };
    let listed = app.hearings.list(scope, asked).await;
    let mut listed = listed.map_err(|error| viewer.failure(error))?;
    listed.sort_by_cached_key(Hearing::order);
    let due = deadlines::rows_of(&app, scope, today).await;
    let unread = app.messages.unread_counts(scope).await.map_err(|error| viewer.failure(error))?;
    let unsure = app.date_warnings(scope, None).await.map_err(|error| viewer.failure(error))?;
    let page = HomePage {
        layout,
        listed: listed.into_iter().map(today_row).collect(),
        due: due.map_err(|error| viewer.failure(error))?,
        unread: unread.into_iter().map(|(.., count)| count).sum(),
        unsure: unsure.len() as u64,
        cases: cases.into_iter().take(SHOWN).map(case_row).collect(),
        recent: documents.iter().take(SHOWN).map(recent).collect(),
        reading: documents
            .iter()
            .map(recent)
            .filter(|row| row.state.is_busy())
            .take(SHOWN)
            .collect(),
        failed: dead.len() as u64,
    };
    Ok(page.into_response())
}

/// A hearing of today.
fn today_row(hearing: Hearing) -> TodayRow {
    let known = hearing.known;
    let named = |what: &str, text: Option<String>| text.map(|text| format!("{what} {text}"));
    let place = [
        hearing.court,
        named("court hall", known.court_hall),
        named("item", known.item),
        known.starts_at.map(|time| format!("at {}", time.format("%H:%M"))),
        known.outcome.map(|outcome| outcome.words().to_owned()),
    ];
    let purpose = [known.stage, known.purpose];
    TodayRow {
        case: CaseRef { id: hearing.case_id, title: hearing.case_title },
        place: place.into_iter().flatten().collect::<Vec<_>>().join(", "),
        purpose: purpose.into_iter().flatten().collect::<Vec<_>>().join(": "),
    }
}
