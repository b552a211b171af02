//! Fields of the chamber's own in which something must be said: they are asked for when a case
//! is opened by hand. Lists taken over and other systems open cases without them.

use super::fields;
use super::{CaseError, CaseField, CaseFile, Cases, FieldValue, NewCase};
use crate::kernel::{CaseId, Scope};

impl CaseFile {
    /// The names of the required fields in use under which the case says nothing.
    #[must_use]
    pub fn empty_fields(&self, fields: &[CaseField]) -> Vec<String> {
        let says = |field: &CaseField| self.fields.iter().any(|said| said.field_id == field.id);
        let wanted = fields.iter().filter(|field| field.required && field.archived_at.is_none());
        wanted.filter(|field| !says(field)).map(|field| field.name.clone()).collect()
    }
}

impl Cases {
    /// Makes sure that the chamber's own fields may say this of a case.
    ///
    /// # Errors
    /// Fails with [`CaseError::Wrong`] when something must be said in a field that is empty, or
    /// a value is not of its field's kind.
    pub async fn fields_fit(&self, scope: &Scope, values: &[FieldValue]) -> Result<(), CaseError> {
        let known = self.fields(scope).await?;
        for field in known.iter().filter(|field| field.archived_at.is_none()) {
            let given = values.iter().find(|value| value.field_id == field.id);
            field.taken(given.map_or("", |given| given.value.as_str()))?;
        }
        Ok(())
    }

    /// Opens a case with what the chamber's own fields say of it.
    ///
    /// # Errors
    /// As [`Cases::open`] and [`Cases::fields_fit`]; then no case is opened.
    pub async fn open_with_fields(
        &self,
        scope: &Scope,
        new: NewCase,
        values: &[FieldValue],
    ) -> Result<CaseId, CaseError> {
        let mut tx = self.db.write().await?;
        let id = self.open_in(&mut tx, scope, new).await?;
        fields::set(&mut tx, scope, id, values).await?;
        tx.commit().await?;
        Ok(id)
    }
}
