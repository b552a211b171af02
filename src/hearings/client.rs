//! What a client sees of the hearings of a case shown to them, and is told.

use chrono::NaiveDate;

use super::{Hearing, HearingError, Hearings, store};
use crate::db::Tx;
use crate::kernel::{CaseId, Scope};
use crate::notices::{Notice, Reader};

impl Hearings {
    /// The last and the next hearing of a case that is shown to the client who asks,
    /// without what the team notes among themselves and without a day that is in doubt;
    /// none of any other case.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn for_client(
        &self,
        scope: &Scope,
        case: CaseId,
    ) -> Result<(Option<Hearing>, Option<Hearing>), HearingError> {
        let today = self.today();
        let mut tx = self.parts.db.read().await?;
        let mut found = store::for_client(&mut tx, scope, case).await?;
        if !found.is_empty() {
            let doubtful = store::claims::in_doubt(&mut tx, case).await?;
            found.retain(|one| one.known.outcome.is_some() || !doubtful.contains(&one.id));
        }
        let last = found.iter().rfind(|one| {
            one.known.on_date < today || (one.known.on_date == today && one.known.outcome.is_some())
        });
        let next =
            found.iter().find(|one| one.known.on_date >= today && one.known.outcome.is_none());
        Ok((last.cloned(), next.cloned()))
    }

    /// Tells the client of a case of its next date, where a day that was entered or moved
    /// to is that, or where the one it was moved from was.
    pub(super) async fn tell_next(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        changed: &[NaiveDate],
    ) -> Result<(), HearingError> {
        let coming = self.coming(tx, scope, case).await?;
        let doubtful = store::claims::in_doubt(tx, case).await?;
        let next = coming.iter().find(|one| !doubtful.contains(&one.id));
        let next = next.map(|one| one.known.on_date);
        if changed.iter().any(|day| next.is_none_or(|next| *day <= next)) {
            self.tell_client(tx, scope, case, next).await?;
        }
        Ok(())
    }

    /// Tells the client of a case that is shown to them of its next date.
    async fn tell_client(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        day: Option<NaiveDate>,
    ) -> Result<(), HearingError> {
        if day.is_some_and(|day| day < self.today()) {
            return Ok(());
        }
        let Some(told) = store::told_client(tx, case).await? else { return Ok(()) };
        let notice = Notice::NextDate { case_title: told.title, day };
        let reader = Reader::Client(told.client_id);
        let link = format!("/portal/cases/{case}");
        self.parts.notices.tell(tx, scope.organisation(), reader, &notice, &link).await?;
        Ok(())
    }
}
