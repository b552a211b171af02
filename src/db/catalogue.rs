//! What tables there are, asked of the engine itself, and what can be done with rows
//! of any of them. For erasure, which must not miss a table that came later.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use uuid::Uuid;

use super::{DbError, Dialect, Sql, Tx, Value};

/// How many values a statement names at once.
const BATCH: usize = 400;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Ids.
    Id,
    /// Text.
    Text,
    /// JSON.
    Json,
    /// Bytes.
    Bytes,
    /// Numbers, times and the like.
    Other,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may hold nothing.
    pub is_nullable: bool,
}

/// A column that names a row of another table by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The table it names rows of.
    pub target: String,
}

/// The tables.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// Every column of every table.
    pub columns: Vec<Column>,
    /// Every reference among them.
    pub references: Vec<Reference>,
}

/// Rows of several tables, by their ids.
pub type Rows = BTreeMap<String, BTreeSet<Uuid>>;

#[derive(sqlx::FromRow)]
struct ColumnRow {
    table_name: String,
    column_name: String,
    kind: String,
    nullable: bool,
}

#[derive(sqlx::FromRow)]
struct ReferenceRow {
    table_name: String,
    column_name: String,
    target: String,
}

#[derive(sqlx::FromRow)]
struct Id {
    id: Uuid,
}

#[derive(sqlx::FromRow)]
struct Held {
    bytes: Option<Vec<u8>>,
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

impl Catalogue {
    /// Asks the engine.
    ///
    /// # Errors
    /// Fails when the engine does.
    pub async fn read(tx: &mut Tx) -> Result<Self, DbError> {
        let (columns, references) = match tx.dialect() {
            Dialect::Sqlite => (
                "SELECT m.name AS table_name, p.name AS column_name, lower(p.type) AS kind,
                     p.\"notnull\" = 0 AS nullable
                 FROM sqlite_master m JOIN pragma_table_info(m.name) p
                 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'
                 ORDER BY m.name, p.cid",
                "SELECT m.name AS table_name, f.\"from\" AS column_name, f.\"table\" AS target
                 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
                 WHERE m.type = 'table' ORDER BY m.name, f.\"from\"",
            ),
            Dialect::Postgres => (
                "SELECT c.table_name::text, c.column_name::text, c.data_type::text AS kind,
                     c.is_nullable = 'YES' AS nullable
                 FROM information_schema.columns c
                 JOIN information_schema.tables t
                   ON t.table_schema = c.table_schema AND t.table_name = c.table_name
                 WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
                   AND c.table_name NOT LIKE '\\_sqlx%'
                 ORDER BY c.table_name, c.ordinal_position",
                "SELECT s.relname::text AS table_name, a.attname::text AS column_name,
                     t.relname::text AS target
                 FROM pg_constraint c
                 JOIN pg_class s ON s.oid = c.conrelid
                 JOIN pg_class t ON t.oid = c.confrelid
                 JOIN pg_namespace n ON n.oid = c.connamespace
                 JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                 WHERE c.contype = 'f' AND n.nspname = current_schema()
                 ORDER BY 1, 2",
            ),
        };
        let columns = tx.all::<ColumnRow>(Sql::new(columns)).await?;
        let references = tx.all::<ReferenceRow>(Sql::new(references)).await?;
        Ok(Self {
            columns: columns
                .into_iter()
                .map(|row| Column {
                    table: row.table_name,
                    name: row.column_name,
                    kind: Kind::of(&row.kind),
                    is_nullable: row.nullable,
                })
                .collect(),
            references: references
                .into_iter()
                .map(|row| Reference {
                    table: row.table_name,
                    column: row.column_name,
                    target: row.target,
                })
                .collect(),
        })
    }

    /// The columns of a table.
    pub fn of(&self, table: &str) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(move |column| column.table == table)
    }

