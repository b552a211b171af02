//! The register: every case the caller may know of, found by words and by what is known of
//! it, in order of what comes next.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Case, CaseError, Cases, store, tags, withheld};
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{CaseFieldId, CaseId, ClientId, Scope, UserId, case_numbers, day_in_india};
use crate::statement;

/// The most rows of a page.
const LARGEST_PAGE: u32 = 200;
/// How many words of a search count.
const MOST_WORDS: usize = 8;

/// By what the register is in order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CaseOrder)]
pub enum Order {
    /// What is listed next comes first; what has no date comes last.
    NextDate,
    /// What something was last added to comes first.
    #[default]
    LastTouched,
    /// By title.
    Title,
}

impl Order {
    /// Every order, as sent and in words.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::LastTouched, "last_touched", "last touched"),
        (Self::NextDate, "next_date", "next date"),
        (Self::Title, "title", "title"),
    ];
}

/// Which cases are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseQuery {
    /// Words of the title, a number, the CNR, a party, the client, a tag or a note; each must
    /// be there.
    pub words: String,
    /// The court.
    pub court: Option<String>,
    /// The stage.
    pub stage: Option<String>,
    /// `open` or `closed`.
    pub status: Option<String>,
    /// A tag.
    pub tag: Option<String>,
    /// Somebody who works on it.
    pub member: Option<UserId>,
    /// The client.
    pub client: Option<ClientId>,
    /// A field of the chamber's own, and what it says.
    pub field: Option<(CaseFieldId, String)>,
    /// In which order.
    pub order: Order,
    /// After this case, the last of the page before.
    pub after: Option<CaseId>,
    /// How many.
    pub limit: u32,
}

/// A part of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// The cases.
    pub rows: Vec<RegisterRow>,
    /// How many there are in all.
    pub total: usize,
    /// The case after which to go on; none at the end.
    pub next: Option<CaseId>,
}

/// A case in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRow {
    /// The case.
    pub case: Case,
    /// The stage it is at; with the next two only for those to whom the case is open.
    pub stage: Option<String>,
    /// When it is listed next.
    pub next_on: Option<NaiveDate>,
    /// Its tags.
    pub tags: Vec<String>,
}

/// What the register can be narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegisterChoices {
    /// The courts.
    pub courts: Vec<String>,
    /// The stages.
    pub stages: Vec<String>,
    /// The tags.
    pub tags: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct Found {
    id: CaseId,
    title: String,
    created_at: DateTime<Utc>,
    is_open: bool,
    next_on: Option<String>,
    stage: Option<String>,
    document_at: Option<DateTime<Utc>>,
}

impl Cases {
    /// The cases that are asked for, of those the caller may know of.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn register(&self, scope: &Scope, asked: &CaseQuery) -> Result<Register, CaseError> {
        let today = day_in_india(self.clock.now());
        let mut tx = self.db.read().await?;
        let mut found = tx.all::<Found>(query(scope, asked, today)).await?;
        in_order(&mut found, asked.order);
        let total = found.len();
        let begin = asked.after.and_then(|after| found.iter().position(|row| row.id == after));
        let begin = begin.map_or(0, |at| at + 1);
        let size = usize::try_from(asked.limit.clamp(1, LARGEST_PAGE)).unwrap_or(1);
        let page: Vec<Found> = found.into_iter().skip(begin).take(size).collect();
        let more = begin + page.len() < total;
        let next = page.last().filter(|_| more).map(|row| row.id);
        let rows = rows(&mut tx, scope, page).await?;
        Ok(Register { rows, total, next })
    }

    /// The courts, stages and tags of the cases the caller may know of.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn register_choices(&self, scope: &Scope) -> Result<RegisterChoices, CaseError> {
        let mut tx = self.db.read().await?;
        let courts = statement!(
            "SELECT DISTINCT c.court AS word FROM cases c
             WHERE c.organisation_id = $1
               AND ($2 OR EXISTS (SELECT 1 FROM known_cases m
                                  WHERE m.case_id = c.id AND m.user_id = $3))
               AND c.court IS NOT NULL
             ORDER BY 1 LIMIT 500"
        );
        let stages = statement!(
            "SELECT DISTINCT c.stage AS word FROM cases c
             WHERE c.organisation_id = $1
               AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                                  WHERE m.case_id = c.id AND m.user_id = $3))
               AND c.stage IS NOT NULL
             ORDER BY 1 LIMIT 500"
        );
        let tags = statement!(
            "SELECT DISTINCT t.tag AS word FROM case_tags t JOIN cases c ON c.id = t.case_id
             WHERE c.organisation_id = $1
               AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                                  WHERE m.case_id = c.id AND m.user_id = $3))
             ORDER BY 1 LIMIT 500"
        );
        Ok(RegisterChoices {
            courts: words(&mut tx, store::seen_by(courts, scope)).await?,
            stages: words(&mut tx, store::seen_by(stages, scope)).await?,
            tags: words(&mut tx, store::seen_by(tags, scope)).await?,
        })
    }
}

