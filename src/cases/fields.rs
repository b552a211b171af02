//! Fields of cases that the chamber made: what they are, and what they say of a case.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::values::{line, wrong};
use super::{CaseError, Cases};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseFieldId, CaseId, OrganisationId, Permission, Scope};
use crate::statement;

/// How many fields a chamber may have at once.
const MOST: usize = 50;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CaseFieldKind)]
pub enum FieldKind {
    /// A line of text.
    Text,
    /// A whole number.
    Number,
    /// A day.
    Day,
    /// One of several words.
    Choice,
    /// Yes or no.
    YesNo,
}

impl FieldKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Text, Self::Number, Self::Day, Self::Choice, Self::YesNo];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Day => "day",
            Self::Choice => "choice",
            Self::YesNo => "yes_no",
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Text => "a line of text",
            Self::Number => "a whole number",
            Self::Day => "a day",
            Self::Choice => "one of several words",
            Self::YesNo => "yes or no",
        }
    }
}

impl FromStr for FieldKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| text.to_owned())
    }
}

/// A field of the chamber's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseField {
    /// Its id.
    pub id: CaseFieldId,
    /// How it is called.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// Of a choice, the words.
    pub choices: Vec<String>,
    /// Whether a case that is opened or edited by hand must say something in it.
    pub required: bool,
    /// Since when it is shown no more; what it said is kept.
    pub archived_at: Option<DateTime<Utc>>,
}

/// A field to be made or changed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCaseField)]
pub struct NewField {
    /// How it is called.
    pub name: String,
    /// What it holds; a field that is there keeps its kind.
    pub kind: FieldKind,
    /// Of a choice, the words.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Whether a case that is opened or edited by hand must say something in it.
    #[serde(default)]
    pub required: bool,
}

/// What a field says of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::FromRow)]
#[serde(deny_unknown_fields)]
#[schema(as = CaseFieldValue)]
pub struct FieldValue {
    /// The field.
    pub field_id: CaseFieldId,
    /// Its value: a text, a whole number, a day as `YYYY-MM-DD`, one of the words, `yes` or
    /// `no`.
    pub value: String,
}

impl CaseField {
    /// Whether a refusal is of what was said in this field.
    #[must_use]
    pub fn is_named_in(&self, words: &str) -> bool {
        words.contains(&format!("“{}”", self.name))
    }

    /// A value as it is kept.
    ///
    /// # Errors
    /// Fails when it is not of the field's kind.
    pub(super) fn taken(&self, value: &str) -> Result<Option<String>, CaseError> {
        let Some(value) = line("fields", Some(value.to_owned()))? else {
            return if self.required {
                Err(wrong("fields", &format!("say something under “{}”", self.name)))
            } else {
                Ok(None)
            };
        };
        let misfit = |words: &str| wrong("fields", &format!("“{}”: {words}", self.name));
        let kept = match self.kind {
            FieldKind::Text => value,
            FieldKind::Number => {
                let plain = value.replace([',', ' '], "");
                plain.parse::<i64>().map_err(|_| misfit("write a whole number"))?.to_string()
            }
            FieldKind::Day => {
                let day = value.parse::<NaiveDate>();
                day.map_err(|_| misfit("write the day as 2026-12-31"))?.to_string()
            }
            FieldKind::Choice => {
                let known = self.choices.contains(&value);
                if known { value } else { return Err(misfit("choose one of the words")) }
            }
            FieldKind::YesNo => match value.as_str() {
                "yes" | "no" => value,
                _ => return Err(misfit("say yes or no")),
            },
        };
        Ok(Some(kept))
    }
}

impl NewField {
    fn checked(self) -> Result<Self, CaseError> {
        let name = line("name", Some(self.name))?;
        let name = name.ok_or_else(|| wrong("name", "say how the field is called"))?;
        let mut choices = Vec::new();
        for choice in self.choices {
            if let Some(choice) = line("choices", Some(choice))?
                && !choices.contains(&choice)
            {
                choices.push(choice);
            }
        }
        if self.kind == FieldKind::Choice && choices.len() < 2 {
            return Err(wrong("choices", "write the words to choose from, a line each"));
        }
        if self.kind != FieldKind::Choice {
            choices.clear();
        }
        Ok(Self { name, choices, ..self })
    }
}