    /// Whether the rows of a table have ids.
    #[must_use]
    pub fn has_ids(&self, table: &str) -> bool {
        self.of(table).any(|column| column.name == "id" && column.kind == Kind::Id)
    }

    /// The tables, each before those it names rows of, as far as that can be.
    #[must_use]
    pub fn children_first(&self) -> Vec<String> {
        let mut left: BTreeSet<&str> =
            self.columns.iter().map(|column| column.table.as_str()).collect();
        let mut ordered = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let is_named = |table: &str| {
                self.references.iter().any(|it| {
                    it.target == table && it.table != table && left.contains(it.table.as_str())
                })
            };
            let free: Vec<&str> = left.iter().copied().filter(|table| !is_named(table)).collect();
            let next = if free.is_empty() { left.iter().copied().collect() } else { free };
            for table in next {
                left.remove(table);
                ordered.push(table.to_owned());
            }
        }
        ordered
    }
}

impl Kind {
    fn of(name: &str) -> Self {
        match name {
            "uuid" => Self::Id,
            "text" => Self::Text,
            "json" | "jsonb" => Self::Json,
            "bytea" | "blob" => Self::Bytes,
            _ => Self::Other,
        }
    }
}

/// A statement over names that came from the catalogue.
fn over(parts: &[&str], values: Vec<Value>) -> Sql {
    Sql { text: Cow::Owned(parts.concat()), values }
}

/// A name of a table or column, fit to stand in a statement.
fn named(name: &str) -> Result<&str, DbError> {
    let fits = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if fits && !name.is_empty() {
        Ok(name)
    } else {
        Err(DbError::Inconsistent { table: "catalogue", column: "name", value: name.to_owned() })
    }
}

/// `$1, $2, …` and what is bound to them.
fn listed(ids: &[Uuid]) -> (String, Vec<Value>) {
    let mut text = String::new();
    for place in 1..=ids.len() {
        let comma = if place == 1 { "" } else { ", " };
        let _ = write!(text, "{comma}${place}");
    }
    (text, ids.iter().map(|id| Value::Uuid(Some(*id))).collect())
}

impl Tx {
    /// The ids of the rows whose column holds one of these.
    ///
    /// # Errors
    /// Fails when the engine refuses the statement.
    pub async fn ids_in(
        &mut self,
        table: &str,
        column: &str,
        values: &BTreeSet<Uuid>,
    ) -> Result<BTreeSet<Uuid>, DbError> {
        let (table, column) = (named(table)?, named(column)?);
        let mut found = BTreeSet::new();
        for batch in values.iter().copied().collect::<Vec<_>>().chunks(BATCH) {
            let (list, values) = listed(batch);
            let text = ["SELECT id FROM ", table, " WHERE ", column, " IN (", &list, ")"];
            found.extend(self.all::<Id>(over(&text, values)).await?.into_iter().map(|row| row.id));
        }
        Ok(found)
    }

