//! Authorities to appear: for whom, by which advocates, and whether they are on record.

use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::audit::Changes;
use crate::cases::values::{line, wrong};
use crate::cases::{CaseError, Cases};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, DocumentId, Scope, VakalatnamaId};
use crate::statement;

/// How far an authority is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VakalatnamaState {
    /// Signed, and not filed.
    Signed,
    /// Filed: the advocates are on record.
    OnRecord,
    /// At its end: withdrawn, discharged, or another advocate came.
    Withdrawn,
}

impl VakalatnamaState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Signed, Self::OnRecord, Self::Withdrawn];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::OnRecord => "on_record",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Signed => "signed, not filed",
            Self::OnRecord => "on record",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl FromStr for VakalatnamaState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == text);
        found.ok_or_else(|| text.to_owned())
    }
}

/// An authority to be entered or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVakalatnama {
    /// For whom.
    pub parties: String,
    /// As what they appear: `plaintiff`, `respondent no. 2`.
    pub capacity: Option<String>,
    /// By which advocates.
    pub advocates: String,
    /// In which court.
    pub court: Option<String>,
    /// When it was signed.
    pub signed_on: Option<NaiveDate>,
    /// The paper, where it is a document of the case.
    pub document_id: Option<DocumentId>,
    /// How far it is.
    pub state: VakalatnamaState,
    /// What is known of the no-objection certificate of the advocate before, when it changed
    /// hands.
    pub noc: Option<String>,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
}

/// An authority to appear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vakalatnama {
    /// Its id.
    pub id: VakalatnamaId,
    /// What it says.
    pub known: NewVakalatnama,
    /// The title of the paper.
    pub document: Option<String>,
}

impl NewVakalatnama {
    fn checked(self) -> Result<Self, CaseError> {
        let parties = line("parties", Some(self.parties))?;
        let parties = parties.ok_or_else(|| wrong("parties", "say for whom it is"))?;
        let advocates = line("advocates", Some(self.advocates))?;
        let advocates = advocates.ok_or_else(|| wrong("advocates", "say who appears by it"))?;
        if let (Some(signed), Some(ended)) = (self.signed_on, self.ended_on)
            && ended < signed
        {
            return Err(wrong("ended_on", "it cannot end before it was signed"));
        }
        Ok(Self {
            parties,
            advocates,
            capacity: line("capacity", self.capacity)?,
            court: line("court", self.court)?,
            noc: line("noc", self.noc)?,
            ..self
        })
    }
}

impl Cases {
    /// The authorities to appear in a case, those on record first.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when what is in the case is not open to the caller.
    pub async fn vakalatnamas(
        &self,
        scope: &Scope,
        case: CaseId,
    ) -> Result<Vec<Vakalatnama>, CaseError> {
        let mut tx = self.db.read().await?;
        self.reads(&mut tx, scope, case).await?;
        Ok(list(&mut tx, case).await?)
    }

