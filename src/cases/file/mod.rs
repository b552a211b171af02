//! What is known of a case beside its papers: the court, its numbers, who sits, where it
//! began.

mod numbers;
mod store;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::fields::{self, FieldValue};
use super::values::{cnr_warning, line, plain_cnr, text, wrong};
use super::{CaseError, Cases};
use crate::audit::Changes;
use crate::db::Tx;
use crate::kernel::{CaseId, ClientId, Scope, case_numbers};

pub(super) use store::{end_shares, known_numbers, set_numbers};

pub use numbers::{CaseNumber, KnownNumber, NumberKind};

/// The longest value of a field of several lines.
const LINES: usize = 10_000;
/// How many numbers a case may have.
const MOST_NUMBERS: usize = 50;

/// Everything known of a case that a person may change in one form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// How it is called: `A v. B`.
    pub title: String,
    /// Who the chamber acts for.
    pub client_id: Option<ClientId>,
    /// Its numbers; the first of kind `own` is the one it goes by.
    #[serde(default)]
    pub numbers: Vec<CaseNumber>,
    /// The court.
    pub court: Option<String>,
    /// Its level: `supreme`, `high`, `district`, `magistrate`, `family`, `commercial`,
    /// `tribunal` or `other`.
    pub court_level: Option<String>,
    /// Its seat: `Nagpur Bench`.
    pub court_seat: Option<String>,
    /// Its establishment on eCourts.
    pub establishment: Option<String>,
    /// The national case number record.
    pub cnr: Option<String>,
    /// The stage it is at.
    pub stage: Option<String>,
    /// Single, Division or Full Bench.
    pub bench: Option<String>,
    /// Who sits.
    pub judges: Option<String>,
    /// Where they sit.
    pub court_hall: Option<String>,
    /// The number of the first information report.
    pub fir_number: Option<String>,
    /// Its year.
    pub fir_year: Option<String>,
    /// The police station.
    pub police_station: Option<String>,
    /// The district.
    pub district: Option<String>,
    /// The sections it names.
    pub fir_sections: Option<String>,
    /// The day of the offence.
    pub offence_on: Option<NaiveDate>,
    /// The acts and sections the case is under.
    pub acts: Option<String>,
    /// What it is about.
    pub summary: Option<String>,
    /// When the chamber took it on.
    pub opened_on: NaiveDate,
    /// What the chamber's own fields say.
    #[serde(default)]
    pub fields: Vec<FieldValue>,
}

/// The levels of courts: as stored and in words.
pub const COURT_LEVELS: [(&str, &str); 8] = [
    ("supreme", "Supreme Court"),
    ("high", "High Court"),
    ("district", "District or Sessions Court"),
    ("magistrate", "Magistrate or Civil Judge"),
    ("family", "Family Court"),
    ("commercial", "Commercial Court"),
    ("tribunal", "Tribunal or Commission"),
    ("other", "Other authority"),
];

/// A case's file with the revision it was read at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAt {
    /// Which revision it is; a change names it.
    pub revision: i64,
    /// What is known.
    pub file: CaseFile,
    /// What may be a slip, in sentences.
    pub warnings: Vec<String>,
}

impl Cases {
    /// What is known of a case.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when what is in the case is not open to the caller.
    pub async fn file(&self, scope: &Scope, id: CaseId) -> Result<FileAt, CaseError> {
        let mut tx = self.db.read().await?;
        let (revision, file) = load(&mut tx, scope, id).await?;
        let mut warnings = file.warnings();
        if let Some(same) = store::same_elsewhere(&mut tx, scope, id, &file).await? {
            warnings.push(format!("“{same}” has the same CNR or number."));
        }
        Ok(FileAt { revision, file, warnings })
    }

