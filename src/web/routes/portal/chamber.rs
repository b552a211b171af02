//! The portal tab of a case.

use axum::extract::{Path, Query, State};
use serde::Deserialize;

use super::rows::last_day;
use super::{body, rows};
use crate::app::App;
use crate::documents::{Receipt, Share};
use crate::kernel::permission::permit::ReadDocuments;
use crate::kernel::{CaseId, NewsId, Role};
use crate::portal::{
    Delivery, DeliveryStatus, DoneHow, Language, News, PortalError, PortalPerson, Request, Wording,
};
use crate::web::Area;
use crate::web::cases::CaseTab;
use crate::web::parts::{Choice, Field};
use crate::web::portal::words::Speak;
use crate::web::portal::{
    AskedRow, CaseBody, CasePortalPage, DeliveryDecision, NewsDraft, PersonRow, PortalPreviewPage,
    ReceiptRow, ShareLine, SharedRow,
};
use crate::web::routes::viewer::Viewer;
use crate::web::routes::{Allowed, Failure};
use crate::web::show::{Day, Moment, counted};

/// What was typed into a form that was not taken, and why.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) problem: Option<String>,
    pub(super) what: Field,
    pub(super) due: Field,
    pub(super) english: Field,
    pub(super) hindi: Field,
    pub(super) rewording: Option<NewsId>,
    pub(super) pages: Field,
    pub(super) until: Field,
    pub(super) document: String,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    /// The news to be worded anew.
    reword: Option<NewsId>,
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadDocuments>,
    Path(case): Path<CaseId>,
    Query(Wanted { reword }): Query<Wanted>,
) -> Result<CasePortalPage, Failure> {
    let mut page = page(&app, &viewer, case, Typed::default()).await?;
    let chosen = page.news.iter().find(|news| Some(news.id) == reword && !news.withdrawn);
    if let Some(news) = chosen {
        page.rewording = Some(news.id);
        page.english = Field::of(news.english.clone().unwrap_or_default());
        page.hindi = Field::of(news.hindi.clone().unwrap_or_default());
    }
    Ok(page)
}

pub(super) async fn page(
    app: &App,
    viewer: &Viewer,
    case: CaseId,
    typed: Typed,
) -> Result<CasePortalPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: PortalError| viewer.failure(error);
    let showing = app.portal.showing(scope, case).await.map_err(fail)?;
    let people = app.portal.people(scope, case).await.map_err(fail)?;
    let requests = app.portal.requests(scope, Some(case)).await.map_err(fail)?;
    let news = app.portal.news(scope, case).await.map_err(fail)?;
    let deliveries = app.portal.deliveries(scope, Some(case)).await.map_err(fail)?;
    let of_documents = |error: crate::documents::DocumentError| viewer.failure(error);
    let shares = app.documents.shares_of_case(scope, case).await.map_err(of_documents)?;
    let receipts = app.documents.receipts(scope, case).await.map_err(of_documents)?;
    let documents = app.documents.list(scope, case).await.map_err(of_documents)?;
    let title = |id| {
        let found = documents.iter().find(|document| document.id == id);
        found.map_or_else(String::new, |document| document.title.clone())
    };
    let choice = |document: &crate::documents::Document| Choice {
        value: document.id.to_string(),
        label: document.title.clone(),
        chosen: document.id.to_string() == typed.document,
    };
    Ok(CasePortalPage {
        layout: viewer.layout("Portal", Area::Cases),
        tabs: viewer.case_tabs(app, case, CaseTab::Portal).await?,
        problem: typed.problem,
        client: showing.client.map(|(_, name)| name),
        shown: showing.shown.map(|shown| (shown.by, shown.at.into())),
        leads: showing.leads,
        works: showing.works,
        approves: showing.works && matches!(scope.role(), Role::Advocate | Role::Admin),
        open_shares: showing.shares,
        people: people.into_iter().map(person_row).collect(),
        requests: requests.into_iter().map(asked_row).collect(),
        what: typed.what,
        due: typed.due,
        news: news.into_iter().filter_map(news_draft).collect(),
        english: typed.english,
        hindi: typed.hindi,
        rewording: typed.rewording,
        deliveries: deliveries.into_iter().map(delivery_row).collect(),
        shares: shares.into_iter().map(|share| share_line(title(share.document), share)).collect(),
        documents: documents.iter().map(choice).collect(),
        pages: typed.pages,
        until: typed.until,
        receipts: receipts
            .into_iter()
            .map(|receipt| receipt_row(title(receipt.document), receipt))
            .collect(),
    })
}

