//! Finding other copies of the same text: another scan, a print of the same order.
//!
//! A *sketch* is a minhash of a document's words: the smallest hash of its runs of
//! three words under each of many hash functions. The share of equal places in two
//! sketches estimates what share of their runs two documents have in common
//! (Broder, "On the resemblance and containment of documents", 1997). Sketches are
//! cut into bands, and only versions that share a band are compared, so that finding
//! copies costs a few look-ups however many documents there are.

use std::collections::VecDeque;

use super::store::{seen_by, visible};
use super::{DocumentError, Documents};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, DocumentId, Scope, VersionId};
use crate::statement;

/// How many hash functions: an estimate of one half is within 0.1 in 19 of 20 cases.
const PLACES: usize = 96;
/// How many places a band has: copies that share 70 % of their runs are found in
/// 999 of 1,000 cases, those that share 30 % in one of five.
const BAND: usize = 4;
/// How many words a run has.
const RUN: usize = 3;
/// A document of fewer runs says too little to be called a copy.
const FEWEST: usize = 24;
/// From this share of runs on, documents are called the same text. Recognised text
/// with one word in twenty wrong keeps 0.75 of them.
const SAME: f64 = 0.55;

/// What a document's words come down to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sketch(Vec<u32>);

/// A document whose text is nearly that of another.
#[derive(Debug, Clone, PartialEq)]
pub struct Copy {
    /// The document.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// Its case.
    pub case: CaseId,
    /// The case's title.
    pub case_title: String,
    /// The share of their words, in runs of three, that the two have in common, in
    /// percent, as estimated.
    pub percent: u8,
}

impl Sketch {
    /// The sketch of a text in parts; none when it is too short to tell.
    pub(super) fn of<'a>(parts: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut places = vec![u32::MAX; PLACES];
        let mut run: VecDeque<u64> = VecDeque::with_capacity(RUN);
        let mut runs = 0_usize;
        let words = parts.flat_map(|part| part.split(|c: char| !c.is_alphanumeric()));
        for word in words.filter(|word| !word.is_empty()) {
            if run.len() == RUN {
                run.pop_front();
            }
            run.push_back(hash(word.to_lowercase().bytes()));
            if run.len() == RUN {
                runs += 1;
                let whole = hash(run.iter().flat_map(|word| word.to_le_bytes()));
                for (place, lowest) in (0_u64..).zip(&mut places) {
                    *lowest = (*lowest).min(mix(whole, place));
                }
            }
        }
        (runs >= FEWEST).then_some(Self(places))
    }

    /// The share of runs two texts have in common, estimated.
    #[expect(clippy::cast_precision_loss, reason = "a count up to a hundred")]
    fn likeness(&self, other: &Self) -> f64 {
        let same = self.0.iter().zip(&other.0).filter(|(one, other)| one == other).count();
        same as f64 / PLACES as f64
    }

    fn bands(&self) -> impl Iterator<Item = (i64, i64)> {
        let value = |band: &[u32]| hash(band.iter().flat_map(|place| place.to_le_bytes()));
        (0..).zip(self.0.chunks(BAND).map(move |band| value(band).cast_signed()))
    }

    fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|place| place.to_le_bytes()).collect()
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four)).collect())
    }
}

