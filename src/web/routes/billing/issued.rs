//! Bills that are issued: their file, what pays them, what takes them back.

use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;

use super::super::viewer::Viewer;
use super::super::{Allowed, Failure, Form};
use super::bills::{done, done_in, line, page, state, sums};
use super::forms::{Fields, day, mendable, mode, needed, refused, rupees, text};
use super::rows::modes;
use crate::api::billing::papers::pdf;
use crate::app::App;
use crate::billing::{
    Billing, BillingError, Issue, IssuedDetail, NewCredit, NewPayment, Settled, in_words,
};
use crate::kernel::permission::permit::{KeepBooks, ReadBilling};
use crate::kernel::{CreditNoteId, InvoiceId, Paise, PaymentId, Permission, day_in_india};
use crate::web::Area;
use crate::web::billing::{BillPage, CreditRow, IssuedSide, SettledRow, Typed};
use crate::web::parts::CaseRef;
use crate::web::show::Day;

/// The page of an issued bill.
pub(super) async fn issued_page(
    app: &App,
    viewer: &Viewer,
    id: InvoiceId,
    (typed, problem): (Typed, Option<String>),
) -> Result<BillPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: BillingError| viewer.failure(error);
    let detail = app.billing.issued(scope, id).await.map_err(fail)?;
    let accounts = Billing::sees_accounts(scope);
    let keeps = scope.may(Permission::KeepBooks);
    let held = if accounts && keeps {
        app.billing.ledger(scope, detail.invoice.client_id).await.map_err(fail)?.balance
    } else {
        Paise(0)
    };
    let today = day_in_india(app.clock.now());
    let sums = sums(&detail.totals());
    let IssuedDetail { invoice, lines, settled, credits, sha256, .. } = detail;
    let open = if invoice.cancelled { Paise(0) } else { invoice.outstanding() };
    let mut reasons: Vec<String> = Vec::new();
    for decided in lines.iter().filter_map(|line| line.decided.as_ref()) {
        if !reasons.contains(&decided.reason) {
            reasons.push(decided.reason.clone());
        }
    }
    let value: Paise = lines.iter().filter(|line| !line.pure_agent).map(|line| line.amount).sum();
    Ok(BillPage {
        layout: viewer.layout(invoice.number.clone(), Area::Money),
        problem,
        id,
        number: Some(invoice.number.clone()),
        kind: invoice.kind.map(crate::billing::PaperKind::words),
        account: accounts.then_some(invoice.client_id),
        client: invoice.client_name.clone(),
        case: invoice
            .case_id
            .zip(invoice.case_title.clone())
            .map(|(id, title)| CaseRef { id, title }),
        lines: lines.into_iter().map(line).collect(),
        sums,
        total: invoice.total.to_string(),
        words: in_words(invoice.total),
        reasons,
        reverse: detail.reverse_charge,
        place: detail.place_of_supply.as_deref().map(state),
        note: detail.note,
        keeps,
        draft: None,
        issued: Some(IssuedSide {
            on: Day(invoice.issued_on),
            due: invoice.due_on.map(Day),
            overdue: invoice.payable_on() < today && open > Paise(0),
            outstanding: open.to_string(),
            open: open > Paise(0),
            cancelled: invoice.cancelled.then(|| detail.cancel_reason.unwrap_or_default()),
            has_paper: sha256.is_some(),
            settled: settled.into_iter().map(settled_row).collect(),
            credits: credits
                .into_iter()
                .map(|note| CreditRow {
                    id: note.id,
                    number: note.number,
                    on: Day(note.on),
                    reason: note.reason,
                    amount: note.amount.to_string(),
                })
                .collect(),
            held: (held > Paise(0)).then(|| held.to_string()),
            modes: modes(),
            tds_hint: format!(
                "Left empty, none. It is reckoned on the value without GST, here {value} (CBDT \
                 circular 23/2017†)."
            ),
            key: PaymentId::new().to_string(),
        }),
        typed: typed.or("received_on", today.to_string()),
    })
}