impl Cases {
    /// The chamber's own fields, archived ones last.
    ///
    /// # Errors
    /// Fails for clients, or when the database does.
    pub async fn fields(&self, scope: &Scope) -> Result<Vec<CaseField>, CaseError> {
        if !scope.may(Permission::ReadCases) {
            return Err(CaseError::NotAllowed);
        }
        let mut tx = self.db.read().await?;
        Ok(all(&mut tx, scope.organisation()).await?)
    }

    /// Makes a field.
    ///
    /// # Errors
    /// Fails for who may not, when the name is taken, or there are too many.
    pub async fn add_field(&self, scope: &Scope, new: NewField) -> Result<CaseFieldId, CaseError> {
        if !scope.may(Permission::SetChamber) {
            return Err(CaseError::NotAllowed);
        }
        let new = new.checked()?;
        let id = CaseFieldId::new();
        let mut tx = self.db.write().await?;
        let known = all(&mut tx, scope.organisation()).await?;
        if known.iter().filter(|field| field.archived_at.is_none()).count() >= MOST {
            return Err(wrong("name", "50 fields are enough; archive one that is not used"));
        }
        let insert = statement!(
            "INSERT INTO case_fields
                 (id, organisation_id, ordinal, name, kind, choices, required, archived_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)"
        )
        .bind(id)
        .bind(scope.organisation())
        .bind(i64::try_from(known.len()).unwrap_or(0) + 1)
        .bind(new.name.as_str())
        .bind(new.kind.as_str())
        .bind(new.choices.join("\n"))
        .bind(new.required);
        tx.execute(insert).await.map_err(taken_name)?;
        let details = json!({ "field": id, "kind": new.kind.as_str() });
        self.record(&mut tx, scope, "case_field.add", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes how a field is called, its words, and whether it is required.
    ///
    /// # Errors
    /// Fails for who may not, when it is not there, or the name is taken.
    pub async fn change_field(
        &self,
        scope: &Scope,
        id: CaseFieldId,
        new: NewField,
    ) -> Result<(), CaseError> {
        if !scope.may(Permission::SetChamber) {
            return Err(CaseError::NotAllowed);
        }
        let mut tx = self.db.write().await?;
        let known = all(&mut tx, scope.organisation()).await?;
        let field = known.into_iter().find(|field| field.id == id).ok_or(CaseError::NotFound)?;
        let new = NewField { kind: field.kind, ..new }.checked()?;
        let update = statement!(
            "UPDATE case_fields SET name = $3, choices = $4, required = $5
             WHERE id = $1 AND organisation_id = $2"
        )
        .bind(id)
        .bind(scope.organisation())
        .bind(new.name.as_str())
        .bind(new.choices.join("\n"))
        .bind(new.required);
        tx.execute(update).await.map_err(taken_name)?;
        self.record(&mut tx, scope, "case_field.change", json!({ "field": id })).await?;
        Ok(tx.commit().await?)
    }

    /// Shows a field no more, or again. What it says of cases is kept.
    ///
    /// # Errors
    /// Fails for who may not, or when it is not there.
    pub async fn archive_field(
        &self,
        scope: &Scope,
        id: CaseFieldId,
        archived: bool,
    ) -> Result<(), CaseError> {
        if !scope.may(Permission::SetChamber) {
            return Err(CaseError::NotAllowed);
        }
        let at = archived.then(|| self.clock.now());
        let mut tx = self.db.write().await?;
        let update = statement!(
            "UPDATE case_fields SET archived_at = $3 WHERE id = $1 AND organisation_id = $2"
        );
        let update = update.bind(id).bind(scope.organisation()).bind(at);
        if tx.execute(update).await? == 0 {
            return Err(CaseError::NotFound);
        }
        let details = json!({ "field": id, "archived": archived });
        self.record(&mut tx, scope, "case_field.archive", details).await?;
        Ok(tx.commit().await?)
    }
}

fn taken_name(error: DbError) -> CaseError {
    if error.is_conflict() {
        wrong("name", "there is a field of that name already")
    } else {
        error.into()
    }
}

#[derive(sqlx::FromRow)]
struct FieldRow {
    id: CaseFieldId,
    name: String,
    kind: String,
    choices: String,
    required: bool,
    archived_at: Option<DateTime<Utc>>,
}

async fn all(tx: &mut Tx, organisation: OrganisationId) -> Result<Vec<CaseField>, DbError> {
    let select = statement!(
        "SELECT id, name, kind, choices, required, archived_at FROM case_fields
         WHERE organisation_id = $1
         ORDER BY CASE WHEN archived_at IS NULL THEN 0 ELSE 1 END, ordinal, id LIMIT 500"
    );
    let field = |row: FieldRow| {
        let FieldRow { id, name, kind, choices, required, archived_at } = row;
        let unknown = |value| DbError::Inconsistent { table: "case_fields", column: "kind", value };
        let kind = kind.parse().map_err(unknown)?;
        let choices = choices.lines().map(str::to_owned).collect();
        Ok(CaseField { id, name, kind, choices, required, archived_at })
    };
    tx.all::<FieldRow>(select.bind(organisation)).await?.into_iter().map(field).collect()
}

/// What the fields say of a case.
pub(super) async fn values(tx: &mut Tx, case: CaseId) -> Result<Vec<FieldValue>, DbError> {
    let select = statement!(
        "SELECT v.field_id, v.value FROM case_field_values v
         JOIN case_fields f ON f.id = v.field_id
         WHERE v.case_id = $1 AND f.archived_at IS NULL ORDER BY f.ordinal, f.id LIMIT 500"
    );
    tx.all(select.bind(case)).await
}

/// Writes what the fields say of a case; an archived field keeps what it said.
pub(super) async fn set(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
    values: &[FieldValue],
) -> Result<(), CaseError> {
    let fields = all(tx, scope.organisation()).await?;
    let live = || fields.iter().filter(|field| field.archived_at.is_none());
    if values.iter().any(|value| !live().any(|field| field.id == value.field_id)) {
        return Err(wrong("fields", "there is no such field"));
    }
    for field in live() {
        let given = values.iter().find(|value| value.field_id == field.id);
        let value = field.taken(given.map_or("", |given| given.value.as_str()))?;
        let delete =
            statement!("DELETE FROM case_field_values WHERE case_id = $1 AND field_id = $2");
        tx.execute(delete.bind(case).bind(field.id)).await?;
        if let Some(value) = value {
            let insert = statement!(
                "INSERT INTO case_field_values (case_id, field_id, value) VALUES ($1, $2, $3)"
            );
            tx.execute(insert.bind(case).bind(field.id).bind(value)).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind, required: bool) -> CaseField {
        let choices = vec!["red".to_owned(), "blue".to_owned()];
        let name = "Rack".to_owned();
        CaseField { id: CaseFieldId::new(), name, kind, choices, required, archived_at: None }
    }

    #[test]
    fn a_value_is_of_its_fields_kind() {
        let kept = |kind, value: &str| field(kind, false).taken(value).ok().flatten();
        assert_eq!(kept(FieldKind::Number, " 1,200 ").as_deref(), Some("1200"));
        assert_eq!(kept(FieldKind::Number, "many"), None);
        assert_eq!(kept(FieldKind::Day, "2026-12-31").as_deref(), Some("2026-12-31"));
        assert_eq!(kept(FieldKind::Day, "31/12/2026"), None);
        assert_eq!(kept(FieldKind::Choice, "red").as_deref(), Some("red"));
        assert_eq!(kept(FieldKind::Choice, "green"), None);
        assert_eq!(kept(FieldKind::YesNo, "no").as_deref(), Some("no"));
        assert!(field(FieldKind::Text, false).taken("  ").unwrap().is_none());
        assert!(field(FieldKind::Text, true).taken("  ").is_err());
    }

    #[test]
    fn a_choice_needs_words_to_choose_from() {
        let new = |choices: &[&str]| NewField {
            name: "Rack".to_owned(),
            kind: FieldKind::Choice,
            choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
            required: false,
        };
        assert!(new(&["a", "a", " "]).checked().is_err());
        assert_eq!(new(&["a", " b "]).checked().unwrap().choices, ["a", "b"]);
    }
}
