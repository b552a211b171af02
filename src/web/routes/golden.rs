//! Golden questions: the form, running them, carrying them elsewhere.

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use serde_json::json;

use super::quality::{Extra, Undone, page, undone};
use super::viewer::{Nothing, Viewer, sentence};
use super::{Allowed, Failure, Form};
use crate::api::problem::Problem;
use crate::app::App;
use crate::kernel::permission::permit::RunService;
use crate::kernel::{CaseId, DocumentId, GoldenId};
use crate::search::golden::{Expected, GoldenError, NewQuestion, Question};
use crate::web::Area;
use crate::web::parts::{Choice, Field};
use crate::web::quality::GoldenPage;

/// The page the questions are listed on.
const LIST: &str = "/admin/search-quality";

#[derive(Deserialize, Default)]
pub(super) struct Filled {
    #[serde(default)]
    question: String,
    #[serde(default)]
    case: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    expected: String,
}

impl Filled {
    fn of(question: &Question) -> Self {
        Self {
            question: question.question.clone(),
            case: question.case.map(|case| case.to_string()).unwrap_or_default(),
            note: question.note.clone(),
            expected: question.expected.iter().map(address).collect::<Vec<_>>().join("\n"),
        }
    }

    fn question(&self) -> Result<NewQuestion, String> {
        let case = match self.case.as_str() {
            "" => None,
            case => Some(case.parse::<CaseId>().map_err(|_| "choose a case".to_owned())?),
        };
        let lines = self.expected.lines().filter(|line| !line.trim().is_empty());
        let expected = lines.map(expected).collect::<Result<_, _>>()?;
        let (question, note) = (self.question.clone(), self.note.clone());
        Ok(NewQuestion { question, case, note, expected })
    }
}

/// What should be found, as a line of the form: the address of its place.
fn address(expected: &Expected) -> String {
    let parts = [("page", expected.page), ("start", expected.start), ("end", expected.end)];
    let known = parts.into_iter().filter_map(|(name, number)| Some((name, number?)));
    let query: Vec<String> = known.map(|(name, number)| format!("{name}={number}")).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/documents/{}{mark}{}", expected.document, query.join("&"))
}

/// Reads a line of the form: the address of a place in a document, or a document's id
/// and perhaps a page.
fn expected(line: &str) -> Result<Expected, String> {
    let unknown = || format!("`{}` is no address or id of a document", line.trim());
    let mut words = line.split(|c: char| "/?&#".contains(c) || c.is_whitespace());
    let mut found = None;
    let mut numbers = [None; 3];
    for word in words.by_ref().filter(|word| !word.is_empty()) {
        if let Ok(id) = word.parse::<DocumentId>() {
            found = Some(id);
        } else if let Some((name, number)) = word.split_once('=') {
            let place = ["page", "start", "end"].iter().position(|known| *known == name);
            if let Some(place) = place {
                numbers[place] = Some(number.parse().map_err(|_| unknown())?);
            }
        } else if found.is_some() && numbers[0].is_none() {
            numbers[0] = word.parse().ok();
        }
    }
    let [page, start, end] = numbers;
    Ok(Expected { document: found.ok_or_else(unknown)?, page, start, end })
}

/// The form, filled.
async fn form(
    app: &App,
    viewer: &Viewer,
    id: Option<GoldenId>,
    filled: Filled,
    problem: Option<String>,
) -> Result<GoldenPage, Failure> {
    let cases = app.cases.list(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
    let choice = |case: crate::cases::Case| Choice {
        chosen: filled.case == case.id.to_string(),
        value: case.id.to_string(),
        label: case.title,
    };
    Ok(GoldenPage {
        layout: viewer.layout("Golden question", Area::Quality),
        id,
        problem: problem.map(|words| sentence(&words)),
        cases: cases.into_iter().map(choice).collect(),
        question: Field::of(filled.question),
        note: Field::of(filled.note),
        expected: Field::of(filled.expected),
    })
}

/// A new question; its words and its answer may come along from a search result.
pub(super) async fn new(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Query(filled): Query<Filled>,
) -> Result<GoldenPage, Failure> {
    form(&app, &viewer, None, filled, None).await
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Path(id): Path<GoldenId>,
) -> Result<GoldenPage, Failure> {
    let question = app.golden.find(viewer.scope(), id).await;
    let question = question.map_err(|error| viewer.failure(error))?;
    form(&app, &viewer, Some(id), Filled::of(&question), None).await
}

pub(super) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Form(filled): Form<Filled>,
) -> Result<Result<Redirect, GoldenPage>, Failure> {
    let done = match filled.question() {
        Ok(new) => app.golden.add(viewer.scope(), new).await.map(drop).map_err(Problem::from),
        Err(words) => return form(&app, &viewer, None, filled, Some(words)).await.map(Err),
    };
    kept(&app, &viewer, None, filled, done).await
}