    /// How many rows hold one of these in a column.
    ///
    /// # Errors
    /// Fails when the engine refuses the statement.
    pub async fn count_in(
        &mut self,
        table: &str,
        column: &str,
        values: &BTreeSet<Uuid>,
    ) -> Result<u64, DbError> {
        let (table, column) = (named(table)?, named(column)?);
        let mut count = 0;
        for batch in values.iter().copied().collect::<Vec<_>>().chunks(BATCH) {
            let (list, values) = listed(batch);
            let text =
                ["SELECT COUNT(*) AS count FROM ", table, " WHERE ", column, " IN (", &list, ")"];
            count += self.one::<Count>(over(&text, values)).await?.count;
        }
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Deletes the rows that hold one of these in a column.
    ///
    /// # Errors
    /// Fails when the engine refuses the statement.
    pub async fn delete_in(
        &mut self,
        table: &str,
        column: &str,
        values: &BTreeSet<Uuid>,
    ) -> Result<u64, DbError> {
        let (table, column) = (named(table)?, named(column)?);
        let mut count = 0;
        for batch in values.iter().copied().collect::<Vec<_>>().chunks(BATCH) {
            let (list, values) = listed(batch);
            let text = ["DELETE FROM ", table, " WHERE ", column, " IN (", &list, ")"];
            count += self.execute(over(&text, values)).await?;
        }
        Ok(count)
    }

    /// Empties a column in the rows that hold one of these in another (or the same).
    ///
    /// # Errors
    /// Fails when the engine refuses the statement.
    pub async fn empty_in(
        &mut self,
        table: &str,
        emptied: &str,
        column: &str,
        values: &BTreeSet<Uuid>,
    ) -> Result<u64, DbError> {
        let (table, column, emptied) = (named(table)?, named(column)?, named(emptied)?);
        let mut count = 0;
        for batch in values.iter().copied().collect::<Vec<_>>().chunks(BATCH) {
            let (list, values) = listed(batch);
            let text =
                ["UPDATE ", table, " SET ", emptied, " = NULL WHERE ", column, " IN (", &list, ")"];
            count += self.execute(over(&text, values)).await?;
        }
        Ok(count)
    }

    /// The ids of the rows that hold bytes in a column.
    ///
    /// # Errors
    /// Fails when the engine refuses the statement.
    pub async fn rows_with_bytes(
        &mut self,
        table: &str,
        key: &str,
        column: &str,
    ) -> Result<Vec<Uuid>, DbError> {
        let (table, key, column) = (named(table)?, named(key)?, named(column)?);
        let text = ["SELECT ", key, " AS id FROM ", table, " WHERE LENGTH(", column, ") > 0"];
        let rows = self.all::<Id>(over(&text, Vec::new())).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// The bytes in a column of a row, where it holds any.
    ///
    /// # Errors
    /// Fails when the engine refuses the statement.
    pub async fn bytes_in(
        &mut self,
        (table, key, column): (&str, &str, &str),
        row: Uuid,
    ) -> Result<Option<Vec<u8>>, DbError> {
        let (table, key, column) = (named(table)?, named(key)?, named(column)?);
        let text = ["SELECT ", column, " AS bytes FROM ", table, " WHERE ", key, " = $1"];
        let row = self.optional::<Held>(over(&text, vec![Value::Uuid(Some(row))])).await?;
        Ok(row.and_then(|row| row.bytes).filter(|bytes| !bytes.is_empty()))
    }

    /// Replaces the bytes in a column of a row.
    ///
    /// # Errors
    /// Fails when the engine refuses the statement.
    pub async fn set_bytes(
        &mut self,
        table: &str,
        key: &str,
        column: &str,
        row: Uuid,
        bytes: Vec<u8>,
    ) -> Result<(), DbError> {
        let (table, key, column) = (named(table)?, named(key)?, named(column)?);
        let text = ["UPDATE ", table, " SET ", column, " = $1 WHERE ", key, " = $2"];
        let values = vec![Value::Bytes(Some(bytes)), Value::Uuid(Some(row))];
        self.execute(over(&text, values)).await.map(drop)
    }

    /// How many rows of an organisation hold a text in a column of text or JSON, in
    /// whatever case its letters are. The table must say whose a row is.
    ///
    /// # Errors
    /// Fails when the engine refuses the statement.
    pub async fn count_holding(
        &mut self,
        column: &Column,
        organisation: Uuid,
        text: &str,
    ) -> Result<u64, DbError> {
        let (table, name) = (named(&column.table)?, named(&column.name)?);
        let pattern =
            text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let statement = [
            "SELECT COUNT(*) AS count FROM ",
            table,
            " WHERE lower(CAST(",
            name,
            " AS TEXT)) LIKE $1 ESCAPE '\\' AND organisation_id = $2",
        ];
        let values =
            vec![Value::Text(Some(format!("%{pattern}%"))), Value::Uuid(Some(organisation))];
        let count = self.one::<Count>(over(&statement, values)).await?.count;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}