#[derive(sqlx::FromRow)]
struct Word {
    word: String,
}

async fn words(tx: &mut Tx, select: Sql) -> Result<Vec<String>, DbError> {
    Ok(tx.all::<Word>(select).await?.into_iter().map(|row| row.word).collect())
}

/// That a case is open to the caller; `$2` and `$3` are bound by `seen_by`.
const OPEN: &str = " AND ($2 OR EXISTS (SELECT 1 FROM open_cases o
                                        WHERE o.case_id = c.id AND o.user_id = $3))";

fn query(scope: &Scope, asked: &CaseQuery, today: NaiveDate) -> Sql {
    let select = statement!(
        "SELECT c.id, c.title, c.created_at, c.stage,
             ($2 OR EXISTS (SELECT 1 FROM open_cases o
                            WHERE o.case_id = c.id AND o.user_id = $3)) AS is_open,
             (SELECT MIN(h.on_date) FROM hearings h
              WHERE h.case_id = c.id AND h.on_date >= $4 AND h.outcome IS NULL
                AND h.withdrawn_at IS NULL) AS next_on,
             (SELECT MAX(d.created_at) FROM documents d WHERE d.case_id = c.id) AS document_at
         FROM cases c
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM known_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))"
    );
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let (stage, tag) = (filled(&asked.stage), filled(&asked.tag));
    let inside = stage.is_some() || tag.is_some() || asked.field.is_some();
    let mut select = store::seen_by(select, scope)
        .bind(today.to_string())
        .and_if("c.court =", filled(&asked.court))
        .and_if("c.status =", filled(&asked.status))
        .and_if("c.client_id =", asked.client)
        .and_if("c.stage =", stage);
    if let Some(tag) = tag {
        select = select
            .and_if(
                "EXISTS (SELECT 1 FROM case_tags t WHERE t.case_id = c.id AND t.tag =",
                Some(tag),
            )
            .then(")");
    }
    if let Some(member) = asked.member {
        select = select
            .and_if(
                "EXISTS (SELECT 1 FROM case_members x WHERE x.case_id = c.id AND x.user_id =",
                Some(member),
            )
            .then(")");
    }
    if let Some((field, value)) = &asked.field {
        select = select
            .and_if(
                "EXISTS (SELECT 1 FROM case_field_values v WHERE v.case_id = c.id AND v.field_id =",
                Some(*field),
            )
            .and_if("lower(v.value) =", Some(value.trim().to_lowercase()))
            .then(")");
    }
    if inside {
        select = select.then(OPEN);
    }
    worded(select, &asked.words)
}

