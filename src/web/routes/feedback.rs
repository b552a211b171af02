//! What people think of the answers.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::{Allowed, Failure};
use crate::app::App;
use crate::assistant::{Given, Reason};
use crate::kernel::permission::permit::RunService;
use crate::web::Area;
use crate::web::feedback::{FeedbackPage, FeedbackRow};

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
) -> Result<FeedbackPage, Failure> {
    let found = app.assistant.feedback(viewer.scope()).await;
    let (given, counts) = found.map_err(|error| viewer.failure(error))?;
    let sum = |helpful: bool| {
        let counts = counts.iter().filter(|count| count.helpful == helpful);
        counts.map(|count| u64::try_from(count.count).unwrap_or(0)).sum()
    };
    let reasons = counts.iter().filter(|count| !count.helpful).map(|count| {
        let words = count.reason.as_deref().map_or("No reason given", Reason::in_words);
        (words.to_owned(), u64::try_from(count.count).unwrap_or(0))
    });
    Ok(FeedbackPage {
        layout: viewer.layout("Feedback", Area::Feedback),
        helped: sum(true),
        not: sum(false),
        reasons: reasons.collect(),
        rows: given.into_iter().map(row).collect(),
    })
}

fn row(given: Given) -> FeedbackRow {
    FeedbackRow {
        who: given.user_name,
        at: given.given_at.into(),
        helpful: given.helpful,
        reason: given.reason.as_deref().map(Reason::in_words),
        words: given.words,
        question: given.question,
        label: given.label,
        case: given.case_title,
    }
}

pub(super) async fn csv(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
) -> Result<Response, Failure> {
    let csv = app.assistant.feedback_csv(viewer.scope()).await;
    let csv = csv.map_err(|error| viewer.failure(error))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"feedback.csv\""),
    ];
    Ok((headers, csv).into_response())
}