    /// Changes what is known of a case. `revision` is that of the file the change was made
    /// on; gives the new one. A change of the client ends what the former client was shown.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, a value does not fit, or with
    /// [`CaseError::Stale`] when somebody else changed it meanwhile.
    pub async fn change_file(
        &self,
        scope: &Scope,
        id: CaseId,
        revision: i64,
        file: CaseFile,
    ) -> Result<i64, CaseError> {
        let mut tx = self.db.write().await?;
        self.changes(&mut tx, scope, id).await?;
        let file = file.checked()?;
        let (_, before) = load(&mut tx, scope, id).await?;
        let moves = before.client_id != file.client_id;
        if moves {
            self.client_may_change(&mut tx, scope, id, file.client_id).await?;
        }
        if !store::update(&mut tx, id, revision, &file).await? {
            return Err(CaseError::Stale);
        }
        store::set_numbers(&mut tx, id, &file.numbers).await?;
        fields::set(&mut tx, scope, id, &file.fields).await?;
        if moves {
            store::end_shares(&mut tx, id, self.clock.now()).await?;
            store::hide(&mut tx, scope, id, self.clock.now()).await?;
        }
        let details = changed(&before, &file).onto(json!({ "case": id }));
        self.record(&mut tx, scope, "case.change", details).await?;
        tx.commit().await?;
        Ok(revision + 1)
    }

    async fn client_may_change(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: CaseId,
        client: Option<ClientId>,
    ) -> Result<(), CaseError> {
        if !(scope.leads(id) && super::store::leads(tx, scope, id).await?) {
            return Err(CaseError::LeadDecides("change whom it is for"));
        }
        match client {
            Some(client) if !super::store::client_exists(tx, scope, client).await? => {
                Err(CaseError::NoClient)
            }
            _ => Ok(()),
        }
    }

    /// The numbers of the cases open to the caller, with the form that makes two equal: what
    /// a cause list or a list of cases is compared with.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn known_numbers(&self, scope: &Scope) -> Result<Vec<KnownNumber>, CaseError> {
        let mut tx = self.db.read().await?;
        Ok(store::known_numbers(&mut tx, scope).await?)
    }

    /// Works out the normal form of numbers entered before there was one.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn complete_numbers(&self) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        for (case, ordinal, number) in store::unread_numbers(&mut tx).await? {
            let normal = case_numbers::normal(&number).unwrap_or_else(|| number.clone());
            store::set_normal(&mut tx, case, ordinal, &normal).await?;
        }
        Ok(tx.commit().await?)
    }
}

async fn load(tx: &mut Tx, scope: &Scope, id: CaseId) -> Result<(i64, CaseFile), CaseError> {
    let found = store::file(tx, scope, id).await?.ok_or(CaseError::NotFound)?;
    let (revision, mut file) = found;
    file.numbers = store::numbers(tx, id).await?;
    file.fields = fields::values(tx, id).await?;
    Ok((revision, file))
}

impl CaseFile {
    /// The file with space around values taken off, and every value found to fit.
    fn checked(self) -> Result<Self, CaseError> {
        let title = line("title", Some(self.title))?.ok_or(CaseError::NoTitle)?;
        if let Some(level) = &self.court_level
            && !level.is_empty()
            && !COURT_LEVELS.iter().any(|(known, _)| known == level)
        {
            return Err(wrong("court_level", "choose the level of the court from the list"));
        }
        if self.numbers.len() > MOST_NUMBERS {
            return Err(wrong("numbers", "a case has at most 50 numbers"));
        }
        let mut numbers = Vec::with_capacity(self.numbers.len());
        for number in self.numbers {
            if let Some(text) = line("numbers", Some(number.number))? {
                numbers.push(CaseNumber { number: text, kind: number.kind });
            }
        }
        let cnr = line("cnr", self.cnr)?.map(|cnr| plain_cnr(&cnr));
        Ok(Self {
            title,
            client_id: self.client_id,
            numbers,
            court: line("court", self.court)?,
            court_level: line("court_level", self.court_level)?,
            court_seat: line("court_seat", self.court_seat)?,
            establishment: line("establishment", self.establishment)?,
            cnr,
            stage: line("stage", self.stage)?,
            bench: line("bench", self.bench)?,
            judges: line("judges", self.judges)?,
            court_hall: line("court_hall", self.court_hall)?,
            fir_number: line("fir_number", self.fir_number)?,
            fir_year: line("fir_year", self.fir_year)?,
            police_station: line("police_station", self.police_station)?,
            district: line("district", self.district)?,
            fir_sections: line("fir_sections", self.fir_sections)?,
            offence_on: self.offence_on,
            acts: text("acts", self.acts, LINES)?,
            summary: text("summary", self.summary, LINES)?,
            opened_on: self.opened_on,
            fields: self.fields,
        })
    }

