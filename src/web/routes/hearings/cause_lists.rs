//! Cause lists: taken in, reviewed, and made hearings of.

use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::fields::{Sent, day, is_slip, refused, text, word};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::hearings::cause_lists::{Candidate, CauseList, NewCauseList, Reviewed, Would};
use crate::hearings::{HearingError, ListAction};
use crate::kernel::permission::permit::WorkOnCases;
use crate::kernel::{CaseId, CauseListId};
use crate::web::Area;
use crate::web::hearings::{
    CandidateRow, CauseListPage, CauseListRow, CauseListsPage, EntryRow, Typed,
};
use crate::web::page::render;
use crate::web::parts::{CaseRef, Choice};
use crate::web::routes::viewer::{Nothing, sentence};
use crate::web::routes::{Allowed, Failure, Form, Viewer};
use crate::web::show::Day;

/// How many cases are offered besides the candidates.
const CASES: usize = 500;

fn list_row(list: CauseList) -> CauseListRow {
    let CauseList { id, name, court, on_date, text, added_at, accepted, .. } = list;
    CauseListRow {
        id,
        name,
        court,
        day: Day(on_date),
        added: added_at.into(),
        accepted: u64::try_from(accepted).unwrap_or(0),
        has_text: text.is_some(),
    }
}

async fn lists(app: &App, viewer: &Viewer, typed: Typed) -> Result<CauseListsPage, Failure> {
    let found = app.hearings.cause_lists(viewer.scope()).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    Ok(CauseListsPage {
        layout: viewer.layout("Cause lists", Area::Diary),
        lists: found.into_iter().map(list_row).collect(),
        typed,
    })
}

pub(in crate::web) async fn list(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
) -> Result<CauseListsPage, Failure> {
    lists(&app, &viewer, Typed::default()).await
}

/// Takes a list in and leads to its review, or shows the form again.
async fn take_in(
    app: &App,
    viewer: &Viewer,
    (form, sent): (&str, Sent),
    new: Result<NewCauseList, HearingError>,
) -> Result<Response, Failure> {
    let added = match new {
        Ok(new) => app.hearings.add_cause_list(viewer.scope(), new).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(id) => Ok(Redirect::to(&format!("/cause-lists/{id}")).into_response()),
        Err(error) if is_slip(&error) => {
            let page = lists(app, viewer, refused(form.to_owned(), sent, &error)).await?;
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

pub(in crate::web) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    let new = day(&sent, "on_date").map(|on_date| NewCauseList {
        name: String::new(),
        text: text(&sent, "text").unwrap_or_default(),
        court: text(&sent, "court"),
        on_date,
        list_type: None,
    });
    take_in(&app, &viewer, ("add", sent), new).await
}

pub(in crate::web) async fn upload(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    mut form: Multipart,
) -> Result<Response, Failure> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        viewer.failure(Problem::shown(Code::BadRequest, &error.body_text()))
    };
    let mut trusted = false;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("csrf") => trusted = viewer.sent(&field.text().await.map_err(broken)?),
            Some("file") if trusted => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(broken)?;
                let read = app.documents.text_of(bytes.to_vec()).await;
                let text = read.map_err(|error| viewer.failure(error))?;
                let new = NewCauseList { name, text, ..NewCauseList::default() };
                return take_in(&app, &viewer, ("file", Sent::new()), Ok(new)).await;
            }
            _ => {}
        }
    }
    if !trusted {
        return Err(viewer.stale());
    }
    let none = Err(HearingError::Unfit("choose the file of the list"));
    take_in(&app, &viewer, ("file", Sent::new()), none).await
}

