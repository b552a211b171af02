//! The portal's addresses: what a client reads and sends, and the tab of a case on which the
//! chamber decides what that is.

mod acts;
mod chamber;
mod deliver;
pub(super) mod documents;
mod invoices;
mod rows;
mod shares;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use serde::Deserialize;

use super::viewer::Viewer;
use super::{Allowed, Failure, Form, letters};
use crate::app::App;
use crate::kernel::permission::permit::UsePortal;
use crate::kernel::{CaseId, Scope};
use crate::messages::Channel;
use crate::portal::{LARGEST_MIB, Language, PortalError, ShownCase};
use crate::web::Area;
use crate::web::page::{Link, Notice};
use crate::web::portal::words::Speak;
use crate::web::portal::{CaseBody, CaseCard, PortalCasePage, PortalPage};
use rows::{needed_row, news_row, shared_row};

/// How many documents the start page names.
const ON_HOME: usize = 5;
/// How many files fit into one form.
const FILES_AT_ONCE: usize = 10;

pub(super) fn routes() -> Router<App> {
    let most = (LARGEST_MIB << 20).saturating_mul(FILES_AT_ONCE as u64);
    let most = usize::try_from(most).unwrap_or(usize::MAX).saturating_add(1 << 20);
    Router::new()
        .route("/portal", get(home))
        .route("/portal/language", post(choose_language))
        .route("/portal/cases/{id}", get(case))
        .route("/portal/documents", get(documents::list))
        .route("/portal/documents/{id}", get(documents::show))
        .route("/portal/documents/{id}/file", get(documents::take))
        .route("/portal/requests", get(deliver::requests))
        .route(
            "/portal/deliver",
            get(deliver::form).post(deliver::send).layer(DefaultBodyLimit::max(most)),
        )
        .route("/portal/invoices", get(invoices::list))
        .route("/portal/invoices/{id}/pdf", get(invoices::paper))
        .route("/cases/{id}/portal", get(chamber::show))
        .route("/cases/{id}/portal/preview", get(chamber::preview))
        .route("/cases/{id}/portal/show", post(acts::show))
        .route("/cases/{id}/portal/hide", post(acts::hide))
        .route("/cases/{id}/portal/share", post(shares::share))
        .route("/cases/{id}/portal/unshare", post(shares::unshare))
        .route("/cases/{id}/portal/requests", post(acts::ask))
        .route("/cases/{id}/portal/requests/{request}/done", post(acts::tick))
        .route("/cases/{id}/portal/requests/{request}/reopen", post(acts::reopen))
        .route("/cases/{id}/portal/requests/{request}/withdraw", post(acts::withdraw_request))
        .route("/cases/{id}/portal/news", post(acts::draft))
        .route("/cases/{id}/portal/news/{news}", post(acts::reword))
        .route("/cases/{id}/portal/news/{news}/approve", post(acts::approve))
        .route("/cases/{id}/portal/news/{news}/withdraw", post(acts::withdraw_news))
        .route("/cases/{id}/portal/deliveries/{delivery}/accept", post(acts::accept))
        .route("/cases/{id}/portal/deliveries/{delivery}/refuse", post(acts::refuse))
}

async fn home(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
) -> Result<PortalPage, Failure> {
    let (scope, language) = (viewer.scope(), viewer.language);
    let fail = |error: PortalError| viewer.failure(error);
    app.portal.visited(scope).await.map_err(fail)?;
    let requests = app.portal.requests(scope, None).await.map_err(fail)?;
    let open: Vec<_> = requests.into_iter().filter(|one| one.done.is_none()).collect();
    let mut cases = Vec::new();
    for case in app.portal.cases(scope).await.map_err(fail)? {
        let (last, next) = app.portal.court_days(scope, case.id).await.map_err(fail)?;
        let needs = open.iter().filter(|one| one.case_id == case.id).count();
        cases.push(CaseCard {
            id: case.id,
            title: case.title,
            number: case.number,
            closed: case.status == "closed",
            last: last.map(|day| (language.in_court(&day), language.went(&day).to_owned())),
            next: next.map(|day| language.in_court(&day)),
            needs: (needs > 0).then(|| language.needs(needs)),
        });
    }
    let documents = app.portal.shared(scope, None).await.map_err(fail)?;
    let more = (documents.len() > ON_HOME).then(|| language.documents(documents.len()));
    let today = crate::kernel::day_in_india(app.clock.now());
    let layout = viewer.layout(language.words().home_title, Area::Portal);
    Ok(PortalPage {
        layout: layout.with_notices(told(&app, &viewer).await?),
        cases,
        needed: open.into_iter().map(|one| needed_row(language, one, today)).collect(),
        owed: invoices::owed(&app, &viewer).await?,
        unread: unread(&app, &viewer).await?,
        documents: documents.into_iter().take(ON_HOME).map(|it| shared_row(language, it)).collect(),
        more_documents: more,
    })
}