    /// The number the case goes by.
    #[must_use]
    pub fn own_number(&self) -> Option<&str> {
        let own = self.numbers.iter().find(|number| number.kind == NumberKind::Own);
        own.map(|number| number.number.as_str())
    }

    /// What may be a slip. Nothing here is a reason to refuse.
    fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if let Some(cnr) = &self.cnr
            && !case_numbers::is_cnr(cnr)
        {
            warnings.push(cnr_warning(cnr));
        }
        if self.court.is_none() {
            warnings.push(String::from("No court is entered."));
        }
        warnings
    }
}

/// What a change did, for the record: of what names people or the case itself only that it
/// changed.
fn changed(before: &CaseFile, after: &CaseFile) -> Changes {
    Changes::of("court", &before.court, &after.court)
        .and("client", before.client_id, after.client_id)
        .and("court_level", &before.court_level, &after.court_level)
        .and("court_seat", &before.court_seat, &after.court_seat)
        .and("establishment", &before.establishment, &after.establishment)
        .and("stage", &before.stage, &after.stage)
        .and("bench", &before.bench, &after.bench)
        .and("court_hall", &before.court_hall, &after.court_hall)
        .and("opened_on", before.opened_on, after.opened_on)
        .and_withheld("title", before.title != after.title)
        .and_withheld("numbers", before.numbers != after.numbers)
        .and_withheld("cnr", before.cnr != after.cnr)
        .and_withheld("judges", before.judges != after.judges)
        .and_withheld("fir", before.fir() != after.fir())
        .and_withheld("acts", before.acts != after.acts)
        .and_withheld("summary", before.summary != after.summary)
        .and_withheld("fields", before.fields != after.fields)
}

impl CaseFile {
    fn fir(&self) -> [Option<&str>; 5] {
        let Self { fir_number, fir_year, police_station, district, fir_sections, .. } = self;
        [fir_number, fir_year, police_station, district, fir_sections].map(Option::as_deref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> CaseFile {
        CaseFile {
            title: "  Sharma   v. Kapoor ".to_owned(),
            client_id: None,
            numbers: vec![
                CaseNumber { number: "Filing 7/2025".to_owned(), kind: NumberKind::Filing },
                CaseNumber { number: " CS(COMM)  45/2025 ".to_owned(), kind: NumberKind::Own },
                CaseNumber { number: "  ".to_owned(), kind: NumberKind::Old },
            ],
            court: Some(String::new()),
            court_level: None,
            court_seat: None,
            establishment: None,
            cnr: Some("dlhc01-001234 2023".to_owned()),
            stage: None,
            bench: None,
            judges: None,
            court_hall: None,
            fir_number: None,
            fir_year: None,
            police_station: None,
            district: None,
            fir_sections: None,
            offence_on: None,
            acts: None,
            summary: None,
            opened_on: NaiveDate::MIN,
            fields: Vec::new(),
        }
    }

    #[test]
    fn values_are_kept_without_space_around_them_and_empty_ones_left_out() {
        let checked = file().checked().unwrap();
        assert_eq!(checked.title, "Sharma v. Kapoor");
        assert_eq!(checked.own_number(), Some("CS(COMM) 45/2025"));
        assert_eq!(checked.numbers.len(), 2);
        assert_eq!(checked.court, None);
        assert_eq!(checked.cnr.as_deref(), Some("DLHC010012342023"));
        assert_eq!(checked.warnings(), ["No court is entered."]);
    }

    #[test]
    fn a_record_number_that_does_not_fit_is_told_and_kept() {
        let mut odd = file();
        odd.cnr = Some("DLHC01".to_owned());
        odd.court = Some("High Court of Delhi".to_owned());
        let checked = odd.checked().unwrap();
        assert_eq!(checked.cnr.as_deref(), Some("DLHC01"));
        assert_eq!(checked.warnings().len(), 1);
    }

    #[test]
    fn a_level_of_no_court_is_refused_with_its_field() {
        let mut wrong = file();
        wrong.court_level = Some("moon".to_owned());
        let Err(CaseError::Wrong { field, .. }) = wrong.checked() else { panic!("it was taken") };
        assert_eq!(field, "court_level");
    }
}
