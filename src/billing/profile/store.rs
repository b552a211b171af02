//! The statements of what stands on the chamber's papers.

use chrono::{DateTime, Utc};

use super::{Profile, SupplierKind};
use crate::db::{DbError, Tx};
use crate::kernel::{OrganisationId, Scope};
use crate::statement;

#[derive(sqlx::FromRow)]
struct ProfileRow {
    supplier_kind: String,
    legal_name: String,
    trade_name: Option<String>,
    address: String,
    state_code: String,
    gstin: Option<String>,
    pan: Option<String>,
    enrolment: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    bank_holder: Option<String>,
    bank_name: Option<String>,
    bank_account: Option<String>,
    bank_ifsc: Option<String>,
    upi: Option<String>,
    prefix: String,
    terms_days: i64,
    round_to_rupee: bool,
    signature: Option<String>,
    notes: Option<String>,
}

impl ProfileRow {
    fn profile(self) -> Result<Profile, DbError> {
        let kind = SupplierKind::parse(&self.supplier_kind);
        let supplier_kind = kind.ok_or(DbError::Inconsistent {
            table: "chamber_profiles",
            column: "supplier_kind",
            value: self.supplier_kind,
        })?;
        Ok(Profile {
            supplier_kind,
            legal_name: self.legal_name,
            trade_name: self.trade_name,
            address: self.address,
            state_code: self.state_code,
            gstin: self.gstin,
            pan: self.pan,
            enrolment: self.enrolment,
            email: self.email,
            phone: self.phone,
            bank_holder: self.bank_holder,
            bank_name: self.bank_name,
            bank_account: self.bank_account,
            bank_ifsc: self.bank_ifsc,
            upi: self.upi,
            prefix: self.prefix,
            terms_days: u32::try_from(self.terms_days).unwrap_or(0),
            round_to_rupee: self.round_to_rupee,
            signature: self.signature,
            notes: self.notes,
        })
    }
}

pub(super) async fn find(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Option<Profile>, DbError> {
    let select = statement!(
        "SELECT supplier_kind, legal_name, trade_name, address, state_code, gstin, pan, enrolment,
             email, phone, bank_holder, bank_name, bank_account, bank_ifsc, upi, prefix,
             terms_days, round_to_rupee, signature, notes
         FROM chamber_profiles WHERE organisation_id = $1"
    );
    tx.optional::<ProfileRow>(select.bind(organisation)).await?.map(ProfileRow::profile).transpose()
}

pub(super) async fn keep(
    tx: &mut Tx,
    scope: &Scope,
    profile: &Profile,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let upsert = statement!(
        "INSERT INTO chamber_profiles (organisation_id, supplier_kind, legal_name, trade_name,
             address, state_code, gstin, pan, enrolment, email, phone, bank_holder, bank_name,
             bank_account, bank_ifsc, upi, prefix, terms_days, round_to_rupee, signature, notes,
             changed_by, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19, $20, $21, $22, $23)
         ON CONFLICT (organisation_id) DO UPDATE SET
             supplier_kind = excluded.supplier_kind, legal_name = excluded.legal_name,
             trade_name = excluded.trade_name, address = excluded.address,
             state_code = excluded.state_code, gstin = excluded.gstin, pan = excluded.pan,
             enrolment = excluded.enrolment, email = excluded.email, phone = excluded.phone,
             bank_holder = excluded.bank_holder, bank_name = excluded.bank_name,
             bank_account = excluded.bank_account, bank_ifsc = excluded.bank_ifsc,
             upi = excluded.upi, prefix = excluded.prefix, terms_days = excluded.terms_days,
             round_to_rupee = excluded.round_to_rupee, signature = excluded.signature,
             notes = excluded.notes, changed_by = excluded.changed_by,
             changed_at = excluded.changed_at"
    );
    let upsert = upsert
        .bind(scope.organisation())
        .bind(profile.supplier_kind.as_str())
        .bind(profile.legal_name.as_str())
        .bind(profile.trade_name.clone())
        .bind(profile.address.as_str())
        .bind(profile.state_code.as_str())
        .bind(profile.gstin.clone())
        .bind(profile.pan.clone())
        .bind(profile.enrolment.clone())
        .bind(profile.email.clone())
        .bind(profile.phone.clone())
        .bind(profile.bank_holder.clone())
        .bind(profile.bank_name.clone())
        .bind(profile.bank_account.clone())
        .bind(profile.bank_ifsc.clone())
        .bind(profile.upi.clone())
        .bind(profile.prefix.as_str())
        .bind(profile.terms_days)
        .bind(profile.round_to_rupee)
        .bind(profile.signature.clone())
        .bind(profile.notes.clone())
        .bind(scope.user())
        .bind(now);
    tx.execute(upsert).await.map(drop)
}