/// What a client is told at the top of their start page.
async fn told(app: &App, viewer: &Viewer) -> Result<Vec<Notice>, Failure> {
    let asked = app.privacy.to_be_asked(viewer.scope()).await;
    let asked = asked.map_err(|error| viewer.failure(error))?;
    let words = viewer.language.words();
    let notice = Notice {
        text: words.consent_asked.to_owned(),
        link: Some(Link::new(words.consent_read, "/portal/privacy")),
    };
    let mut notices = if asked.is_empty() { Vec::new() } else { vec![notice] };
    notices.extend(letters::told(app, viewer).await?);
    Ok(notices)
}

/// How many messages of the chamber the client has not read, in words.
async fn unread(app: &App, viewer: &Viewer) -> Result<Option<String>, Failure> {
    let counts = app.messages.unread_counts(viewer.scope()).await;
    let counts = counts.map_err(|error| viewer.failure(error))?;
    let of_client = counts.into_iter().filter(|(_, channel, _)| *channel == Channel::Client);
    let count: u64 = of_client.map(|(.., count)| count).sum();
    Ok((count > 0).then(|| viewer.language.messages(count)))
}

async fn case(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
    Path(id): Path<CaseId>,
) -> Result<PortalCasePage, Failure> {
    let (scope, language) = (viewer.scope(), viewer.language);
    let fail = |error: PortalError| viewer.failure(error);
    app.portal.visited(scope).await.map_err(fail)?;
    let case = app.portal.case(scope, id).await.map_err(fail)?;
    let title = case.title.clone();
    let documents = app.portal.shared(scope, Some(id)).await.map_err(fail)?;
    let body = body(&app, scope, language, case).await.map_err(fail)?;
    let documents = documents.into_iter().map(|one| shared_row(language, one)).collect();
    let layout = viewer.layout(title.clone(), Area::Portal);
    Ok(PortalCasePage { layout, title, body: CaseBody { documents, live: true, ..body } })
}

/// What is shown of a case, in a language; without its documents and without links.
async fn body(
    app: &App,
    scope: &Scope,
    language: Language,
    case: ShownCase,
) -> Result<CaseBody, PortalError> {
    let today = crate::kernel::day_in_india(app.clock.now());
    let (last, next) = app.portal.court_days(scope, case.id).await?;
    let requests = app.portal.requests(scope, Some(case.id)).await?;
    let shown = requests.into_iter().filter(|one| !one.withdrawn);
    let (done, needed): (Vec<_>, Vec<_>) = shown.partition(|one| one.done.is_some());
    let news = app.portal.approved_news(scope, case.id).await?;
    let row = |one| needed_row(language, one, today);
    Ok(CaseBody {
        id: case.id,
        words: language.words(),
        lang: language.as_str(),
        number: case.number,
        court: case.court,
        closed: case.status == "closed",
        last: last.map(|day| (language.in_court(&day), language.went(&day).to_owned())),
        next: next.map(|day| language.in_court(&day)),
        needed: needed.into_iter().map(row).collect(),
        done: done.into_iter().map(row).collect(),
        news: news.into_iter().filter_map(|one| news_row(language, one)).collect(),
        documents: Vec::new(),
        live: false,
    })
}

#[derive(Deserialize)]
struct LanguageForm {
    #[serde(default)]
    language: String,
}

async fn choose_language(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
    Form(LanguageForm { language }): Form<LanguageForm>,
) -> Result<Redirect, Failure> {
    let chosen = language.parse().unwrap_or(viewer.language);
    let done = app.portal.speak(viewer.scope(), chosen).await;
    done.map(|()| Redirect::to("/portal")).map_err(|error| viewer.failure(error))
}

/// A client's error in their own words, where there are some.
fn refused(viewer: &Viewer, error: PortalError) -> Result<String, Failure> {
    match viewer.language.refusal(&error) {
        Some(words) => Ok(words),
        None => Err(viewer.failure(error)),
    }
}

/// Something with a day, as `2.4 MB, 14 July 2026`.
fn dated(first: &str, day: &str) -> String {
    format!("{first}, {day}")
}