    /// Enters an authority to appear.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, a value does not fit, or the paper
    /// is not a document of the case.
    pub async fn add_vakalatnama(
        &self,
        scope: &Scope,
        case: CaseId,
        new: NewVakalatnama,
    ) -> Result<VakalatnamaId, CaseError> {
        let mut tx = self.db.write().await?;
        self.changes(&mut tx, scope, case).await?;
        let new = new.checked()?;
        is_of_case(&mut tx, case, new.document_id).await?;
        let id = VakalatnamaId::new();
        let insert = statement!(
            "INSERT INTO vakalatnamas (id, case_id, court, parties, capacity, advocates, signed_on,
                 document_id, state, noc, ended_on, added_by, added_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        )
        .bind(id)
        .bind(case)
        .bind(new.court)
        .bind(new.parties)
        .bind(new.capacity)
        .bind(new.advocates)
        .bind(new.signed_on.map(|day| day.to_string()))
        .bind(new.document_id)
        .bind(new.state.as_str())
        .bind(new.noc)
        .bind(new.ended_on.map(|day| day.to_string()))
        .bind(scope.user())
        .bind(self.clock.now());
        tx.execute(insert).await?;
        let details = json!({ "case": case, "vakalatnama": id });
        self.record(&mut tx, scope, "vakalatnama.add", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes an authority to appear: files it, ends it, mends what it says.
    ///
    /// # Errors
    /// As [`Cases::add_vakalatnama`], and when it is not one of the case.
    pub async fn change_vakalatnama(
        &self,
        scope: &Scope,
        case: CaseId,
        id: VakalatnamaId,
        new: NewVakalatnama,
    ) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        self.changes(&mut tx, scope, case).await?;
        let new = new.checked()?;
        is_of_case(&mut tx, case, new.document_id).await?;
        let before = list(&mut tx, case).await?.into_iter().find(|known| known.id == id);
        let before = before.ok_or(CaseError::NotFound)?.known;
        let update = statement!(
            "UPDATE vakalatnamas SET court = $3, parties = $4, capacity = $5, advocates = $6,
                 signed_on = $7, document_id = $8, state = $9, noc = $10, ended_on = $11
             WHERE id = $1 AND case_id = $2"
        )
        .bind(id)
        .bind(case)
        .bind(new.court.clone())
        .bind(new.parties.as_str())
        .bind(new.capacity.clone())
        .bind(new.advocates.as_str())
        .bind(new.signed_on.map(|day| day.to_string()))
        .bind(new.document_id)
        .bind(new.state.as_str())
        .bind(new.noc.clone())
        .bind(new.ended_on.map(|day| day.to_string()));
        tx.execute(update).await?;
        let details = Changes::of("state", before.state, new.state)
            .and("signed_on", before.signed_on, new.signed_on)
            .and("ended_on", before.ended_on, new.ended_on)
            .and_withheld("parties", before.parties != new.parties)
            .and_withheld("advocates", before.advocates != new.advocates)
            .onto(json!({ "case": case, "vakalatnama": id }));
        self.record(&mut tx, scope, "vakalatnama.change", details).await?;
        Ok(tx.commit().await?)
    }
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// Makes sure that a paper is a document of the case.
async fn is_of_case(
    tx: &mut Tx,
    case: CaseId,
    document: Option<DocumentId>,
) -> Result<(), CaseError> {
    let Some(document) = document else { return Ok(()) };
    let select =
        statement!("SELECT COUNT(*) AS count FROM documents d WHERE d.id = $1 AND d.case_id = $2");
    if tx.one::<Count>(select.bind(document).bind(case)).await?.count == 1 {
        Ok(())
    } else {
        Err(wrong("document_id", "choose a document of this case"))
    }
}

#[derive(sqlx::FromRow)]
struct VakalatnamaRow {
    id: VakalatnamaId,
    court: Option<String>,
    parties: String,
    capacity: Option<String>,
    advocates: String,
    signed_on: Option<String>,
    document_id: Option<DocumentId>,
    document: Option<String>,
    state: String,
    noc: Option<String>,
    ended_on: Option<String>,
}

async fn list(tx: &mut Tx, case: CaseId) -> Result<Vec<Vakalatnama>, DbError> {
    let select = statement!(
        "SELECT v.id, v.court, v.parties, v.capacity, v.advocates, v.signed_on, v.document_id,
             d.title AS document, v.state, v.noc, v.ended_on
         FROM vakalatnamas v LEFT JOIN documents d ON d.id = v.document_id
         WHERE v.case_id = $1
         ORDER BY CASE v.state WHEN 'on_record' THEN 0 WHEN 'signed' THEN 1 ELSE 2 END,
             v.added_at DESC, v.id LIMIT 500"
    );
    let rows = tx.all::<VakalatnamaRow>(select.bind(case)).await?;
    rows.into_iter().map(VakalatnamaRow::vakalatnama).collect()
}

impl VakalatnamaRow {
    fn vakalatnama(self) -> Result<Vakalatnama, DbError> {
        let table = "vakalatnamas";
        let unknown = |value| DbError::Inconsistent { table, column: "state", value };
        let day = |column, text: Option<String>| {
            let parsed = text.map(|text| {
                text.parse().map_err(|_| DbError::Inconsistent { table, column, value: text })
            });
            parsed.transpose()
        };
        Ok(Vakalatnama {
            id: self.id,
            known: NewVakalatnama {
                parties: self.parties,
                capacity: self.capacity,
                advocates: self.advocates,
                court: self.court,
                signed_on: day("signed_on", self.signed_on)?,
                document_id: self.document_id,
                state: self.state.parse().map_err(unknown)?,
                noc: self.noc,
                ended_on: day("ended_on", self.ended_on)?,
            },
            document: self.document,
        })
    }
}
