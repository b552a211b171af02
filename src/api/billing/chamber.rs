//! What stands on the chamber's papers.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::caller::May;
use crate::api::extract::Json;
use crate::api::problem::Problem;
use crate::app::App;
use crate::billing::Profile;
use crate::billing::gst::SupplierKind;
use crate::kernel::permission::permit::{ReadBilling, SetChamber};

/// The chamber on paper.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChamberDetails)]
pub(super) struct ChamberView {
    /// What the tax law sees in it.
    supplier_kind: SupplierKind,
    /// The name in law.
    #[schema(max_length = 200)]
    legal_name: String,
    /// The name it goes by, where that is another.
    trade_name: Option<String>,
    /// Where it is.
    #[schema(max_length = 500)]
    address: String,
    /// The State, as two digits of a GSTIN.
    #[schema(example = "07")]
    state_code: String,
    /// Its GSTIN; none where it is not registered.
    gstin: Option<String>,
    /// Its PAN.
    pan: Option<String>,
    /// The number under which the advocate is enrolled.
    enrolment: Option<String>,
    /// Where to write.
    email: Option<String>,
    /// Where to call.
    phone: Option<String>,
    /// Whose the bank account is.
    bank_holder: Option<String>,
    /// The bank and branch.
    bank_name: Option<String>,
    /// The number of the account.
    bank_account: Option<String>,
    /// The IFSC of the branch.
    bank_ifsc: Option<String>,
    /// The UPI id that the code on invoices pays to.
    upi: Option<String>,
    /// What the numbers of papers begin with: one to four letters or digits.
    #[schema(example = "MR")]
    prefix: String,
    /// Days to pay, 365 at most.
    terms_days: u32,
    /// Whether bills are rounded to the rupee.
    round_to_rupee: bool,
    /// What stands over the place to sign.
    signature: Option<String>,
    /// What stands at the foot of every bill.
    notes: Option<String>,
}

impl From<Profile> for ChamberView {
    fn from(profile: Profile) -> Self {
        let Profile {
            supplier_kind,
            legal_name,
            trade_name,
            address,
            state_code,
            gstin,
            pan,
            enrolment,
            email,
            phone,
            bank_holder,
            bank_name,
            bank_account,
            bank_ifsc,
            upi,
            prefix,
            terms_days,
            round_to_rupee,
            signature,
            notes,
        } = profile;
        Self {
            supplier_kind,
            legal_name,
            trade_name,
            address,
            state_code,
            gstin,
            pan,
            enrolment,
            email,
            phone,
            bank_holder,
            bank_name,
            bank_account,
            bank_ifsc,
            upi,
            prefix,
            terms_days,
            round_to_rupee,
            signature,
            notes,
        }
    }
}

impl From<ChamberView> for Profile {
    fn from(view: ChamberView) -> Self {
        let ChamberView {
            supplier_kind,
            legal_name,
            trade_name,
            address,
            state_code,
            gstin,
            pan,
            enrolment,
            email,
            phone,
            bank_holder,
            bank_name,
            bank_account,
            bank_ifsc,
            upi,
            prefix,
            terms_days,
            round_to_rupee,
            signature,
            notes,
        } = view;
        Self {
            supplier_kind,
            legal_name,
            trade_name,
            address,
            state_code,
            gstin,
            pan,
            enrolment,
            email,
            phone,
            bank_holder,
            bank_name,
            bank_account,
            bank_ifsc,
            upi,
            prefix,
            terms_days,
            round_to_rupee,
            signature,
            notes,
        }
    }
}

/// Show the chamber's details
///
/// What stands on its papers; null until an admin said so. For those who may see money.
#[utoipa::path(get, path = "/api/v1/chamber", tag = "billing",
    responses((status = 200, description = "The details.", body = Option<ChamberView>), Problem))]
pub(super) async fn show_chamber(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
) -> Result<Json<Option<ChamberView>>, Problem> {
    Ok(Json(app.billing.profile(&caller.scope).await?.map(ChamberView::from)))
}

/// Set the chamber's details
///
/// Papers that were sent stay as they are. For admins.
#[utoipa::path(put, path = "/api/v1/chamber", tag = "billing", request_body = ChamberView,
    responses((status = 204, description = "They stand on papers from now on."), Problem))]
pub(super) async fn set_chamber(
    State(app): State<App>,
    May(caller, ..): May<SetChamber>,
    Json(body): Json<ChamberView>,
) -> Result<StatusCode, Problem> {
    app.billing.set_profile(&caller.scope, body.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}
