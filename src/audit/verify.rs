//! Walking a record from its first row to its sealed end.

use std::fmt;

use chrono::{DateTime, Utc};

use super::chain::{KEYED, UNKEYED, digest};
use super::head::Head;
use super::{Audit, AuditError, Entry, store};
use crate::kernel::{OrganisationId, Scope};

/// What a walk over a record found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How many rows are there.
    pub rows: i64,
    /// How many of them were written before the record had a key; anyone who can
    /// write to the tables could have made these anew.
    pub unkeyed: i64,
    /// How many older rows retention has removed.
    pub removed: i64,
    /// The number of the last row, and its hash in hexadecimal digits: noted
    /// elsewhere, they show later whether the whole was put back to an older state.
    pub last: (i64, String),
    /// The first row that does not fit.
    pub finding: Option<Finding>,
}

/// A row that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// Its number.
    pub number: i64,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Something in the row is not what was written.
    Changed,
    /// The row is gone, and later ones are there.
    Missing,
    /// The row that was written at another place stands here.
    Moved {
        /// Where it was written.
        from: i64,
    },
    /// The row was put in: it was not written by the service.
    Inserted,
    /// This row and all after it are gone.
    CutOff,
    /// The sealed end of the record is gone.
    NoHead,
    /// The sealed end of the record was changed, or its master key is missing.
    HeadDamaged,
    /// The record once held another row here: all of it is older than what was noted.
    RolledBack,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number;
        match self.fault {
            Fault::Changed => write!(f, "row {number} was changed"),
            Fault::Missing => write!(f, "row {number} is missing"),
            Fault::Moved { from } => {
                write!(f, "the rows are reordered: what was row {from} stands as row {number}")
            }
            Fault::Inserted => write!(f, "row {number} was not written by the service"),
            Fault::CutOff => write!(f, "the record is cut off: row {number} and later are gone"),
            Fault::NoHead => write!(f, "the sealed end of the record is missing"),
            Fault::HeadDamaged => write!(f, "the sealed end of the record cannot be opened"),
            Fault::RolledBack => write!(
                f,
                "row {number} is not the one that was noted: the record was put back or made anew"
            ),
        }
    }
}

/// The last walk over a record.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Checked {
    /// When.
    pub at: DateTime<Utc>,
    /// How many rows there were.
    pub row_count: i64,
    /// What was found, in words.
    pub finding: Option<String>,
}

/// A row noted earlier: its number and hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Its number.
    pub number: i64,
    /// Its hash, in hexadecimal digits.
    pub hash: String,
}

impl std::str::FromStr for Noted {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = "expected NUMBER:HASH, as an earlier check printed it";
        let (number, hash) = text.split_once(':').ok_or(form)?;
        let number = number.parse().map_err(|_| form)?;
        let fits = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        fits.then(|| Self { number, hash: hash.to_ascii_lowercase() }).ok_or(form)
    }
}

/// A walk as far as it has come.
struct Walk {
    expected: i64,
    previous: Vec<u8>,
    rows: i64,
}

impl Audit {
    /// Walks an organisation's record and says which row is the first that does not
    /// fit and why. What is found is kept for [`Audit::last_check`].
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn verify(
        &self,
        organisation: OrganisationId,
        noted: Option<&Noted>,
    ) -> Result<Verdict, AuditError> {
        let verdict = self.walk(organisation, noted).await?;
        let mut tx = self.db.write().await?;
        let checked = Checked {
            at: self.clock.now(),
            row_count: verdict.rows,
            finding: verdict.finding.map(|finding| finding.to_string()),
        };
        store::keep_check(&mut tx, organisation, checked).await?;
        tx.commit().await?;
        Ok(verdict)
    }

