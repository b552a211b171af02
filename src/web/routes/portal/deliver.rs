//! What is needed from a client, and the files they send.

use std::io;

use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::TryStreamExt;
use serde::Deserialize;

use super::refused;
use super::rows::{needed_row, sent_row};
use crate::app::App;
use crate::documents::DocumentError;
use crate::kernel::permission::permit::UsePortal;
use crate::kernel::{CaseId, RequestId, day_in_india};
use crate::portal::{LARGEST_MIB, NewDelivery, PortalError};
use crate::web::Area;
use crate::web::page::{Flash, render};
use crate::web::parts::Choice;
use crate::web::portal::words::Speak;
use crate::web::portal::{PortalDeliverPage, PortalRequestsPage, SentRow};
use crate::web::routes::viewer::Viewer;
use crate::web::routes::{Allowed, Failure};

pub(super) async fn requests(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
) -> Result<PortalRequestsPage, Failure> {
    let language = viewer.language;
    let requests = app.portal.requests(viewer.scope(), None).await;
    let requests = requests.map_err(|error| viewer.failure(error))?;
    let today = day_in_india(app.clock.now());
    let (done, needed): (Vec<_>, Vec<_>) =
        requests.into_iter().partition(|request| request.done.is_some());
    let row = |request| needed_row(language, request, today);
    Ok(PortalRequestsPage {
        layout: viewer.layout(language.words().requests_title, Area::PortalRequests),
        needed: needed.into_iter().map(row).collect(),
        done: done.into_iter().map(row).collect(),
        sent: sent(&app, &viewer).await?,
    })
}

async fn sent(app: &App, viewer: &Viewer) -> Result<Vec<SentRow>, Failure> {
    let sent = app.portal.deliveries(viewer.scope(), None).await;
    let sent = sent.map_err(|error| viewer.failure(error))?;
    Ok(sent.into_iter().map(|one| sent_row(viewer.language, one)).collect())
}

/// What the form begins with.
#[derive(Default, Deserialize)]
pub(super) struct Begin {
    case: Option<CaseId>,
    request: Option<RequestId>,
    /// Whether files have just come.
    sent: Option<String>,
    #[serde(skip)]
    note: String,
}

pub(super) async fn form(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
    Query(begin): Query<Begin>,
) -> Result<PortalDeliverPage, Failure> {
    page(&app, &viewer, begin, None).await
}

async fn page(
    app: &App,
    viewer: &Viewer,
    begin: Begin,
    problem: Option<String>,
) -> Result<PortalDeliverPage, Failure> {
    let (scope, words) = (viewer.scope(), viewer.language.words());
    let fail = |error: PortalError| viewer.failure(error);
    let open = app.portal.requests(scope, None).await.map_err(fail)?;
    let open: Vec<_> = open.into_iter().filter(|request| request.done.is_none()).collect();
    let asked = open.iter().find(|request| Some(request.id) == begin.request);
    let case = begin.case.or(asked.map(|request| request.case_id));
    let cases = app.portal.cases(scope).await.map_err(fail)?;
    // Where there are several, none is chosen unasked, and a request is told by its case too.
    let several = cases.len() > 1;
    let choice = |value: String, label: String, chosen| Choice { value, label, chosen };
    let done = begin.sent.is_some() && problem.is_none();
    let flash = done.then(|| Flash { done: true, text: words.sent_done.to_owned() });
    Ok(PortalDeliverPage {
        layout: viewer.layout(words.deliver_title, Area::PortalRequests).with_flash(flash),
        problem,
        cases: cases
            .into_iter()
            .map(|one| choice(one.id.to_string(), one.title, Some(one.id) == case))
            .collect(),
        requests: open
            .into_iter()
            .map(|one| {
                let what = one.what;
                let label = if several { format!("{what} ({})", one.case_title) } else { what };
                choice(one.id.to_string(), label, Some(one.id) == begin.request)
            })
            .collect(),
        note: begin.note,
        sent: sent(app, viewer).await?,
    })
}

/// Takes the files of the form; the token, the case and the rest come before them in it.
pub(super) async fn send(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
    mut form: Multipart,
) -> Result<Response, Failure> {
    let mut begin = Begin::default();
    match receive(&app, &viewer, &mut begin, &mut form).await {
        Ok(()) => Ok(Redirect::to("/portal/deliver?sent=1").into_response()),
        Err(Refused::Stale) => Err(viewer.stale()),
        Err(Refused::Because(error)) => {
            // What is left of a form that was refused is read and thrown away.
            while let Ok(Some(_)) = form.next_field().await {}
            let words = refused(&viewer, error)?;
            let page = page(&app, &viewer, begin, Some(words)).await?;
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// Why a form was not taken.
enum Refused {
    /// Its token is not this session's.
    Stale,
    /// What it holds does not fit.
    Because(PortalError),
}

impl From<PortalError> for Refused {
    fn from(error: PortalError) -> Self {
        Self::Because(error)
    }
}

impl From<MultipartError> for Refused {
    fn from(error: MultipartError) -> Self {
        let error = match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => DocumentError::TooLarge(LARGEST_MIB),
            _ => DocumentError::BrokenOff(io::Error::other(error.body_text())),
        };
        Self::Because(PortalError::Documents(error))
    }
}

async fn receive(
    app: &App,
    viewer: &Viewer,
    begin: &mut Begin,
    form: &mut Multipart,
) -> Result<(), Refused> {
    let (mut trusted, mut taken) = (false, false);
    while let Some(field) = form.next_field().await? {
        match field.name() {
            Some("csrf") => trusted = viewer.sent(&field.text().await?),
            Some("case") => begin.case = field.text().await?.parse().ok(),
            Some("request") => begin.request = field.text().await?.parse().ok(),
            Some("note") => begin.note = field.text().await?,
            Some("file") if trusted => {
                let file_name = field.file_name().unwrap_or("").to_owned();
                if file_name.is_empty() {
                    continue;
                }
                let case = begin.case.ok_or(PortalError::NoCase)?;
                let request = request_of(app, viewer, case, begin.request).await?;
                let words = Some(begin.note.clone());
                let new = NewDelivery { case, request, note: words, file_name };
                let bytes = field.map_err(io::Error::other);
                app.portal.deliver(viewer.scope(), new, bytes).await?;
                taken = true;
            }
            _ => {}
        }
    }
    match (trusted, taken) {
        (false, _) => Err(Refused::Stale),
        (true, false) => Err(PortalError::NoFile.into()),
        (true, true) => Ok(()),
    }
}

/// The request a file is for: one of another case than the one chosen is left out, since
/// the form lists those of all cases.
async fn request_of(
    app: &App,
    viewer: &Viewer,
    case: CaseId,
    request: Option<RequestId>,
) -> Result<Option<RequestId>, PortalError> {
    let Some(id) = request else { return Ok(None) };
    let found = app.portal.request(viewer.scope(), id).await?;
    Ok((found.case_id == case).then_some(id))
}