/// Adds what must be said of a case: its number where the words are one, or else each word.
fn worded(mut select: Sql, words: &str) -> Sql {
    let words = words.trim();
    let number = case_numbers::find(words)
        .into_iter()
        .find(|found| found.range.start == 0 && found.range.end == words.len());
    if let Some(number) = number
        && number.kind == case_numbers::ReferenceKind::CaseNumber
    {
        return select
            .and_if(
                "c.id IN (SELECT n.case_id FROM case_numbers n WHERE n.normal =",
                Some(number.normal),
            )
            .then(")");
    }
    for word in words.split_whitespace().take(MOST_WORDS) {
        let plain = word.to_lowercase();
        let escaped = plain.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        select = select
            .and_if(
                "c.id IN (SELECT f.case_id FROM case_words f
                          WHERE (f.inside = FALSE OR $2
                                 OR f.case_id IN (SELECT o.case_id FROM open_cases o
                                                  WHERE o.user_id = $3))
                            AND f.words LIKE",
                Some(format!("%{escaped}%")),
            )
            .then(" ESCAPE '\\')");
    }
    select
}

fn in_order(found: &mut [Found], order: Order) {
    let touched = |row: &Found| match row.document_at {
        Some(at) if row.is_open => at.max(row.created_at),
        _ => row.created_at,
    };
    match order {
        Order::LastTouched => found.sort_by_key(|row| (Reverse(touched(row)), Reverse(row.id))),
        Order::Title => found.sort_by_cached_key(|row| (row.title.to_lowercase(), row.id)),
        Order::NextDate => found.sort_by_cached_key(|row| {
            let next = row.next_on.clone().filter(|_| row.is_open);
            (next.is_none(), next, row.title.to_lowercase(), row.id)
        }),
    }
}

/// The rows of a page, in its order.
async fn rows(tx: &mut Tx, scope: &Scope, page: Vec<Found>) -> Result<Vec<RegisterRow>, DbError> {
    let ids: Vec<CaseId> = page.iter().map(|row| row.id).collect();
    let open: Vec<CaseId> = page.iter().filter(|row| row.is_open).map(|row| row.id).collect();
    let mut cases: BTreeMap<CaseId, Case> =
        store::those(tx, scope, &ids).await?.into_iter().map(|case| (case.id, case)).collect();
    let mut tags: BTreeMap<CaseId, Vec<String>> = BTreeMap::new();
    for (case, tag) in tags::of_cases(tx, &open).await? {
        tags.entry(case).or_default().push(tag);
    }
    let row = |found: Found| {
        let case = withheld(scope, cases.remove(&found.id)?);
        let next_on = found.next_on.filter(|_| found.is_open);
        Some(RegisterRow {
            case,
            stage: found.stage.filter(|_| found.is_open),
            next_on: next_on.and_then(|day| day.parse().ok()),
            tags: tags.remove(&found.id).unwrap_or_default(),
        })
    };
    Ok(page.into_iter().filter_map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(title: &str, next_on: Option<&str>, minutes: i64, is_open: bool) -> Found {
        Found {
            id: CaseId::new(),
            title: title.to_owned(),
            created_at: DateTime::from_timestamp(minutes * 60, 0).unwrap(),
            is_open,
            next_on: next_on.map(str::to_owned),
            stage: None,
            document_at: DateTime::from_timestamp(9_000_000, 0),
        }
    }

    #[test]
    fn what_is_listed_next_comes_first_and_what_has_no_date_last() {
        let mut rows = vec![
            found("A", None, 1, true),
            found("B", Some("2026-12-02"), 2, true),
            found("C", Some("2026-11-30"), 3, true),
            // Not open to the reader: its date places it nowhere.
            found("D", Some("2026-01-01"), 4, false),
        ];
        in_order(&mut rows, Order::NextDate);
        let titles: Vec<&str> = rows.iter().map(|row| row.title.as_str()).collect();
        assert_eq!(titles, ["C", "B", "A", "D"]);
    }

    #[test]
    fn what_came_into_a_case_that_is_closed_to_the_reader_does_not_move_it() {
        let mut rows = vec![found("A", None, 5, false), found("B", None, 1, true)];
        in_order(&mut rows, Order::LastTouched);
        assert_eq!(rows[0].title, "B");
    }
}