fn candidate_row(candidate: Candidate) -> CandidateRow {
    let Candidate { likely, would, decided } = candidate;
    let words = match would {
        Would::Add => "A hearing would be entered.".to_owned(),
        Would::Confirm(_) => {
            "The hearing of that day is known; its hall and item would be entered.".to_owned()
        }
        Would::Contradict { known, .. } => format!("The next date known so far is {}.", Day(known)),
    };
    CandidateRow {
        case: CaseRef { id: likely.case_id, title: likely.case_title },
        number: likely.case_number,
        score: likely.score,
        reasons: sentence(&likely.reasons.join(", ")).trim_end_matches('.').to_owned(),
        would: words,
        contradicts: matches!(would, Would::Contradict { .. }),
        decided: decided.map(|(decision, _)| decision.words()),
    }
}

fn entry_row(reviewed: Reviewed) -> EntryRow {
    let Reviewed { entry, candidates } = reviewed;
    let named = |what: &str, text: Option<String>| text.map(|text| format!("{what} {text}"));
    let place = [named("Item", entry.item), named("court hall", entry.court_hall), entry.bench];
    let place: Vec<String> = place.into_iter().flatten().collect();
    EntryRow {
        number: entry.number,
        place: if place.is_empty() { format!("Entry {}", entry.number) } else { place.join(", ") },
        text: entry.text,
        candidates: candidates.into_iter().map(candidate_row).collect(),
    }
}

async fn page(
    app: &App,
    viewer: &Viewer,
    id: CauseListId,
    typed: Typed,
) -> Result<CauseListPage, Failure> {
    let scope = viewer.scope();
    let review = app.hearings.review(scope, id).await.map_err(|error| viewer.failure(error))?;
    let cases = app.cases.list(scope).await.map_err(|error| viewer.failure(error))?;
    let cases = cases.into_iter().filter(|case| case.status == "open" && scope.works_on(case.id));
    let choice =
        |id: CaseId, title: String| Choice { value: id.to_string(), label: title, chosen: false };
    Ok(CauseListPage {
        layout: viewer.layout("Cause list", Area::Diary),
        list: list_row(review.list),
        entries: review.entries,
        ours: review.ours.into_iter().map(entry_row).collect(),
        cases: cases.take(CASES).map(|case| choice(case.id, case.title)).collect(),
        typed,
    })
}

pub(in crate::web) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<CauseListId>,
) -> Result<CauseListPage, Failure> {
    page(&app, &viewer, id, Typed::default()).await
}

/// Leads back to the review when something was done, and otherwise shows it with what was
/// wrong.
async fn done<T>(
    app: &App,
    viewer: &Viewer,
    id: CauseListId,
    (form, sent): (&str, Sent),
    done: Result<T, HearingError>,
) -> Result<Response, Failure> {
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/cause-lists/{id}")).into_response()),
        Err(error) if is_slip(&error) => {
            let page = page(app, viewer, id, refused(form.to_owned(), sent, &error)).await?;
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

pub(in crate::web) async fn head(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<CauseListId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    let changed = match day(&sent, "on_date") {
        Ok(Some(on)) => {
            let head = (on, text(&sent, "court"));
            app.hearings.change_cause_list(viewer.scope(), id, head).await
        }
        Ok(None) => Err(HearingError::Unfit("enter the day of the list")),
        Err(error) => Err(error),
    };
    done(&app, &viewer, id, ("head", sent), changed).await
}

pub(in crate::web) async fn take(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<CauseListId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    let what = || -> Result<((u32, CaseId), ListAction), HearingError> {
        let unfit = HearingError::Unfit;
        let entry = word(&sent, "entry")?.ok_or(unfit("say which entry"))?;
        let case = word(&sent, "case")?.ok_or(unfit("choose the case"))?;
        let action = word(&sent, "action")?.ok_or(unfit("choose what to do with it"))?;
        Ok(((entry, case), action))
    };
    let taken = match what() {
        Ok((which, action)) => app.hearings.take_entry(viewer.scope(), id, which, action).await,
        Err(error) => Err(error),
    };
    done(&app, &viewer, id, ("take", sent), taken).await
}

pub(in crate::web) async fn forget(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<CauseListId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let forgotten = app.hearings.forget_cause_list(viewer.scope(), id).await;
    forgotten.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/cause-lists"))
}