fn settled_row(settled: Settled) -> SettledRow {
    let what = match (settled.receipt, settled.from_ledger) {
        (Some(number), _) => format!("receipt {number}"),
        (None, true) => "from the client's money".to_owned(),
        (None, false) => String::new(),
    };
    SettledRow {
        on: Day(settled.on),
        what,
        amount: settled.amount.to_string(),
        tds: settled.tds.to_string(),
    }
}

pub(super) async fn paper(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Path(id): Path<InvoiceId>,
) -> Result<Response, Failure> {
    match app.billing.paper(viewer.scope(), id).await {
        Ok(kept) => {
            let details = json!({ "invoice": id });
            let recorded = app.audit.viewed(viewer.scope(), "invoice.paper.view", details).await;
            recorded.map_err(|error| viewer.failure(error))?;
            Ok(pdf(&kept.number, kept.bytes))
        }
        Err(error) => {
            let (_, why) = mendable(&viewer, error)?;
            Ok(refused(page(&app, &viewer, id, (Typed::default(), Some(why))).await?))
        }
    }
}

pub(super) async fn credit_paper(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Path(id): Path<CreditNoteId>,
) -> Result<Response, Failure> {
    let kept = app.billing.credit_paper(viewer.scope(), id).await;
    let kept = kept.map_err(|error| viewer.failure(error))?;
    Ok(pdf(&kept.number, kept.bytes))
}

pub(super) async fn issue(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepBooks>,
    Path(id): Path<InvoiceId>,
    Form(form): Form<Fields>,
) -> Result<Response, Failure> {
    let how = day(&form, "on").and_then(|on| Ok(Issue { on, due_on: day(&form, "due_on")? }));
    let issued = match how {
        Ok(how) => app.billing.issue(viewer.scope(), id, how).await,
        Err(error) => Err(error),
    };
    done(&app, &viewer, (id, &form), issued).await
}

pub(super) async fn pay(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepBooks>,
    Path(id): Path<InvoiceId>,
    Form(form): Form<Fields>,
) -> Result<Response, Failure> {
    let paid = pay_one(&app, &viewer, id, &form).await;
    done(&app, &viewer, (id, &form), paid).await
}

/// Puts a payment on a bill as far as it is open; what is more is the client's money.
async fn pay_one(
    app: &App,
    viewer: &Viewer,
    id: InvoiceId,
    form: &Fields,
) -> Result<PaymentId, BillingError> {
    let (amount, tds) = (needed(form, "amount")?, rupees(form, "tds")?.unwrap_or_default());
    let invoice = app.billing.issued(viewer.scope(), id).await?.invoice;
    let mut new = NewPayment {
        received_on: day(form, "received_on")?,
        mode: mode(form),
        reference: text(form, "reference"),
        key: text(form, "key"),
        ..NewPayment::on(invoice.client_id, id, amount, tds)
    };
    for part in &mut new.parts {
        let open = (invoice.outstanding().0 - tds.0).max(0);
        part.amount = Paise(amount.0.min(open));
    }
    app.billing.enter_payment(viewer.scope(), new).await
}

pub(super) async fn advance(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepBooks>,
    Path(id): Path<InvoiceId>,
    Form(form): Form<Fields>,
) -> Result<Response, Failure> {
    let consent = text(&form, "consent").unwrap_or_default();
    let key = text(&form, "key");
    let applied = match needed(&form, "amount") {
        Ok(amount) => {
            let how = (amount, consent.as_str(), key.as_deref());
            app.billing.apply_advance(viewer.scope(), id, how).await
        }
        Err(error) => Err(error),
    };
    done_in(&app, &viewer, (id, &form, "advance"), applied).await
}

pub(super) async fn credit(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepBooks>,
    Path(id): Path<InvoiceId>,
    Form(form): Form<Fields>,
) -> Result<Response, Failure> {
    let reason = text(&form, "reason").unwrap_or_default();
    let release = text(&form, "release").is_some();
    let credited = match needed(&form, "amount") {
        Ok(amount) => {
            let key = text(&form, "key").and_then(|key| key.parse().ok());
            let new = NewCredit { amount, reason, on: None, release, id: key };
            app.billing.credit(viewer.scope(), id, new).await
        }
        Err(error) => Err(error),
    };
    done_in(&app, &viewer, (id, &form, "credit"), credited).await
}
