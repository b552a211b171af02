//! The hearings of a case.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::fields::{Sent, day, is_slip, refused, rupees, text, time, word};
use super::rows::{choices, row, warning};
use crate::app::App;
use crate::hearings::{
    Adjourned, AdjournedBy, Claim, ClaimDecision, Details, HearingError, HearingOutcome,
    HearingQuery, Held, ListType, NewHearing, Next, adjourned_counts, reasons,
};
use crate::kernel::permission::permit::{ReadCases, WorkOnCases};
use crate::kernel::{CaseId, HearingClaimId, HearingId};
use crate::web::Area;
use crate::web::cases::CaseTab;
use crate::web::hearings::{CaseHearingsPage, ClaimRow, HearingRow, Typed, page_of};
use crate::web::page::render;
use crate::web::routes::{Allowed, Failure, Form, Viewer};
use crate::web::show::Day;

/// How many of the hearings that were have forms, so that the last ones can be corrected.
const WITH_FORMS: usize = 2;

pub(in crate::web) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(id): Path<CaseId>,
) -> Result<CaseHearingsPage, Failure> {
    page(&app, &viewer, id, Typed::default()).await
}

/// The page, with what was typed into a form that was refused.
async fn page(
    app: &App,
    viewer: &Viewer,
    id: CaseId,
    typed: Typed,
) -> Result<CaseHearingsPage, Failure> {
    let scope = viewer.scope();
    let tabs = viewer.case_tabs(app, id, CaseTab::Hearings).await?;
    if !scope.opens(id) {
        return Err(viewer.not_found());
    }
    let fail = |error: HearingError| viewer.failure(error);
    let today = app.hearings.today();
    let asked = HearingQuery {
        case: Some(id),
        latest_first: true,
        withdrawn: true,
        limit: 1_000,
        ..HearingQuery::default()
    };
    let found = app.hearings.list(scope, asked).await.map_err(|error| fail(error.into()))?;
    let changes = app.hearings.changes(scope, id).await.map_err(fail)?;
    let claims = app.hearings.claims(scope, Some(id)).await.map_err(fail)?;
    let warnings = app.date_warnings(scope, Some(id)).await;
    let warnings = warnings.map_err(|error| fail(error.into()))?;
    let history = adjourned_counts(&found).words();
    let rows = found.into_iter().map(|hearing| row(hearing, &changes, today));
    let (withdrawn, rows): (Vec<_>, Vec<_>) = rows.partition(|row| row.withdrawn.is_some());
    let is_coming = |row: &HearingRow| row.day.0 >= today && !row.held;
    let (mut coming, mut past): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_coming);
    coming.reverse();
    for row in &mut coming {
        row.forms = true;
    }
    for (at, row) in past.iter_mut().enumerate() {
        row.forms = at < WITH_FORMS || !row.held;
    }
    let capital = |words: String| crate::web::routes::viewer::sentence(&words);
    Ok(CaseHearingsPage {
        layout: viewer.layout(format!("Hearings: {}", tabs.case.title), Area::Cases),
        tabs,
        coming,
        past,
        withdrawn,
        history: if history.is_empty() { history } else { capital(history) },
        warnings: warnings.into_iter().map(warning).collect(),
        claims: claims.into_iter().map(claim_row).collect(),
        works: scope.works_on(id),
        typed,
        outcomes: choices(HearingOutcome::ALL.iter().map(|one| (one.as_str(), one.words()))),
        adjourned_by: choices(AdjournedBy::ALL.iter().map(|one| (one.as_str(), one.words()))),
        reasons: choices(reasons().iter().map(|one| (one.key.as_str(), one.words.as_str()))),
        lists: choices(ListType::ALL.iter().map(|one| (one.as_str(), one.words()))),
    })
}

fn claim_row(claim: Claim) -> ClaimRow {
    let quote = claim.claimed.source.and_then(|source| source.quote).or(claim.claimed.quote);
    ClaimRow {
        id: claim.id,
        known: Day(claim.known_date),
        known_by: claim.known_kind.words(),
        other: Day(claim.claimed.on_date),
        other_by: claim.claimed.source_kind.words(),
        quote,
    }
}