fn person_row(person: PortalPerson) -> PersonRow {
    let barred = match (person.active, person.walled) {
        (false, _) => Some("Their account is switched off."),
        (true, true) => Some("An ethical wall keeps them out of this case."),
        (true, false) => None,
    };
    PersonRow {
        name: person.name,
        email: person.email,
        last: person.last_visit.map(Moment),
        barred,
        language: person.language.own_name(),
    }
}

fn asked_row(request: Request) -> AskedRow {
    let mut about = Vec::new();
    about.extend(request.due_on.map(|due| format!("by {}", Day(due))));
    about.push(format!("asked by {}, {}", request.asked_by, Moment(request.asked_at)));
    let open = request.done.is_none() && !request.withdrawn;
    about.extend(request.done.map(|(at, how)| match how {
        DoneHow::Delivered => format!("the client sent it, {}", Moment(at)),
        DoneHow::Chamber => format!("ticked off, {}", Moment(at)),
    }));
    if request.withdrawn {
        about.push("not needed any more".to_owned());
    }
    AskedRow { id: request.id, what: request.what, about, open, withdrawn: request.withdrawn }
}

fn news_draft(news: News) -> Option<NewsDraft> {
    let mut wordings = news.wordings.into_iter();
    let newest = wordings.next()?;
    let waits = newest.approved_at.is_none();
    let earlier: Vec<Wording> = wordings.collect();
    let shown_before = earlier.iter().any(|wording| wording.approved_at.is_some());
    let withdrawn = news.withdrawn_at.is_some();
    let mut about = vec![standing(&newest)];
    if withdrawn {
        about.push("withdrawn".to_owned());
    }
    let said = |wording: Wording| {
        let about = standing(&wording);
        (wording.english.or(wording.hindi).unwrap_or_default(), about)
    };
    Some(NewsDraft {
        id: news.id,
        wording: newest.number,
        english: newest.english,
        hindi: newest.hindi,
        about,
        waits,
        earlier_shown: waits && shown_before && !withdrawn,
        withdrawn,
        earlier: earlier.into_iter().map(said).collect(),
    })
}

fn standing(wording: &Wording) -> String {
    match wording.approved_by.as_ref().zip(wording.approved_at) {
        Some((by, at)) => {
            format!("worded by {}, approved by {by}, {}", wording.written_by, Moment(at))
        }
        None => format!("worded by {}, waits for an advocate's approval", wording.written_by),
    }
}

fn delivery_row(delivery: Delivery) -> DeliveryDecision {
    let mut about = vec![
        Language::English.size(delivery.size_bytes),
        format!("{}, {}", delivery.sent_by, Moment(delivery.sent_at)),
    ];
    about.extend(delivery.request.map(|(_, what)| format!("for: {what}")));
    let by = delivery.decided_by.unwrap_or_default();
    let outcome = match (delivery.status, delivery.reason) {
        (DeliveryStatus::Waiting, _) => None,
        (DeliveryStatus::Accepted, _) => Some(format!("Taken into the case by {by}.")),
        (DeliveryStatus::Refused, reason) => {
            Some(format!("Refused by {by}: {}", reason.unwrap_or_default()))
        }
    };
    DeliveryDecision {
        id: delivery.id,
        name: delivery.file_name,
        about,
        note: delivery.note,
        waits: delivery.status == DeliveryStatus::Waiting,
        outcome,
        document: delivery.document,
    }
}