pub(super) async fn change(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Path(id): Path<GoldenId>,
    Form(filled): Form<Filled>,
) -> Result<Result<Redirect, GoldenPage>, Failure> {
    let done = match filled.question() {
        Ok(new) => app.golden.change(viewer.scope(), id, new).await.map_err(Problem::from),
        Err(words) => return form(&app, &viewer, Some(id), filled, Some(words)).await.map(Err),
    };
    kept(&app, &viewer, Some(id), filled, done).await
}

/// Back to the list, or the form with what is wrong.
async fn kept(
    app: &App,
    viewer: &Viewer,
    id: Option<GoldenId>,
    filled: Filled,
    done: Result<(), Problem>,
) -> Result<Result<Redirect, GoldenPage>, Failure> {
    match done {
        Ok(()) => Ok(Ok(Redirect::to(LIST))),
        Err(problem) => {
            let refused = problem.code == crate::api::problem::Code::GoldenRefused;
            let Some(words) = problem.detail.clone().filter(|_| refused) else {
                return Err(viewer.failure(problem));
            };
            form(app, viewer, id, filled, Some(words)).await.map(Err)
        }
    }
}

pub(super) async fn delete(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Path(id): Path<GoldenId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let deleted = app.golden.delete(viewer.scope(), id).await;
    deleted.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(LIST))
}

pub(super) async fn run(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Result<Redirect, Undone>, Failure> {
    match app.golden.run(viewer.scope()).await {
        Ok(_) => Ok(Ok(Redirect::to(LIST))),
        Err(error) => undone(&app, &viewer, error).await.map(Err),
    }
}

pub(super) async fn export(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
) -> Result<impl IntoResponse, Failure> {
    let lines = app.golden.export(viewer.scope()).await;
    let lines = lines.map_err(|error| viewer.failure(error))?;
    let recorded = app.audit.acted(viewer.scope(), "golden.export", json!({})).await;
    recorded.map_err(|error| viewer.failure(error))?;
    let headers = [
        (header::CONTENT_TYPE, "application/jsonl; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"golden-questions.jsonl\""),
    ];
    Ok((headers, lines))
}

#[derive(Deserialize)]
pub(super) struct Lines {
    #[serde(default)]
    lines: String,
}

pub(super) async fn import(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Form(Lines { lines }): Form<Lines>,
) -> Result<Result<Redirect, Undone>, Failure> {
    match app.golden.import(viewer.scope(), &lines).await {
        Ok(_) => Ok(Ok(Redirect::to(LIST))),
        Err(error @ GoldenError::Line { .. }) => {
            let lines = Field::refused(lines, sentence(&error.to_string()));
            let page = page(&app, &viewer, Extra { lines, ..Extra::default() }).await?;
            Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, page)))
        }
        Err(error) => undone(&app, &viewer, error).await.map(Err),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01900000-0000-7000-8000-000000000009";

    fn read(line: &str) -> Expected {
        expected(line).unwrap()
    }

    #[test]
    fn an_address_of_the_viewer_is_a_place() {
        let line = format!("http://host/documents/{ID}?version=1&page=3&start=12&end=40#page-3");
        let place = read(&line);
        assert_eq!((place.page, place.start, place.end), (Some(3), Some(12), Some(40)));
        assert_eq!(read(&address(&place)), place);
    }

    #[test]
    fn an_id_stands_for_a_document_and_a_number_after_it_for_a_page() {
        assert_eq!(read(ID).page, None);
        assert_eq!(read(&format!("  {ID} 7 ")).page, Some(7));
        assert_eq!(read(&address(&read(ID))), read(ID));
    }

    #[test]
    fn what_names_no_document_is_refused() {
        for line in ["nonsense", "/documents/", "7", "/documents/x?page=3"] {
            assert!(expected(line).is_err(), "{line}");
        }
        assert!(expected(&format!("/documents/{ID}?page=three")).is_err());
    }
}