/// Leads back to the page when something was done, and otherwise shows it with what was
/// typed.
async fn done<T>(
    app: &App,
    viewer: &Viewer,
    case: CaseId,
    (form, sent): (String, Sent),
    done: Result<T, HearingError>,
) -> Result<Response, Failure> {
    match done {
        Ok(_) => Ok(Redirect::to(&page_of(case)).into_response()),
        Err(error) if is_slip(&error) => {
            let page = page(app, viewer, case, refused(form, sent, &error)).await?;
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

fn new_hearing(sent: &Sent) -> Result<NewHearing, HearingError> {
    let on = day(sent, "on_date")?.ok_or(HearingError::Unfit("enter the day of the hearing"))?;
    Ok(NewHearing {
        starts_at: time(sent, "starts_at")?,
        bench: text(sent, "bench"),
        court_hall: text(sent, "court_hall"),
        item: text(sent, "item"),
        list_type: word(sent, "list_type")?,
        stage: text(sent, "stage"),
        purpose: text(sent, "purpose"),
        note: text(sent, "note"),
        ..NewHearing::on(on)
    })
}

pub(in crate::web) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<CaseId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    let added = match new_hearing(&sent) {
        Ok(new) => app.hearings.add(viewer.scope(), id, new).await,
        Err(error) => Err(error),
    };
    done(&app, &viewer, id, ("add".to_owned(), sent), added).await
}

/// The case of a hearing the viewer may see.
async fn case_of(app: &App, viewer: &Viewer, id: HearingId) -> Result<CaseId, Failure> {
    let found = app.hearings.find(viewer.scope(), id).await;
    Ok(found.map_err(|error| viewer.failure(error))?.case_id)
}

/// How often the hearing was changed when its form was shown.
fn read(sent: &Sent) -> Option<i64> {
    text(sent, "read")?.parse().ok()
}

fn held(sent: &Sent) -> Result<Held, HearingError> {
    let outcome = word(sent, "outcome")?.ok_or(HearingError::Unfit("choose how it went"))?;
    let by: Option<AdjournedBy> = word(sent, "adjourned_by")?;
    let adjourned = by.map(|by| Adjourned {
        by,
        reason: text(sent, "adjourned_reason"),
        words: text(sent, "adjourned_words"),
    });
    let next = day(sent, "next_date")?.map(|on_date| Next {
        on_date,
        starts_at: None,
        purpose: text(sent, "next_purpose"),
        source: None,
    });
    Ok(Held {
        outcome,
        mentioned: text(sent, "mentioned").is_some(),
        appeared_ours: text(sent, "appeared_ours"),
        appeared_theirs: text(sent, "appeared_theirs"),
        adjourned,
        costs: rupees(sent, "costs")?,
        note: text(sent, "note"),
        stage: text(sent, "stage"),
        next,
        read: read(sent),
    })
}

pub(in crate::web) async fn outcome(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<HearingId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    let case = case_of(&app, &viewer, id).await?;
    let entered = match held(&sent) {
        Ok(held) => app.hearings.record_outcome(viewer.scope(), id, held).await,
        Err(error) => Err(error),
    };
    done(&app, &viewer, case, (format!("outcome-{id}"), sent), entered).await
}

fn details(sent: &Sent) -> Result<Details, HearingError> {
    Ok(Details {
        on_date: day(sent, "on_date")?,
        reason: text(sent, "reason"),
        source: None,
        starts_at: time(sent, "starts_at")?,
        bench: text(sent, "bench"),
        court_hall: text(sent, "court_hall"),
        item: text(sent, "item"),
        list_type: word(sent, "list_type")?,
        stage: text(sent, "stage"),
        purpose: text(sent, "purpose"),
        note: text(sent, "note"),
        read: read(sent),
    })
}

pub(in crate::web) async fn change(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<HearingId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    let case = case_of(&app, &viewer, id).await?;
    let changed = match details(&sent) {
        Ok(details) => app.hearings.change(viewer.scope(), id, details).await,
        Err(error) => Err(error),
    };
    done(&app, &viewer, case, (format!("change-{id}"), sent), changed).await
}

pub(in crate::web) async fn withdraw(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<HearingId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    let case = case_of(&app, &viewer, id).await?;
    let reason = text(&sent, "reason").unwrap_or_default();
    let withdrawn = app.hearings.withdraw(viewer.scope(), id, &reason).await;
    done(&app, &viewer, case, (format!("withdraw-{id}"), sent), withdrawn).await
}

pub(in crate::web) async fn decide(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<HearingClaimId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    let fail = |error: HearingError| viewer.failure(error);
    let open = app.hearings.claims(viewer.scope(), None).await.map_err(fail)?;
    let Some(claim) = open.iter().find(|claim| claim.id == id) else {
        // Somebody may have decided; otherwise it is not there.
        let refused = app.hearings.decide_claim(viewer.scope(), id, ClaimDecision::Refused).await;
        return match refused {
            Ok(()) => Ok(Redirect::to("/diary").into_response()),
            Err(error) => Err(fail(error)),
        };
    };
    let decision: Option<ClaimDecision> = word(&sent, "decision").map_err(fail)?;
    let decision = decision.ok_or_else(|| fail(HearingError::Unfit("choose which day holds")))?;
    app.hearings.decide_claim(viewer.scope(), id, decision).await.map_err(fail)?;
    Ok(Redirect::to(&page_of(claim.case_id)).into_response())
}
