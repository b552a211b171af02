//! The parties of a case, who appears for them, and the authorities to appear.

mod store;
mod vakalatnamas;

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::values::{line, wrong};
use super::{CaseError, Cases, filled};
use crate::audit::Changes;
use crate::kernel::{CaseId, PartyId, Scope};

pub use vakalatnamas::{NewVakalatnama, Vakalatnama, VakalatnamaState};

/// How many advocates a party may have.
const MOST_COUNSEL: usize = 30;

/// A party to be entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewParty {
    /// How they are called.
    pub name: String,
    /// As the court calls them: `petitioner`, `defendant`, `accused`.
    pub role: String,
    /// Whether the chamber acts for them.
    pub ours: bool,
    /// Who appears for them, when it is not the chamber.
    pub counsel: Option<String>,
}

/// A party of a case.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Party {
    /// Its id.
    pub id: PartyId,
    /// How they are called.
    pub name: String,
    /// As the court calls them.
    pub role: String,
    /// Whether the chamber acts for them.
    pub ours: bool,
    /// Who appears for them, when it is not the chamber.
    pub counsel: Option<String>,
}

/// An advocate of a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::FromRow)]
#[serde(deny_unknown_fields)]
pub struct Counsel {
    /// How they are called.
    pub name: String,
    /// Their enrolment number.
    #[schema(example = "D/1234/2010")]
    pub enrolment: Option<String>,
}

/// A party with its advocates, to be entered or changed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyFile {
    /// How they are called.
    pub name: String,
    /// As the court calls them.
    pub role: String,
    /// Whether the chamber acts for them.
    #[serde(default)]
    pub ours: bool,
    /// Who appears for them.
    #[serde(default)]
    pub counsel: Vec<Counsel>,
}

/// A party with its advocates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appearing {
    /// The party.
    pub party: Party,
    /// Its advocates.
    pub counsel: Vec<Counsel>,
}

impl PartyFile {
    fn checked(self) -> Result<Self, CaseError> {
        let name = filled(Some(self.name))?;
        let name = name.ok_or_else(|| wrong("name", "say how the party is called"))?;
        let role = line("role", Some(self.role))?;
        let role = role.ok_or_else(|| wrong("role", "say what the party is in the case"))?;
        if self.counsel.len() > MOST_COUNSEL {
            return Err(wrong("counsel", "a party has at most 30 advocates here"));
        }
        let mut counsel = Vec::with_capacity(self.counsel.len());
        for one in self.counsel {
            if let Some(name) = line("counsel", Some(one.name))? {
                counsel.push(Counsel { name, enrolment: line("counsel", one.enrolment)? });
            }
        }
        Ok(Self { name, role, ours: self.ours, counsel })
    }

