//! Payments.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::caller::May;
use crate::api::extract::{Json, Path, Query};
use crate::api::problem::Problem;
use crate::app::App;
use crate::billing::{Mode, NewPayment, Payment, PaymentPart};
use crate::kernel::permission::permit::{KeepBooks, ReadBilling};
use crate::kernel::{ClientId, InvoiceId, Paise, PaymentId};

/// Which payments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PaymentsQuery {
    /// Of one client.
    client: Option<ClientId>,
}

/// A payment.
#[derive(Serialize, ToSchema)]
#[schema(as = Payment)]
pub(super) struct PaymentView {
    /// Its id.
    id: PaymentId,
    /// The number of its receipt.
    number: String,
    /// Who paid.
    client_id: ClientId,
    /// Their name.
    client_name: String,
    /// The day it came.
    received_on: NaiveDate,
    /// What came.
    amount: Paise,
    /// Tax held back.
    tds: Paise,
    /// How it came.
    mode: Mode,
    /// The number of the transfer or cheque.
    reference: Option<String>,
    /// Anything said of it.
    note: Option<String>,
    /// The day it was taken back.
    reversed_on: Option<NaiveDate>,
    /// Why.
    reversed_reason: Option<String>,
}

impl From<Payment> for PaymentView {
    fn from(payment: Payment) -> Self {
        let Payment {
            id,
            number,
            client_id,
            client_name,
            received_on,
            amount,
            tds,
            mode,
            reference,
            note,
            reversed,
        } = payment;
        let (reversed_on, reversed_reason) = reversed.unzip();
        Self {
            id,
            number,
            client_id,
            client_name,
            received_on,
            amount,
            tds,
            mode,
            reference,
            note,
            reversed_on,
            reversed_reason,
        }
    }
}

/// List the payments
///
/// The latest first, 500 at most. For admins and the books.
#[utoipa::path(get, path = "/api/v1/payments", tag = "billing", params(PaymentsQuery),
    responses((status = 200, description = "The payments.", body = [PaymentView]), Problem))]
pub(super) async fn list_payments(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Query(PaymentsQuery { client }): Query<PaymentsQuery>,
) -> Result<Json<Vec<PaymentView>>, Problem> {
    let found = app.billing.payments(&caller.scope, client).await?;
    Ok(Json(found.into_iter().map(PaymentView::from).collect()))
}

/// A part of a payment, for one bill.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPaymentPart)]
pub(super) struct PartBody {
    /// Which bill.
    invoice_id: InvoiceId,
    /// Money, in paise.
    amount: Paise,
    /// Tax held back.
    #[serde(default)]
    #[schema(required = false)]
    tds: Paise,
}

/// A payment to be entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPayment)]
pub(super) struct PaymentBody {
    /// Who paid.
    client_id: ClientId,
    /// The day it came; today when left out.
    received_on: Option<NaiveDate>,
    /// What came, in paise.
    amount: Paise,
    /// The tax the client held back for the State.
    #[serde(default)]
    #[schema(required = false)]
    tds: Paise,
    /// How it came; by bank transfer when left out.
    #[serde(default)]
    #[schema(required = false)]
    mode: Mode,
    /// The number of the transfer or cheque.
    reference: Option<String>,
    /// Anything to be said of it.
    note: Option<String>,
    /// On which bills; the oldest first when empty. What is more is the client's money.
    #[serde(default)]
    #[schema(required = false)]
    parts: Vec<PartBody>,
    /// A word of the caller's: the same again enters nothing.
    #[schema(max_length = 100)]
    idempotency_key: Option<String>,
}

/// A payment that was entered.
#[derive(Serialize, ToSchema)]
pub(super) struct EnteredPayment {
    /// Its id.
    id: PaymentId,
}

/// Enter a payment
///
/// For those who keep the books.
#[utoipa::path(post, path = "/api/v1/payments", tag = "billing", request_body = PaymentBody,
    responses((status = 201, description = "It is entered.", body = EnteredPayment), Problem))]
pub(super) async fn enter_payment(
    State(app): State<App>,
    May(caller, ..): May<KeepBooks>,
    Json(body): Json<PaymentBody>,
) -> Result<(StatusCode, Json<EnteredPayment>), Problem> {
    let PaymentBody {
        client_id,
        received_on,
        amount,
        tds,
        mode,
        reference,
        note,
        parts,
        idempotency_key,
    } = body;
    let part =
        |PartBody { invoice_id, amount, tds }| PaymentPart { invoice: invoice_id, amount, tds };
    let new = NewPayment {
        client: client_id,
        received_on,
        amount,
        tds,
        mode,
        reference,
        note,
        parts: parts.into_iter().map(part).collect(),
        key: idempotency_key,
    };
    let id = app.billing.enter_payment(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(EnteredPayment { id })))
}

/// Why a payment is taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReversePayment)]
pub(super) struct ReverseBody {
    /// Why: a cheque that bounced, a mistake.
    #[schema(max_length = 500)]
    reason: String,
    /// The day; today when left out.
    on: Option<NaiveDate>,
}

/// Take a payment back
///
/// Counter entries are made and its bills are open again. For those who keep the books.
#[utoipa::path(post, path = "/api/v1/payments/{id}/reverse", tag = "billing",
    request_body = ReverseBody,
    params(("id" = Uuid, Path, description = "The payment.")),
    responses((status = 204, description = "It is taken back."), Problem))]
pub(super) async fn reverse_payment(
    State(app): State<App>,
    May(caller, ..): May<KeepBooks>,
    Path(id): Path<PaymentId>,
    Json(ReverseBody { reason, on }): Json<ReverseBody>,
) -> Result<StatusCode, Problem> {
    app.billing.reverse_payment(&caller.scope, id, (on, &reason)).await?;
    Ok(StatusCode::NO_CONTENT)
}