    /// The number of the first row that does not fit, or none when the record is whole.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn check(&self, organisation: OrganisationId) -> Result<Option<i64>, AuditError> {
        let verdict = self.walk(organisation, None).await?;
        Ok(verdict.finding.map(|finding| finding.number))
    }

    /// What the last walk over the caller's record found.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn last_check(&self, scope: &Scope) -> Result<Option<Checked>, AuditError> {
        let mut tx = self.db.read().await?;
        Ok(store::check(&mut tx, scope.organisation()).await?)
    }

    /// Every organisation and its name.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn organisations(&self) -> Result<Vec<(OrganisationId, String)>, AuditError> {
        let mut tx = self.db.read().await?;
        Ok(store::organisations(&mut tx).await?)
    }

    async fn walk(
        &self,
        organisation: OrganisationId,
        noted: Option<&Noted>,
    ) -> Result<Verdict, AuditError> {
        let mut tx = self.db.read().await?;
        let sealed = store::head(&mut tx, organisation).await?;
        let head = match sealed.map(|sealed| Head::open(&self.vault, organisation, &sealed)) {
            Some(Ok(head)) => Some(head),
            Some(Err(_)) => return Ok(Verdict::broken(1, Fault::HeadDamaged)),
            None => None,
        };
        let keyless = head.is_none();
        let head = head.unwrap_or_else(|| Head::begin(i64::MAX, None));
        let mut walk =
            Walk { expected: head.removed + 1, previous: head.removed_hash.clone(), rows: 0 };
        let mut finding = None;
        'rows: loop {
            let rows = store::from(&mut tx, organisation, walk.expected).await?;
            if walk.rows == 0
                && let Some(first) = store::first(&mut tx, organisation).await?
                && first < walk.expected
            {
                finding = Some(Finding { number: first, fault: Fault::Inserted });
                break;
            }
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let fault = if keyless && row.digest != UNKEYED {
                    Some(Finding { number: row.number, fault: Fault::NoHead })
                } else {
                    walk.fault(&row, organisation, &head)
                };
                let fault = fault.or_else(|| rolled_back(&row, noted));
                if fault.is_some() {
                    finding = fault;
                    break 'rows;
                }
                walk.expected += 1;
                walk.rows += 1;
                walk.previous = row.hash;
            }
        }
        let last = walk.expected - 1;
        if finding.is_none() {
            let end = if keyless { last } else { head.count };
            let end = noted.map_or(end, |noted| end.max(noted.number));
            if last < end {
                finding = Some(Finding { number: last + 1, fault: Fault::CutOff });
            } else if !keyless && walk.previous != head.hash {
                finding = Some(Finding { number: last, fault: Fault::Changed });
            }
        }
        let unkeyed = if keyless { walk.rows } else { (head.unkeyed - head.removed).max(0) };
        let last = (last, hex(&walk.previous));
        Ok(Verdict { rows: walk.rows, unkeyed, removed: head.removed, last, finding })
    }
}

impl Verdict {
    fn broken(number: i64, fault: Fault) -> Self {
        let finding = Some(Finding { number, fault });
        Self { rows: 0, unkeyed: 0, removed: 0, last: (0, String::new()), finding }
    }
}

impl Walk {
    /// What is wrong with the row that comes next.
    fn fault(&self, row: &Entry, organisation: OrganisationId, head: &Head) -> Option<Finding> {
        let found = |number, fault| Some(Finding { number, fault });
        if row.number > head.count {
            // The rows up to the sealed end are all there, or some are gone before this.
            return if self.expected > head.count {
                found(row.number, Fault::Inserted)
            } else {
                found(self.expected, Fault::Missing)
            };
        }
        if row.number != self.expected {
            return found(self.expected, Fault::Missing);
        }
        let kind = if row.number <= head.unkeyed { UNKEYED } else { KEYED };
        let written_at = |number| {
            let hash = digest(row, number, organisation, &head.key);
            hash.is_some_and(|hash| hash == row.hash)
        };
        if row.digest != kind {
            return found(row.number, Fault::Changed);
        }
        if !written_at(row.number) {
            let from = (1..=head.count.min(MOST_PLACES)).find(|number| written_at(*number));
            return match from {
                Some(from) => found(row.number, Fault::Moved { from }),
                None => found(row.number, Fault::Changed),
            };
        }
        (row.previous_hash != self.previous)
            .then_some(Finding { number: row.number, fault: Fault::Changed })
    }
}

/// How many places a row that does not fit is tried at.
const MOST_PLACES: i64 = 200_000;

fn rolled_back(row: &Entry, noted: Option<&Noted>) -> Option<Finding> {
    let noted = noted.filter(|noted| noted.number == row.number)?;
    (hex(&row.hash) != noted.hash)
        .then_some(Finding { number: row.number, fault: Fault::RolledBack })
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