    /// The advocates' names in a line.
    fn names(&self) -> Option<String> {
        let names: Vec<&str> = self.counsel.iter().map(|one| one.name.as_str()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

impl Cases {
    /// Enters a party of a case, after those it has.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, or name or role are missing or
    /// too long.
    pub async fn add_party(
        &self,
        scope: &Scope,
        case: CaseId,
        new: NewParty,
    ) -> Result<PartyId, CaseError> {
        let NewParty { name, role, ours, counsel } = new;
        let counsel = counsel.map(|name| Counsel { name, enrolment: None }).into_iter().collect();
        self.enter_party(scope, case, PartyFile { name, role, ours, counsel }).await
    }

    /// Enters a party with its advocates, after those the case has.
    ///
    /// # Errors
    /// As [`Cases::add_party`].
    pub async fn enter_party(
        &self,
        scope: &Scope,
        case: CaseId,
        new: PartyFile,
    ) -> Result<PartyId, CaseError> {
        let mut tx = self.db.write().await?;
        self.changes(&mut tx, scope, case).await?;
        let id = self.enter_party_in(&mut tx, scope, case, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub(super) async fn enter_party_in(
        &self,
        tx: &mut crate::db::Tx,
        scope: &Scope,
        case: CaseId,
        new: PartyFile,
    ) -> Result<PartyId, CaseError> {
        let new = new.checked()?;
        let id = PartyId::new();
        store::insert(tx, (id, case), &new, new.names()).await?;
        store::set_counsel(tx, id, &new.counsel).await?;
        self.record(tx, scope, "party.add", json!({ "case": case, "party": id })).await?;
        Ok(id)
    }

    /// Changes a party and its advocates.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, the party is not one of it, or a
    /// value does not fit.
    pub async fn change_party(
        &self,
        scope: &Scope,
        case: CaseId,
        id: PartyId,
        new: PartyFile,
    ) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        self.changes(&mut tx, scope, case).await?;
        let new = new.checked()?;
        let before = store::find(&mut tx, case, id).await?.ok_or(CaseError::NotFound)?;
        store::update(&mut tx, id, &new, new.names()).await?;
        store::set_counsel(&mut tx, id, &new.counsel).await?;
        let details = Changes::of("role", &before.role, &new.role)
            .and("ours", before.ours, new.ours)
            .and_withheld("name", before.name != new.name)
            .and_withheld("counsel", before.counsel != new.names())
            .onto(json!({ "case": case, "party": id }));
        self.record(&mut tx, scope, "party.change", details).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a party out of a case. Its name stays for checks of conflicts.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, or the party is not one of it.
    pub async fn remove_party(
        &self,
        scope: &Scope,
        case: CaseId,
        id: PartyId,
    ) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        self.changes(&mut tx, scope, case).await?;
        if !store::remove(&mut tx, case, id, self.clock.now()).await? {
            return Err(CaseError::NotFound);
        }
        self.record(&mut tx, scope, "party.remove", json!({ "case": case, "party": id })).await?;
        Ok(tx.commit().await?)
    }

    /// Moves a party one place up or down among those of its case.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, or the party is not one of it.
    pub async fn move_party(
        &self,
        scope: &Scope,
        case: CaseId,
        id: PartyId,
        up: bool,
    ) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        self.changes(&mut tx, scope, case).await?;
        let mut order: Vec<PartyId> =
            store::parties(&mut tx, scope, case).await?.into_iter().map(|one| one.id).collect();
        let at = order.iter().position(|party| *party == id).ok_or(CaseError::NotFound)?;
        let to = if up { at.saturating_sub(1) } else { (at + 1).min(order.len() - 1) };
        order.swap(at, to);
        for (ordinal, party) in (1_i64..).zip(order) {
            store::set_ordinal(&mut tx, party, ordinal).await?;
        }
        self.record(&mut tx, scope, "party.move", json!({ "case": case, "party": id })).await?;
        Ok(tx.commit().await?)
    }

    /// The parties of a case, in order; none when what is in the case is not open to the
    /// caller.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn parties(&self, scope: &Scope, case: CaseId) -> Result<Vec<Party>, CaseError> {
        let mut tx = self.db.read().await?;
        Ok(store::parties(&mut tx, scope, case).await?)
    }

    /// The parties of a case with their advocates, in order.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when what is in the case is not open to the caller.
    pub async fn appearing(
        &self,
        scope: &Scope,
        case: CaseId,
    ) -> Result<Vec<Appearing>, CaseError> {
        let mut tx = self.db.read().await?;
        self.reads(&mut tx, scope, case).await?;
        let mut counsel = store::counsel(&mut tx, case).await?;
        let parties = store::parties(&mut tx, scope, case).await?;
        let with = |party: Party| {
            let (its, rest) = std::mem::take(&mut counsel)
                .into_iter()
                .partition(|(of, _): &(PartyId, Counsel)| *of == party.id);
            counsel = rest;
            let its: Vec<(PartyId, Counsel)> = its;
            Appearing { party, counsel: its.into_iter().map(|(_, one)| one).collect() }
        };
        Ok(parties.into_iter().map(with).collect())
    }
}
