//! Taking over a list of cases from a file: read, shown as what it would become, and
//! entered once somebody has said which rows.
//!
//! Nothing is entered before it is confirmed, and what was confirmed is entered once however
//! often that is asked. There is no undoing; the same list read again finds its cases as
//! duplicates. What a person uploads is theirs alone, and goes after a day.

mod columns;
mod days;
mod enter;
mod preview;
mod store;
mod table;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{CaseError, Cases};
use crate::db::Tx;
use crate::kernel::{ImportId, Permission, Scope, day_in_india};
use preview::Known;
use table::Table;

pub use columns::ListColumn;
pub use enter::Entering;
pub use preview::PreviewRow;

/// The largest file, in bytes.
pub const LARGEST_LIST: usize = 8 << 20;
/// How long an upload is kept.
const KEPT_HOURS: i64 = 24;

/// A list that was read from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseList {
    /// Its id.
    pub id: ImportId,
    /// How the file is called.
    pub file_name: String,
    /// The headings of its columns.
    pub headings: Vec<String>,
    /// What each column is taken for.
    pub mapping: Vec<ListColumn>,
    /// Its rows, as what they would become.
    pub rows: Vec<PreviewRow>,
    /// When it was uploaded.
    pub made_at: DateTime<Utc>,
    /// What entering it gave, once it was entered.
    pub entered: Option<Entered>,
}

/// What entering a list gave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CaseListEntered)]
pub struct Entered {
    /// Cases opened.
    pub cases: u32,
    /// Clients added.
    pub clients: u32,
    /// Hearings entered.
    pub hearings: u32,
    /// Rows that were not chosen or cannot be entered.
    pub left_out: u32,
}

impl Cases {
    /// Reads a list of cases from a file.
    ///
    /// # Errors
    /// Fails for who may not open cases, and when the file cannot be read as a list.
    pub async fn read_list(
        &self,
        scope: &Scope,
        file_name: &str,
        bytes: Vec<u8>,
    ) -> Result<ImportId, CaseError> {
        if !scope.may(Permission::OpenCases) {
            return Err(CaseError::NotAllowed);
        }
        if bytes.len() > LARGEST_LIST {
            return Err(super::values::wrong(
                "file",
                "the file is too large; a list has at most 8 MB",
            ));
        }
        let read = tokio::task::spawn_blocking(move || table::read(&bytes)).await;
        let broken = |_| CaseError::Unfit("the file could not be read; save it anew as CSV");
        let table = read.map_err(broken)??;
        let mapping = columns::guess(&table.headings);
        let now = self.clock.now();
        let id = ImportId::new();
        let name: String = file_name.chars().take(200).collect();
        let mut tx = self.db.write().await?;
        store::clear(&mut tx, now - TimeDelta::hours(KEPT_HOURS)).await?;
        store::insert(&mut tx, scope, (id, &name), (&table, &mapping), now).await?;
        let details = json!({ "import": id, "rows": table.rows.len() });
        self.record(&mut tx, scope, "case.import.read", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A list the caller uploaded, as what it would become.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when it is not theirs or its day is over.
    pub async fn list_preview(&self, scope: &Scope, id: ImportId) -> Result<CaseList, CaseError> {
        let mut tx = self.db.read().await?;
        self.list_in(&mut tx, scope, id).await
    }

    /// Says what the columns of a list are.
    ///
    /// # Errors
    /// Fails when the list is not the caller's or was entered, two columns are the same
    /// thing, or there are more than the file has.
    pub async fn map_list(
        &self,
        scope: &Scope,
        id: ImportId,
        mapping: Vec<ListColumn>,
    ) -> Result<(), CaseError> {
        let twice = mapping.iter().enumerate().any(|(at, column)| {
            *column != ListColumn::Ignored
                && mapping.iter().skip(at + 1).any(|other| other == column)
        });
        if twice {
            return Err(super::values::wrong("mapping", "two columns cannot be the same thing"));
        }
        let mut tx = self.db.write().await?;
        let stored = self.stored(&mut tx, scope, id).await?;
        if stored.entered.is_some() {
            return Err(CaseError::Unfit("the list was entered already"));
        }
        if mapping.len() > stored.table.headings.len() {
            return Err(super::values::wrong("mapping", "the file has fewer columns"));
        }
        store::set_mapping(&mut tx, id, &mapping).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets a list that the caller uploaded.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when it is not theirs.
    pub async fn forget_list(&self, scope: &Scope, id: ImportId) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        self.stored(&mut tx, scope, id).await?;
        store::delete(&mut tx, id).await?;
        Ok(tx.commit().await?)
    }

    /// Removes the lists whose day is over.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn clear_lists(&self) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        store::clear(&mut tx, self.clock.now() - TimeDelta::hours(KEPT_HOURS)).await?;
        Ok(tx.commit().await?)
    }

    async fn stored(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: ImportId,
    ) -> Result<store::Stored, CaseError> {
        if !scope.may(Permission::OpenCases) {
            return Err(CaseError::NotAllowed);
        }
        let from = self.clock.now() - TimeDelta::hours(KEPT_HOURS);
        store::find(tx, scope, id, from).await?.ok_or(CaseError::NotFound)
    }

    async fn list_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: ImportId,
    ) -> Result<CaseList, CaseError> {
        let stored = self.stored(tx, scope, id).await?;
        let mut clients = BTreeMap::new();
        for (client, name) in store::clients(tx, scope).await? {
            let shared = clients.contains_key(&preview::plain(&name));
            clients.insert(preview::plain(&name), (!shared).then_some(client));
        }
        let numbers = super::file::known_numbers(tx, scope).await?;
        let known = Known { numbers, clients, today: day_in_india(self.clock.now()) };
        let rows = preview::preview(&stored.table, &stored.mapping, &known);
        let Table { headings, .. } = stored.table;
        Ok(CaseList {
            id,
            file_name: stored.file_name,
            headings,
            mapping: stored.mapping,
            rows,
            made_at: stored.made_at,
            entered: stored.entered,
        })
    }
}