fn share_line(title: String, share: Share) -> ShareLine {
    let Share { document: id, shared_by, expires_at, ended, pages, watermark, .. } = share;
    let Share { download, version, later_versions, .. } = share;
    let mut terms =
        vec![if pages.are_all() { "all pages".to_owned() } else { format!("pages {pages}") }];
    terms.push(if watermark { "watermark" } else { "no watermark" }.to_owned());
    terms.push(if download { "may be downloaded" } else { "no download" }.to_owned());
    terms.push(match (version, later_versions) {
        (None, _) => "every version".to_owned(),
        (Some(version), true) => format!("version {version} and later"),
        (Some(version), false) => format!("version {version} only"),
    });
    terms.extend(expires_at.map(|end| format!("until {}", Moment(last_day(end)))));
    terms.push(format!("shared by {shared_by}"));
    ShareLine { id, title, terms, ended }
}

fn receipt_row(title: String, receipt: Receipt) -> ReceiptRow {
    let page = |(page, views): (u32, i64)| match views {
        1 => page.to_string(),
        views => format!("{page} ({views} times)"),
    };
    let seen: Vec<String> = receipt.pages.into_iter().map(page).collect();
    let mut pages = format!("version {}, pages {}", receipt.version, seen.join(", "));
    if seen.is_empty() {
        pages = format!("version {}", receipt.version);
    }
    if let Ok(taken @ 1..) = u64::try_from(receipt.taken) {
        pages = format!("{pages}; taken away {}", counted(taken, "time", "times"));
    }
    ReceiptRow { title, name: receipt.name, pages, last: Moment(receipt.last_at) }
}

#[derive(Deserialize)]
pub(super) struct Spoken {
    lang: Option<String>,
}

pub(super) async fn preview(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadDocuments>,
    Path(case): Path<CaseId>,
    Query(Spoken { lang }): Query<Spoken>,
) -> Result<PortalPreviewPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: PortalError| viewer.failure(error);
    let found = app.portal.preview(scope, case).await.map_err(fail)?;
    let showing = app.portal.showing(scope, case).await.map_err(fail)?;
    let people = app.portal.people(scope, case).await.map_err(fail)?;
    let theirs = people.first().map(|person| person.language);
    let language = lang.and_then(|lang| lang.parse().ok()).or(theirs).unwrap_or_default();
    let body = body(&app, scope, language, found).await.map_err(fail)?;
    let documents = shared_now(&app, &viewer, case, language).await?;
    Ok(PortalPreviewPage {
        layout: viewer.layout("What the client sees", Area::Cases),
        tabs: viewer.case_tabs(&app, case, CaseTab::Portal).await?,
        shown: showing.shown.is_some(),
        body: CaseBody { documents, ..body },
    })
}

/// The documents of a case that are shared at this moment, as their client sees them.
async fn shared_now(
    app: &App,
    viewer: &Viewer,
    case: CaseId,
    language: Language,
) -> Result<Vec<SharedRow>, Failure> {
    let scope = viewer.scope();
    let fail = |error: crate::documents::DocumentError| viewer.failure(error);
    let documents = app.documents.list(scope, case).await.map_err(fail)?;
    let shares = app.documents.shares_of_case(scope, case).await.map_err(fail)?;
    let open = shares.into_iter().filter(|share| !share.ended);
    let row = |share: Share| {
        let document = documents.iter().find(|document| document.id == share.document)?;
        // An earlier version may have other pages than the latest, which is the one known here.
        let version = share.version.filter(|_| !share.later_versions);
        let is_latest = version.is_none_or(|version| version == document.version.number);
        let total = document.version.pages_total.filter(|_| is_latest);
        let total = total.and_then(|total| u32::try_from(total).ok());
        let pages = total.map(|total| u32::try_from(share.pages.within(total).len()).unwrap_or(0));
        Some(rows::row_of_share(language, document.title.clone(), pages, &share))
    };
    Ok(open.filter_map(row).collect())
}
