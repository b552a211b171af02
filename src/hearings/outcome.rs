//! How a hearing went, and the next date with it.

use chrono::{NaiveDate, NaiveTime};
use serde_json::json;

use super::add::fits;
use super::store::Written;
use super::store::changes::Moved;
use super::{
    Adjourned, Hearing, HearingError, HearingOutcome, Hearings, NewHearing, SourceKind, filled,
    reasons, store,
};
use crate::cases::Source;
use crate::db::Tx;
use crate::events::EventKind;
use crate::kernel::{HearingId, Paise, Scope};

/// How a hearing went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// In one word.
    pub outcome: HearingOutcome,
    /// Whether it was mentioned before the court.
    pub mentioned: bool,
    /// Who appeared for this side.
    pub appeared_ours: Option<String>,
    /// Who appeared for the other.
    pub appeared_theirs: Option<String>,
    /// At whose request and why it was put off, where it was.
    pub adjourned: Option<Adjourned>,
    /// What was ordered to be paid as costs.
    pub costs: Option<Paise>,
    /// What was ordered; what the hearing's note was before stays when left out.
    pub note: Option<String>,
    /// The stage the case is in; likewise.
    pub stage: Option<String>,
    /// The next date.
    pub next: Option<Next>,
    /// How often the hearing was changed when the caller read it; not compared when left out.
    pub read: Option<i64>,
}

/// The next date, as the court gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The day.
    pub on_date: NaiveDate,
    /// When it begins.
    pub starts_at: Option<NaiveTime>,
    /// What it is for.
    pub purpose: Option<String>,
    /// The page it is known from; none when somebody noted it in court.
    pub source: Option<Source>,
}

impl Hearings {
    /// Enters how a hearing went; a next date with it is the hearing that follows, entered,
    /// linked, or moved. Entered again, it corrects what was entered before. Gives the
    /// hearing that follows.
    ///
    /// # Errors
    /// Fails when the hearing is not the caller's to change, was withdrawn or is not as they
    /// read it any more, when its day has not come, and when what is entered does not fit together.
    pub async fn record_outcome(
        &self,
        scope: &Scope,
        id: HearingId,
        held: Held,
    ) -> Result<Option<HearingId>, HearingError> {
        let mut tx = self.parts.db.write().await?;
        let hearing = self.to_be_changed(&mut tx, scope, id).await?;
        hearing.is_as_read(held.read)?;
        let held = self.fit_outcome(&hearing, held)?;
        let written = Written {
            outcome: held.outcome,
            mentioned: held.mentioned,
            appeared_ours: held.appeared_ours.as_deref(),
            appeared_theirs: held.appeared_theirs.as_deref(),
            adjourned: held.adjourned.as_ref(),
            costs: held.costs,
            note: held.note.as_deref().or(hearing.known.note.as_deref()),
            stage: held.stage.as_deref().or(hearing.known.stage.as_deref()),
        };
        let now = self.parts.clock.now();
        store::set_outcome(&mut tx, scope.user(), id, &written, now).await?;
        let next = match held.next {
            Some(next) => Some(self.follow(&mut tx, scope, &hearing, next).await?),
            None => None,
        };
        let case = hearing.case_id;
        let details = json!({ "case": case, "hearing": id, "next": next });
        self.record(&mut tx, scope, "hearing.outcome", details).await?;
        let about = json!({ "hearing": id, "outcome": held.outcome.as_str(), "next": next });
        self.emit(&mut tx, scope, (EventKind::HearingChanged, case), about).await?;
        tx.commit().await?;
        Ok(next)
    }

    /// What is entered, once it fits together.
    fn fit_outcome(&self, hearing: &Hearing, held: Held) -> Result<Held, HearingError> {
        let unfit = |words| Err(HearingError::Unfit(words));
        let day = hearing.known.on_date;
        if day > self.today() {
            return unfit("enter how it went once the day has come");
        }
        if held.costs.is_some_and(|costs| costs < Paise(0)) {
            return unfit("costs cannot be less than nothing");
        }
        let put_off = held.outcome == HearingOutcome::Adjourned;
        if put_off && held.adjourned.is_none() {
            return unfit("say at whose request it was adjourned");
        }
        if let Some(next) = &held.next {
            fits(next.on_date)?;
            if held.outcome == HearingOutcome::Disposed {
                return unfit("a case disposed of has no next date; leave it out");
            }
            if next.on_date <= day {
                return unfit("the next date must come after the hearing");
            }
        }
        let adjourned = match held.adjourned.filter(|_| put_off) {
            Some(Adjourned { by, reason, words }) => {
                let known = |key: &String| reasons().iter().any(|reason| reason.key == *key);
                if reason.as_ref().is_some_and(|key| !known(key)) {
                    return unfit("choose a reason from the list, or leave it out and use words");
                }
                Some(Adjourned { by, reason, words: filled(words)? })
            }
            None => None,
        };
        Ok(Held {
            appeared_ours: filled(held.appeared_ours)?,
            appeared_theirs: filled(held.appeared_theirs)?,
            adjourned,
            note: filled(held.note)?,
            stage: filled(held.stage)?,
            ..held
        })
    }

    /// Makes the next date the hearing that follows another.
    async fn follow(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        hearing: &Hearing,
        next: Next,
    ) -> Result<HearingId, HearingError> {
        let case = hearing.case_id;
        let source_kind =
            if next.source.is_some() { SourceKind::Document } else { SourceKind::Manual };
        let new = NewHearing {
            starts_at: next.starts_at,
            purpose: next.purpose,
            source_kind,
            source: next.source,
            ..NewHearing::on(next.on_date)
        };
        let new = self.fit(tx, case, new).await?;
        if let Some(follows) = store::following(tx, scope, hearing.id).await? {
            if follows.known.on_date != new.on_date {
                if follows.known.outcome.is_some() {
                    return Err(HearingError::Unfit(
                        "the hearing that followed was held; leave the next date empty, or \
                         withdraw that hearing first",
                    ));
                }
                self.move_in(tx, scope, &follows, &moved_to(&follows, &new)).await?;
            }
            let mut follows = follows;
            follows.known.starts_at = new.starts_at.or(follows.known.starts_at);
            follows.known.purpose = new.purpose.or(follows.known.purpose.take());
            store::describe(tx, &follows).await?;
            return Ok(follows.id);
        }
        let coming = self.coming(tx, scope, case).await?;
        let there = coming.into_iter().find(|one| {
            one.known.on_date == new.on_date && one.previous.is_none() && one.id != hearing.id
        });
        if let Some(mut there) = there
            && store::link(tx, there.id, hearing.id).await?
        {
            there.known.purpose = new.purpose.or(there.known.purpose.take());
            store::describe(tx, &there).await?;
            return Ok(there.id);
        }
        let id = self.enter(tx, scope, (case, Some(hearing.id)), &new).await?;
        self.tell_entered(tx, scope, case, &new).await?;
        Ok(id)
    }
}

fn moved_to<'a>(hearing: &Hearing, new: &'a NewHearing) -> Moved<'a> {
    Moved {
        id: hearing.id,
        from: hearing.known.on_date,
        to: new.on_date,
        reason: Some("the outcome was entered again"),
        kind: new.source_kind,
        source: new.source.as_ref(),
        quote: None,
    }
}
