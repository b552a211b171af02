//! The list of bills, and drafts.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::super::viewer::{Nothing, Viewer};
use super::super::{Allowed, Failure, Form};
use super::forms::{Fields, mendable, needed, number, percent, refused, rupees, text};
use super::issued::issued_page;
use super::rows::{self, choice};
use crate::api::billing::charge;
use crate::app::App;
use crate::billing::gst::sacs;
use crate::billing::{
    Billing, BillingError, Draft, Invoices, Line, LineAct, LineKind, NewDraft, NewLine, Totals,
    in_words,
};
use crate::fees::{Charge, ChargeId};
use crate::kernel::permission::permit::{KeepBooks, ReadBilling};
use crate::kernel::tax_ids::state_name;
use crate::kernel::{InvoiceId, InvoiceLineId, Paise, Permission, day_in_india};
use crate::paper;
use crate::web::Area;
use crate::web::billing::{BillLine, BillPage, DraftSide, InvoicesPage, Typed};
use crate::web::parts::CaseRef;
use crate::web::show::Day;

/// How many bills the list shows; older ones are found by client and by case.
const SHOWN: usize = 500;

pub(super) async fn list(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
) -> Result<InvoicesPage, Failure> {
    list_page(&app, &viewer, None).await
}

async fn list_page(
    app: &App,
    viewer: &Viewer,
    problem: Option<String>,
) -> Result<InvoicesPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: BillingError| viewer.failure(error);
    let today = day_in_india(app.clock.now());
    let asked = Invoices { cancelled: true, ..Invoices::default() };
    let invoices = app.billing.invoices(scope, asked).await.map_err(fail)?;
    let drafts = app.billing.drafts(scope, None).await.map_err(fail)?;
    let keeps = scope.may(Permission::KeepBooks);
    let mut subjects = Vec::new();
    if keeps {
        let cases = app.cases.names(scope).await.map_err(|error| viewer.failure(error))?;
        let with_client = cases.into_iter().filter(|case| case.client_id.is_some());
        subjects.extend(with_client.map(|case| choice(format!("case:{}", case.id), case.title)));
        let clients = app.clients.list(scope).await.map_err(|error| viewer.failure(error))?;
        subjects.extend(clients.into_iter().map(|client| {
            choice(format!("client:{}", client.id), format!("Client: {}", client.name))
        }));
    }
    Ok(InvoicesPage {
        layout: viewer.layout("Invoices", Area::Money),
        problem,
        keeps,
        invoices: invoices.into_iter().take(SHOWN).map(|one| rows::bill(one, today)).collect(),
        drafts: drafts.into_iter().map(rows::draft).collect(),
        subjects,
    })
}

fn bill(id: InvoiceId) -> Response {
    Redirect::to(&format!("/money/invoices/{id}")).into_response()
}

