//! Notes: what the team writes down about a case for itself.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::values::{text, wrong};
use super::{CaseError, Cases};
use crate::audit::Changes;
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, NoteId, Scope, UserId};
use crate::statement;

/// The longest note, in characters.
const LONGEST: usize = 20_000;

/// A note of a case.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// What it says.
    pub text: String,
    /// Whether it stands before the others.
    pub pinned: bool,
    /// Who wrote it.
    pub written_by: UserId,
    /// How they are called.
    pub author: String,
    /// When.
    pub written_at: DateTime<Utc>,
    /// When it was last changed.
    pub edited_at: Option<DateTime<Utc>>,
}

fn checked(note: String) -> Result<String, CaseError> {
    text("text", Some(note), LONGEST)?.ok_or_else(|| wrong("text", "write what is to be noted"))
}

impl Cases {
    /// The notes of a case: pinned ones first, then the newest.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when what is in the case is not open to the caller.
    pub async fn notes(&self, scope: &Scope, case: CaseId) -> Result<Vec<Note>, CaseError> {
        let mut tx = self.db.read().await?;
        self.reads(&mut tx, scope, case).await?;
        Ok(list(&mut tx, case).await?)
    }

    /// Writes a note.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, or nothing is written.
    pub async fn add_note(
        &self,
        scope: &Scope,
        case: CaseId,
        note: String,
        pinned: bool,
    ) -> Result<NoteId, CaseError> {
        let mut tx = self.db.write().await?;
        self.changes(&mut tx, scope, case).await?;
        let id = self.add_note_in(&mut tx, scope, case, (note, pinned)).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub(super) async fn add_note_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        (note, pinned): (String, bool),
    ) -> Result<NoteId, CaseError> {
        let note = checked(note)?;
        let id = NoteId::new();
        let insert = statement!(
            "INSERT INTO case_notes (id, case_id, text, pinned, written_by, written_at, edited_at)
             VALUES ($1, $2, $3, $4, $5, $6, NULL)"
        );
        let insert = insert.bind(id).bind(case).bind(note).bind(pinned).bind(scope.user());
        tx.execute(insert.bind(self.clock.now())).await?;
        self.record(tx, scope, "note.add", json!({ "case": case, "note": id })).await?;
        Ok(id)
    }

    /// Changes what a note says, and whether it is pinned. Only its author changes its words;
    /// anybody who works on the case pins it.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, the note is not one of it, or the
    /// words are another's.
    pub async fn change_note(
        &self,
        scope: &Scope,
        case: CaseId,
        id: NoteId,
        (note, pinned): (String, bool),
    ) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        self.changes(&mut tx, scope, case).await?;
        let note = checked(note)?;
        let before = find(&mut tx, case, id).await?;
        let changes = before.text != note;
        if changes && before.written_by != scope.user() {
            return Err(CaseError::Unfit("only who wrote a note changes its words"));
        }
        let edited = if changes { Some(self.clock.now()) } else { before.edited_at };
        let update = statement!(
            "UPDATE case_notes SET text = $3, pinned = $4, edited_at = $5
             WHERE id = $1 AND case_id = $2"
        );
        let update = update.bind(id).bind(case).bind(note).bind(pinned).bind(edited);
        tx.execute(update).await?;
        let details = Changes::of("pinned", before.pinned, pinned)
            .and_withheld("text", changes)
            .onto(json!({ "case": case, "note": id }));
        self.record(&mut tx, scope, "note.change", details).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes a note: its author, and those who lead the case.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, the note is not one of it, or it is
    /// another's and the caller does not lead the case.
    pub async fn delete_note(
        &self,
        scope: &Scope,
        case: CaseId,
        id: NoteId,
    ) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        self.changes(&mut tx, scope, case).await?;
        let before = find(&mut tx, case, id).await?;
        let leads = scope.leads(case) && super::store::leads(&mut tx, scope, case).await?;
        if before.written_by != scope.user() && !leads {
            return Err(CaseError::LeadDecides("delete what others noted"));
        }
        let delete = statement!("DELETE FROM case_notes WHERE id = $1 AND case_id = $2");
        tx.execute(delete.bind(id).bind(case)).await?;
        self.record(&mut tx, scope, "note.delete", json!({ "case": case, "note": id })).await?;
        Ok(tx.commit().await?)
    }
}

macro_rules! notes {
    () => {
        "SELECT n.id, n.text, n.pinned, n.written_by, u.name AS author, n.written_at, n.edited_at
         FROM case_notes n JOIN users u ON u.id = n.written_by
         WHERE n.case_id = $1"
    };
}

async fn list(tx: &mut Tx, case: CaseId) -> Result<Vec<Note>, DbError> {
    let select = statement!(concat!(
        notes!(),
        " ORDER BY CASE WHEN n.pinned THEN 0 ELSE 1 END, n.written_at DESC, n.id DESC LIMIT 1000"
    ));
    tx.all(select.bind(case)).await
}

async fn find(tx: &mut Tx, case: CaseId, id: NoteId) -> Result<Note, CaseError> {
    let select = statement!(concat!(notes!(), " AND n.id = $2"));
    tx.optional(select.bind(case).bind(id)).await?.ok_or(CaseError::NotFound)
}
