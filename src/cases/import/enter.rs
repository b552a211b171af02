//! Entering the chosen rows of a list, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use serde_json::json;

use super::preview::{self, PreviewRow};
use super::{Entered, store};
use crate::cases::{CaseError, Cases, Counsel, NewCase, PartyFile};
use crate::db::Tx;
use crate::events::{Event, EventKind};
use crate::kernel::{CaseId, ClientId, HearingId, ImportId, Scope};

/// What a list enters beside cases, which other areas keep.
#[async_trait]
pub trait Entering: Send + Sync {
    /// Adds a client of that name.
    ///
    /// # Errors
    /// Fails when the caller may not, or the name does not fit.
    async fn client(&self, tx: &mut Tx, scope: &Scope, name: &str) -> Result<ClientId, CaseError>;
}

impl Cases {
    /// Enters the rows of a list that stand on these lines, all or nothing. A list that was
    /// entered is not entered again; what it gave the first time is the answer.
    ///
    /// # Errors
    /// Fails when the list is not the caller's, nothing is chosen, or a row does not fit.
    pub async fn enter_list(
        &self,
        scope: &Scope,
        id: ImportId,
        lines: &BTreeSet<usize>,
        with: &dyn Entering,
    ) -> Result<Entered, CaseError> {
        let mut tx = self.db.write().await?;
        // Whoever comes second waits here for the first, and then finds it entered.
        store::lock(&mut tx, scope, id).await?;
        let list = self.list_in(&mut tx, scope, id).await?;
        if let Some(entered) = list.entered {
            return Ok(entered);
        }
        let total = list.rows.len();
        let chosen: Vec<PreviewRow> = list
            .rows
            .into_iter()
            .filter(|row| row.errors.is_empty() && lines.contains(&row.line))
            .collect();
        if chosen.is_empty() {
            return Err(CaseError::Unfit("choose at least one row that can be entered"));
        }
        let mut entered = Entered::default();
        let mut clients: BTreeMap<String, ClientId> = BTreeMap::new();
        for row in &chosen {
            let client = match &row.client {
                None => None,
                Some((_, Some(known))) => Some(*known),
                Some((name, None)) => {
                    let key = preview::plain(name);
                    if !clients.contains_key(&key) {
                        clients.insert(key.clone(), with.client(&mut tx, scope, name).await?);
                        entered.clients += 1;
                    }
                    clients.get(&key).copied()
                }
            };
            let hears = self.enter_row(&mut tx, scope, row, client).await?;
            entered.cases += 1;
            entered.hearings += u32::from(hears);
        }
        entered.left_out = u32::try_from(total - chosen.len()).unwrap_or(u32::MAX);
        store::set_entered(&mut tx, id, entered, self.clock.now()).await?;
        let details = json!({
            "import": id, "cases": entered.cases, "clients": entered.clients,
            "hearings": entered.hearings,
        });
        self.record(&mut tx, scope, "case.import.enter", details).await?;
        tx.commit().await?;
        Ok(entered)
    }

    /// Opens the case of a row with what belongs to it; says whether a hearing was entered.
    async fn enter_row(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        row: &PreviewRow,
        client_id: Option<ClientId>,
    ) -> Result<bool, CaseError> {
        let new = NewCase {
            title: row.title.clone(),
            number: row.number.clone(),
            court: row.court.clone(),
            cnr: row.cnr.clone(),
            client_id,
            summary: None,
            opened_on: row.opened_on,
        };
        let case = self.open_in(tx, scope, new).await?;
        if let Some(stage) = &row.stage {
            store::set_stage(tx, case, stage).await?;
        }
        if let Some((name, _)) = &row.client {
            let ours = PartyFile {
                name: name.clone(),
                role: "client".to_owned(),
                ours: true,
                counsel: Vec::new(),
            };
            self.enter_party_in(tx, scope, case, ours).await?;
        }
        if let Some(name) = &row.opponent {
            let counsel = row.opposite_counsel.iter();
            let counsel = counsel.map(|name| Counsel { name: name.clone(), enrolment: None });
            let other = PartyFile {
                name: name.clone(),
                role: "opposite party".to_owned(),
                ours: false,
                counsel: counsel.collect(),
            };
            self.enter_party_in(tx, scope, case, other).await?;
        }
        if let Some(notes) = &row.notes {
            self.add_note_in(tx, scope, case, (notes.clone(), false)).await?;
        }
        self.enter_hearing(tx, scope, case, row).await
    }

    /// Enters the next date. The case is new in this very transaction, so that the hearings
    /// area, which asks what was open to the caller before, would not find it.
    async fn enter_hearing(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        row: &PreviewRow,
    ) -> Result<bool, CaseError> {
        let Some(day) = row.next_on else { return Ok(false) };
        let id = HearingId::new();
        store::insert_hearing(tx, scope, (id, case), day, self.clock.now()).await?;
        self.record(tx, scope, "hearing.add", json!({ "case": case, "hearing": id })).await?;
        let about = json!({ "case": case, "hearing": id, "on": day });
        let organisation = scope.organisation();
        let event = Event { organisation, kind: EventKind::HearingAdded, case: Some(case), about };
        self.events.emit(tx, event).await?;
        Ok(true)
    }
}