pub(super) async fn begin(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepBooks>,
    Form(form): Form<Fields>,
) -> Result<Response, Failure> {
    let subject = text(&form, "for").unwrap_or_default();
    let mut new = NewDraft { all_charges: text(&form, "all").is_some(), ..NewDraft::default() };
    match subject.split_once(':') {
        Some(("case", id)) => new.case = id.parse().ok(),
        Some(("client", id)) => new.client = id.parse().ok(),
        _ => {}
    }
    match app.billing.begin_draft(viewer.scope(), new).await {
        Ok(id) => Ok(bill(id)),
        Err(error) => {
            let (_, why) = mendable(&viewer, error)?;
            Ok(refused(list_page(&app, &viewer, Some(why)).await?))
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Path(id): Path<InvoiceId>,
) -> Result<BillPage, Failure> {
    page(&app, &viewer, id, (Typed::default(), None)).await
}

/// The page of a bill, with what was typed into its forms and what was wrong with it.
pub(super) async fn page(
    app: &App,
    viewer: &Viewer,
    id: InvoiceId,
    (typed, problem): (Typed, Option<String>),
) -> Result<BillPage, Failure> {
    let scope = viewer.scope();
    let is_draft = app.billing.is_draft(scope, id).await;
    if !is_draft.map_err(|error| viewer.failure(error))? {
        return issued_page(app, viewer, id, (typed, problem)).await;
    }
    let draft = app.billing.draft(scope, id).await.map_err(|error| viewer.failure(error))?;
    let charges = match draft.case_id {
        Some(case) if scope.may(Permission::KeepBooks) => {
            let found = app.fees.charges(scope, case).await;
            found.map_err(|error| viewer.failure(error))?
        }
        _ => Vec::new(),
    };
    let keeps = scope.may(Permission::KeepBooks);
    let typed = typed.or("on", day_in_india(app.clock.now()).to_string());
    Ok(draft_page(viewer, draft, charges, (typed, problem), keeps))
}

fn draft_page(
    viewer: &Viewer,
    draft: Draft,
    charges: Vec<Charge>,
    (typed, problem): (Typed, Option<String>),
    keeps: bool,
) -> BillPage {
    let (sum, doubts) = (draft.sum(), draft.doubts());
    let Draft { id, case_id, case_title, recipient, note, terms_days, lines, reckoned, .. } = draft;
    let (reckoned, missing) = match reckoned {
        Ok(reckoned) => (Some(reckoned), Vec::new()),
        Err(missing) => (None, missing),
    };
    let mut shown: Vec<BillLine> = lines.into_iter().map(line).collect();
    for (line, (decision, tax)) in shown.iter_mut().zip(reckoned.iter().flat_map(|one| &one.lines))
    {
        line.gst = Some(decision.treatment.words());
        line.tax = (tax.sum() != Paise(0)).then(|| tax.sum().to_string());
    }
    let total = reckoned.as_ref().map_or(sum, |one| one.totals.total);
    let terms = terms_days.map(|days| days.to_string());
    let typed = typed.or("terms_days", terms.unwrap_or_default());
    let typed = typed.or("note", note.clone().unwrap_or_default());
    let charges = charges.into_iter().map(|charge| {
        let Charge { id, description, amount, on, .. } = charge;
        (charge_value(id), format!("{description}, {}", Day(on)), amount.to_string())
    });
    let kinds = LineKind::ALL.into_iter().filter(|kind| *kind != LineKind::ModelCost);
    BillPage {
        layout: viewer.layout(format!("Draft for {}", recipient.name), Area::Money),
        problem,
        id,
        number: None,
        kind: reckoned.as_ref().map(|one| one.kind.words()),
        account: Billing::sees_accounts(viewer.scope()).then_some(recipient.client_id),
        client: recipient.name,
        case: case_id.zip(case_title).map(|(id, title)| CaseRef { id, title }),
        lines: shown,
        sums: reckoned.as_ref().map(|one| sums(&one.totals)).unwrap_or_default(),
        total: total.to_string(),
        words: in_words(total),
        reasons: reckoned.as_ref().map(|one| one.reasons.clone()).unwrap_or_default(),
        reverse: reckoned.as_ref().is_some_and(|one| one.reverse_charge),
        place: reckoned.as_ref().map(|one| one.place.words()),
        note,
        keeps,
        draft: Some(DraftSide {
            missing,
            doubts,
            charges: charges.collect(),
            kinds: kinds.map(|kind| choice(kind.as_str(), kind.words())).collect(),
            sacs: sacs_first(),
        }),
        issued: None,
        typed,
    }
}

/// The classes of services, the common one first.
fn sacs_first() -> Vec<crate::web::parts::Choice> {
    let mut all: Vec<_> = sacs().iter().collect();
    all.sort_by_key(|sac| sac.code != crate::billing::COMMON_SAC);
    all.into_iter().map(|sac| choice(&sac.code, format!("{} {}", sac.code, sac.words))).collect()
}

pub(super) fn sums(totals: &Totals) -> Vec<(&'static str, String)> {
    let all = [
        ("Taxable value", totals.taxable),
        ("Value not taxed", totals.untaxed),
        ("Reimbursements", totals.outside),
        ("CGST", totals.tax.cgst),
        ("SGST / UTGST", totals.tax.sgst),
        ("IGST", totals.tax.igst),
        ("Rounded off", totals.round_off),
    ];
    let some = all.into_iter().filter(|(_, paise)| *paise != Paise(0));
    some.map(|(what, paise)| (what, paise.to_string())).collect()
}

pub(super) fn line(line: Line) -> BillLine {
    let own = line.is_own();
    let tax = line.decided.as_ref().map(|decided| decided.tax.sum());
    BillLine {
        id: line.id,
        kind: line.kind.words(),
        description: line.description,
        sac: if line.pure_agent { String::new() } else { line.sac },
        amount: line.amount.to_string(),
        gst: line.decided.as_ref().map(|decided| decided.treatment.words()),
        tax: tax.filter(|tax| *tax != Paise(0)).map(|tax| tax.to_string()),
        typed: own.then(|| paper::rupees(Paise(line.amount.0.abs()))),
    }
}

/// A State as pages name it.
pub(super) fn state(code: &str) -> String {
    format!("{code} {}", state_name(code).unwrap_or_default())
}

fn charge_value(id: ChargeId) -> String {
    match id {
        ChargeId::Time(id) => format!("time:{id}"),
        ChargeId::Fee(id) => format!("fee:{id}"),
        ChargeId::Expense(id) => format!("expense:{id}"),
    }
}

/// Leads back to the bill when something was done to it, and otherwise shows it with what
/// was wrong beside its field.
pub(super) async fn done<T>(
    app: &App,
    viewer: &Viewer,
    (id, form): (InvoiceId, &Fields),
    done: Result<T, BillingError>,
) -> Result<Response, Failure> {
    let Err(error) = done else { return Ok(bill(id)) };
    let (field, why) = mendable(viewer, error)?;
    let typed = Typed::refused(form, Some((field, why.clone())));
    Ok(refused(page(app, viewer, id, (typed, Some(why))).await?))
}

/// As [`done`], for one of several forms of the page with fields of the same names.
pub(super) async fn done_in<T>(
    app: &App,
    viewer: &Viewer,
    (id, form, name): (InvoiceId, &Fields, &str),
    done: Result<T, BillingError>,
) -> Result<Response, Failure> {
    let Err(error) = done else { return Ok(bill(id)) };
    let (field, why) = mendable(viewer, error)?;
    let typed = Typed::refused(form, Some((field, why.clone()))).of_form(name);
    Ok(refused(page(app, viewer, id, (typed, Some(why))).await?))
}

fn new_line(form: &Fields) -> Result<NewLine, BillingError> {
    let kind = text(form, "kind").and_then(|kind| LineKind::parse(&kind));
    Ok(NewLine {
        kind: kind.unwrap_or(LineKind::Fee),
        description: text(form, "description").unwrap_or_default(),
        amount: needed(form, "amount")?,
        sac: text(form, "sac"),
        pure_agent: text(form, "taxable").map(|_| false),
    })
}

pub(super) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepBooks>,
    Path(id): Path<InvoiceId>,
    Form(form): Form<Fields>,
) -> Result<Response, Failure> {
    let more = match text(&form, "charge").and_then(|text| charge(&text)) {
        Some(charge) => Ok((vec![charge], Vec::new())),
        None => new_line(&form).map(|line| (Vec::new(), vec![line])),
    };
    let added = match more {
        Ok(more) => app.billing.add_to_draft(viewer.scope(), id, more).await,
        Err(error) => Err(error),
    };
    done(&app, &viewer, (id, &form), added).await
}

fn act(form: &Fields) -> Result<LineAct, BillingError> {
    Ok(match form.get("act").map(String::as_str) {
        Some("up") => LineAct::Up,
        Some("down") => LineAct::Down,
        Some("remove") => LineAct::Remove,
        _ => LineAct::Change {
            description: text(form, "description").unwrap_or_default(),
            amount: rupees(form, "amount")?,
        },
    })
}

pub(super) async fn change(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepBooks>,
    Path((id, line)): Path<(InvoiceId, InvoiceLineId)>,
    Form(form): Form<Fields>,
) -> Result<Response, Failure> {
    let changed = match act(&form) {
        Ok(act) => app.billing.change_line(viewer.scope(), (id, line), act).await,
        Err(error) => Err(error),
    };
    done(&app, &viewer, (id, &Fields::new()), changed).await
}

pub(super) async fn clerkage(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepBooks>,
    Path(id): Path<InvoiceId>,
    Form(form): Form<Fields>,
) -> Result<Response, Failure> {
    let added = match percent(&form, "percent") {
        Ok(points) => app.billing.add_clerkage(viewer.scope(), id, points).await,
        Err(error) => Err(error),
    };
    done(&app, &viewer, (id, &form), added).await
}

pub(super) async fn terms(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepBooks>,
    Path(id): Path<InvoiceId>,
    Form(form): Form<Fields>,
) -> Result<Response, Failure> {
    let set = match number(&form, "terms_days") {
        Ok(days) => app.billing.set_draft(viewer.scope(), id, (text(&form, "note"), days)).await,
        Err(error) => Err(error),
    };
    done(&app, &viewer, (id, &form), set).await
}

pub(super) async fn delete(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepBooks>,
    Path(id): Path<InvoiceId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let deleted = app.billing.delete_draft(viewer.scope(), id).await;
    deleted.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/money/invoices"))
}