/// FNV-1a in 64 bits (Fowler, Noll and Vo): sketches are stored, so the hash must
/// stay the same for good.
fn hash(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// One of many hash functions, by the finaliser of splitmix64 (Steele et al., 2014).
fn mix(value: u64, function: u64) -> u32 {
    let mut mixed = value ^ function.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or(u32::MAX)
}

/// Puts a version's sketch in the place of an older one.
pub(super) async fn store(
    tx: &mut Tx,
    version: VersionId,
    sketch: Option<&Sketch>,
) -> Result<(), DbError> {
    let bands = statement!("DELETE FROM sketch_bands WHERE version_id = $1");
    tx.execute(bands.bind(version)).await?;
    let sketches = statement!("DELETE FROM sketches WHERE version_id = $1");
    tx.execute(sketches.bind(version)).await?;
    let Some(sketch) = sketch else { return Ok(()) };
    let insert = statement!("INSERT INTO sketches (version_id, sketch) VALUES ($1, $2)");
    tx.execute(insert.bind(version).bind(sketch.to_bytes())).await?;
    for (band, value) in sketch.bands() {
        let insert =
            statement!("INSERT INTO sketch_bands (version_id, band, value) VALUES ($1, $2, $3)");
        tx.execute(insert.bind(version).bind(band).bind(value)).await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Own {
    sketch: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Candidate {
    document_id: DocumentId,
    title: String,
    case_id: CaseId,
    case_title: String,
    sketch: Vec<u8>,
}

impl Documents {
    /// Other documents the caller may see whose latest version has nearly the text of
    /// this one's, the likest first.
    ///
    /// # Errors
    /// Fails when the document is not open to the caller.
    pub async fn copies(&self, scope: &Scope, id: DocumentId) -> Result<Vec<Copy>, DocumentError> {
        let version = self.find(scope, id).await?.version.version_id;
        let mut tx = self.db.read().await?;
        let own = statement!("SELECT sketch FROM sketches WHERE version_id = $1");
        let Some(own) = tx.optional::<Own>(own.bind(version)).await? else {
            return Ok(Vec::new());
        };
        let own = Sketch::from_bytes(&own.sketch);
        let select = statement!(concat!(
            "SELECT d.id AS document_id, d.title, c.id AS case_id, c.title AS case_title, k.sketch
             FROM documents d
             JOIN cases c ON c.id = d.case_id
             JOIN versions v ON v.document_id = d.id
              AND v.number = (SELECT MAX(w.number) FROM versions w WHERE w.document_id = d.id)
             JOIN sketches k ON k.version_id = v.id
             WHERE ",
            visible!(),
            " AND d.id <> $5 AND v.id IN
                 (SELECT other.version_id FROM sketch_bands own
                  JOIN sketch_bands other ON other.band = own.band AND other.value = own.value
                  WHERE own.version_id = $6)
             ORDER BY d.id LIMIT 200"
        ));
        let select = seen_by(select, scope).bind(id).bind(version);
        let mut copies: Vec<Copy> = tx
            .all::<Candidate>(select)
            .await?
            .into_iter()
            .filter_map(|row| {
                let likeness = own.likeness(&Sketch::from_bytes(&row.sketch));
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a share of one"
                )]
                let percent = (likeness * 100.0).round() as u8;
                let Candidate { document_id, title, case_id, case_title, .. } = row;
                (likeness >= SAME).then_some(Copy {
                    document: document_id,
                    title,
                    case: case_id,
                    case_title,
                    percent,
                })
            })
            .collect();
        copies.sort_by_key(|copy| std::cmp::Reverse(copy.percent));
        Ok(copies)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(from: usize, to: usize) -> String {
        let words: Vec<String> = (from..to).map(|number| format!("word{number}")).collect();
        words.join(" ")
    }

    fn likeness(one: &str, other: &str) -> f64 {
        let sketch = |text| Sketch::of(std::iter::once(text)).unwrap();
        sketch(one).likeness(&sketch(other))
    }

    #[test]
    fn the_estimate_is_near_the_truth() {
        let whole = words(0, 2_000);
        assert!((likeness(&whole, &whole) - 1.0).abs() < 1e-9);
        // 1,000 words in common of 3,000: a third.
        let third = likeness(&whole, &words(1_000, 3_000));
        assert!((third - 0.33).abs() < 0.15, "{third}");
        assert!(likeness(&whole, &words(5_000, 7_000)) < 0.05);
    }

    #[test]
    fn case_and_signs_do_not_matter() {
        let one = words(0, 100);
        let other = one.to_uppercase().replace(' ', ", ");
        assert!((likeness(&one, &other) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_poor_recognition_is_still_a_copy() {
        let text: Vec<String> = (0..2_000).map(|number| format!("word{number}")).collect();
        let poor: Vec<String> = (0..)
            .zip(&text)
            .map(|(at, word)| if at % 20 == 0 { format!("{word}x") } else { word.clone() })
            .collect();
        let found = likeness(&text.join(" "), &poor.join(" "));
        assert!(found >= SAME, "{found}");
    }

    #[test]
    fn a_note_of_a_few_words_has_no_sketch() {
        assert_eq!(Sketch::of(std::iter::once("The suit is decreed.")), None);
    }

    #[test]
    fn a_sketch_survives_storage() {
        let sketch = Sketch::of(std::iter::once(words(0, 100).as_str())).unwrap();
        assert_eq!(Sketch::from_bytes(&sketch.to_bytes()), sketch);
        assert_eq!(sketch.bands().count(), PLACES / BAND);
    }
}
