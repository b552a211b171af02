//! Entries of a list that become hearings. Done twice, or by two people at once, no second
//! hearing comes of it: the case is held while it is looked at, and an index of the tables
//! lets a list enter a case once for a day.

use serde_json::json;

use super::super::store::changes::Moved;
use super::super::store::lists::Decided;
use super::super::{
    Hearing, HearingError, HearingQuery, Hearings, ListAction, ListDecision, NewClaim, NewHearing,
    store,
};
use super::{CauseList, FROM_LIST, ListEntry, Would, entries, judge, quoted};
use crate::db::Tx;
use crate::events::EventKind;
use crate::kernel::{CaseId, CauseListId, HearingId, Scope};

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// A hearing was entered.
    Added(HearingId),
    /// The hearing of that day was confirmed.
    Confirmed(HearingId),
    /// The hearing was moved to that day.
    Moved(HearingId),
    /// Both days are kept until somebody decides.
    Kept(HearingId),
    /// It was accepted before.
    Already(HearingId),
    /// Nothing was entered.
    Ignored,
}

impl Hearings {
    /// Does something with an entry of a list in a case, which need not be one of its
    /// candidates.
    ///
    /// # Errors
    /// Fails when the list is not the caller's, its text is gone, the entry is not in it,
    /// or the case is not theirs to change.
    pub async fn take_entry(
        &self,
        scope: &Scope,
        id: CauseListId,
        (number, case): (u32, CaseId),
        action: ListAction,
    ) -> Result<Taken, HearingError> {
        let (list, entry) = self.entry(scope, id, number).await?;
        let mut tx = self.parts.db.write().await?;
        self.parts.cases.changes(&mut tx, scope, case).await?;
        store::lock_case(&mut tx, case).await?;
        let decided = store::lists::decided(&mut tx, scope, id).await?;
        let before = decided.iter().find(|one| {
            one.entry == number && one.case == case && one.decision == ListDecision::Accepted
        });
        if let Some(hearing) = before.and_then(|one| one.hearing) {
            return Ok(Taken::Already(hearing));
        }
        let taken = self.apply_entry(&mut tx, scope, (&list, &entry), case, action).await?;
        let hearing = match taken {
            Taken::Added(id) | Taken::Confirmed(id) | Taken::Moved(id) | Taken::Kept(id) => {
                Some(id)
            }
            Taken::Already(_) | Taken::Ignored => None,
        };
        let decision =
            if hearing.is_some() { ListDecision::Accepted } else { ListDecision::Ignored };
        let kept = Decided { entry: number, case, decision, hearing };
        let now = self.parts.clock.now();
        store::lists::take(&mut tx, scope, id, &kept, now).await?;
        let details = json!({ "list": id, "case": case, "hearing": hearing });
        let action = if hearing.is_some() { "cause_list.accept" } else { "cause_list.ignore" };
        self.record(&mut tx, scope, action, details).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// An entry of a list of the caller. Long lists take a while to read; nobody else should
    /// wait for it, and no transaction.
    async fn entry(
        &self,
        scope: &Scope,
        id: CauseListId,
        number: u32,
    ) -> Result<(CauseList, ListEntry), HearingError> {
        let found = {
            let mut tx = self.parts.db.read().await?;
            store::lists::find(&mut tx, scope, id).await?
        };
        let list = found.ok_or(HearingError::NoList)?;
        let Some(text) = list.text.clone() else {
            return Err(HearingError::Unfit("the text of the list is gone; add the list again"));
        };
        let read = tokio::task::spawn_blocking(move || entries(&text)).await;
        let entry = read.unwrap_or_default().into_iter().find(|entry| entry.number == number);
        Ok((list, entry.ok_or(HearingError::Unfit("the list has no such entry"))?))
    }

    async fn apply_entry(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        (list, entry): (&CauseList, &ListEntry),
        case: CaseId,
        action: ListAction,
    ) -> Result<Taken, HearingError> {
        if action == ListAction::Ignore {
            return Ok(Taken::Ignored);
        }
        let day = list.on_date;
        let from = Some(self.today().min(day));
        let asked = HearingQuery { case: Some(case), from, limit: 100, ..HearingQuery::default() };
        let known = store::list(tx, scope, asked).await?;
        let of = |id: HearingId| known.iter().find(|one| one.id == id).cloned();
        match (judge(&known, day, self.today()), action) {
            (Would::Confirm(id), _) => {
                let hearing = of(id).ok_or(HearingError::NotFound)?;
                self.confirm(tx, &hearing, (list, entry)).await?;
                let about = json!({ "hearing": id, "on": day });
                self.emit(tx, scope, (EventKind::HearingChanged, case), about).await?;
                Ok(Taken::Confirmed(id))
            }
            (Would::Contradict { hearing, .. }, ListAction::Accept) => {
                let hearing = of(hearing).ok_or(HearingError::NotFound)?;
                let claim = NewClaim {
                    on_date: day,
                    court_hall: entry.court_hall.clone(),
                    item: entry.item.clone(),
                    source_kind: FROM_LIST,
                    source: None,
                    quote: Some(quoted(entry)),
                };
                match self.claim_in(tx, scope, &hearing, claim).await {
                    // Kept already is kept.
                    Ok(_) | Err(HearingError::Unfit(_)) => Ok(Taken::Kept(hearing.id)),
                    Err(error) => Err(error),
                }
            }
            (Would::Contradict { hearing, known }, ListAction::Move) => {
                let hearing = of(hearing).ok_or(HearingError::NotFound)?;
                let quote = quoted(entry);
                let moved = Moved {
                    id: hearing.id,
                    from: known,
                    to: day,
                    reason: Some("a cause list gives another day"),
                    kind: FROM_LIST,
                    source: None,
                    quote: Some(&quote),
                };
                self.move_in(tx, scope, &hearing, &moved).await?;
                self.confirm(tx, &hearing, (list, entry)).await?;
                Ok(Taken::Moved(hearing.id))
            }
            (Would::Add | Would::Contradict { .. }, _) => {
                let new = listed(list, entry);
                let new = self.fit(tx, case, new).await?;
                let id = self.enter(tx, scope, (case, None), &new).await?;
                self.tell_entered(tx, scope, case, &new).await?;
                Ok(Taken::Added(id))
            }
        }
    }

    /// Enters what a list says of a hearing that is known.
    async fn confirm(
        &self,
        tx: &mut Tx,
        hearing: &Hearing,
        (list, entry): (&CauseList, &ListEntry),
    ) -> Result<(), HearingError> {
        let listed = listed(list, entry);
        let mut hearing = hearing.clone();
        let known = &mut hearing.known;
        // The list is nearer to the day than whatever was known of hall and item.
        known.court_hall = listed.court_hall.or(known.court_hall.take());
        known.item = listed.item.or(known.item.take());
        known.starts_at = listed.starts_at.or(known.starts_at);
        known.list_type = listed.list_type.or(known.list_type);
        known.bench = listed.bench.or(known.bench.take());
        known.purpose = known.purpose.take().or(listed.purpose);
        Ok(store::describe(tx, &hearing).await?)
    }
}

/// What an entry says of a hearing.
fn listed(list: &CauseList, entry: &ListEntry) -> NewHearing {
    let short = |text: &Option<String>| text.as_ref().map(|text| text.chars().take(500).collect());
    NewHearing {
        starts_at: entry.starts_at,
        bench: short(&entry.bench),
        court_hall: entry.court_hall.clone(),
        item: entry.item.clone(),
        list_type: entry.list_type.or(list.list_type),
        purpose: short(&entry.purpose),
        source_kind: FROM_LIST,
        quote: Some(quoted(entry)),
        ..NewHearing::on(list.on_date)
    }
}
