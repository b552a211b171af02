//! What stands on the chamber's papers.

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::super::viewer::Viewer;
use super::super::{Allowed, Failure, Form};
use super::forms::{Fields, mendable, number, refused, text};
use super::rows::choice;
use crate::app::App;
use crate::billing::gst::SupplierKind;
use crate::billing::{BillingError, Profile};
use crate::kernel::permission::permit::SetChamber;
use crate::kernel::tax_ids::STATES;
use crate::web::Area;
use crate::web::billing::{ChamberPage, Typed};
use crate::web::page::Flash;

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetChamber>,
) -> Result<ChamberPage, Failure> {
    let profile = app.billing.profile(viewer.scope()).await;
    let profile = profile.map_err(|error| viewer.failure(error))?;
    Ok(page(&viewer, profile.map_or_else(beginning, typed)))
}

fn page(viewer: &Viewer, typed: Typed) -> ChamberPage {
    ChamberPage {
        layout: viewer.layout("Chamber details", Area::ChamberDetails),
        typed,
        kinds: SupplierKind::ALL.map(|kind| choice(kind.as_str(), kind.words())).to_vec(),
        states: STATES.map(|(code, name)| choice(code, format!("{code} {name}"))).to_vec(),
    }
}

/// What the form has before anybody filled it in.
fn beginning() -> Typed {
    Typed::of([("terms_days", "30".to_owned()), ("supplier_kind", "firm".to_owned())])
}

fn typed(profile: Profile) -> Typed {
    let or = Option::unwrap_or_default;
    Typed::of([
        ("supplier_kind", profile.supplier_kind.as_str().to_owned()),
        ("legal_name", profile.legal_name),
        ("trade_name", or(profile.trade_name)),
        ("address", profile.address),
        ("state_code", profile.state_code),
        ("gstin", or(profile.gstin)),
        ("pan", or(profile.pan)),
        ("enrolment", or(profile.enrolment)),
        ("email", or(profile.email)),
        ("phone", or(profile.phone)),
        ("bank_holder", or(profile.bank_holder)),
        ("bank_name", or(profile.bank_name)),
        ("bank_account", or(profile.bank_account)),
        ("bank_ifsc", or(profile.bank_ifsc)),
        ("upi", or(profile.upi)),
        ("prefix", profile.prefix),
        ("terms_days", profile.terms_days.to_string()),
        ("round_to_rupee", if profile.round_to_rupee { "yes" } else { "" }.to_owned()),
        ("signature", or(profile.signature)),
        ("notes", or(profile.notes)),
    ])
}

fn read(form: &Fields) -> Result<Profile, BillingError> {
    let words = |name: &str| text(form, name).unwrap_or_default();
    Ok(Profile {
        supplier_kind: SupplierKind::parse(&words("supplier_kind")).ok_or_else(|| {
            let why = "choose what the chamber is".to_owned();
            BillingError::Field { field: "supplier_kind", why }
        })?,
        legal_name: words("legal_name"),
        trade_name: text(form, "trade_name"),
        address: words("address").replace("\r\n", "\n"),
        state_code: words("state_code"),
        gstin: text(form, "gstin"),
        pan: text(form, "pan"),
        enrolment: text(form, "enrolment"),
        email: text(form, "email"),
        phone: text(form, "phone"),
        bank_holder: text(form, "bank_holder"),
        bank_name: text(form, "bank_name"),
        bank_account: text(form, "bank_account"),
        bank_ifsc: text(form, "bank_ifsc"),
        upi: text(form, "upi"),
        prefix: words("prefix"),
        terms_days: number(form, "terms_days")?.unwrap_or(0),
        round_to_rupee: text(form, "round_to_rupee").is_some(),
        signature: text(form, "signature"),
        notes: text(form, "notes"),
    })
}

pub(super) async fn set(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetChamber>,
    Form(form): Form<Fields>,
) -> Result<Response, Failure> {
    let set = match read(&form) {
        Ok(profile) => app.billing.set_profile(viewer.scope(), profile).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => {
            let mut page = page(&viewer, Typed::refused(&form, None));
            let text = "Papers say so from now on.".to_owned();
            page.layout = page.layout.with_flash(Some(Flash { done: true, text }));
            Ok(page.into_response())
        }
        Err(error) => {
            let wrong = mendable(&viewer, error)?;
            Ok(refused(page(&viewer, Typed::refused(&form, Some(wrong)))))
        }
    }
}
