//! Which letter follows which: the table `index/letter_pairs.toml`.
//!
//! Letters are kept as the bits of a block of 128 code points, the size of the
//! blocks of all Indian scripts and of the basic Latin one.

use std::sync::LazyLock;

use serde::Deserialize;

const TABLE: &str = include_str!("../../../../index/letter_pairs.toml");

/// Code points in a block, as a power of two.
const BLOCK_BITS: u32 = 7;
/// Blocks up to Malayalam.
const BLOCKS: usize = 0x1b;

/// The pairs of every script.
static SCRIPTS: LazyLock<Vec<Option<Script>>> = LazyLock::new(|| load(TABLE));

/// The letters of a block.
struct Script {
    /// Those that start a word.
    first: u128,
    /// Those that follow each.
    after: [u128; 1 << BLOCK_BITS],
}

/// The table as it is written.
#[derive(Default, Deserialize)]
struct Table {
    script: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    first: String,
    after: Vec<String>,
}

/// Whether each letter usually follows the one before it.
///
/// What is no letter ends one word and starts another; scripts not in the
/// table pass.
pub(super) fn are_usual(letters: impl Iterator<Item = char>) -> bool {
    let mut before: Option<(usize, u32)> = None;
    for c in letters {
        if is_joiner(c) {
            continue;
        }
        let (block, letter) = place(c);
        let Some(script) = SCRIPTS.get(block).and_then(Option::as_ref).filter(|_| is_letter(c))
        else {
            before = None;
            continue;
        };
        let usual = match before {
            Some((same, last)) if same == block => script.after[last as usize],
            _ => script.first,
        };
        if usual >> letter & 1 == 0 {
            return false;
        }
        before = Some((block, letter));
    }
    true
}

/// Zero-width signs that only change how letters are drawn.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Small Latin letters, and all of an Indian block but dandas, digits and the sign of
/// abbreviation.
fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_lowercase();
    }
    !matches!(u32::from(c) & 0x7f, 0x64..=0x6f) && c != '\u{970}'
}

/// The block of a character and its place there.
fn place(c: char) -> (usize, u32) {
    let code = u32::from(c);
    ((code >> BLOCK_BITS) as usize, code & 0x7f)
}

fn load(table: &str) -> Vec<Option<Script>> {
    let mut scripts: Vec<Option<Script>> = (0..BLOCKS).map(|_| None).collect();
    // A table that does not parse judges nothing; a test holds it to its form.
    let table: Table = toml::from_str(table).unwrap_or_default();
    for row in table.script {
        let Some((block, _)) = row.first.chars().next().map(place) else { continue };
        let bits = |letters: &str| letters.chars().fold(0, |bits, c| bits | 1_u128 << place(c).1);
        let mut script = Script { first: bits(&row.first), after: [0; 1 << BLOCK_BITS] };
        for letters in &row.after {
            let mut letters = letters.chars();
            if let Some(before) = letters.next() {
                script.after[place(before).1 as usize] = bits(letters.as_str());
            }
        }
        if let Some(slot) = scripts.get_mut(block) {
            *slot = Some(script);
        }
    }
    scripts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_script() {
        let table: toml::Value = toml::from_str(TABLE).unwrap();
        let rows = table["script"].as_array().unwrap();
        assert_eq!(SCRIPTS.iter().flatten().count(), rows.len());
        assert_eq!(rows.len(), 10);
        assert!(rows.iter().all(|row| row["source"].as_str().is_some_and(|s| !s.is_empty())));
    }

    #[test]
    fn words_have_usual_pairs() {
        for word in ["judgment", "न्यायालय", "தமிழ்நாடு", "ন্যায়", "తెలుగు", "ನ್ಯಾಯಾಲಯ", "કોર્ટ"]
        {
            assert!(are_usual(word.chars()), "{word}");
        }
        assert!(are_usual("किसी/भी (क) १२".chars()));
    }

    #[test]
    fn shuffled_letters_do_not() {
        for word in ["jxdqmnt", "िवधि", "रािपत्र", "ொசல", "স্ািধন"]
        {
            assert!(!are_usual(word.chars()), "{word}");
        }
    }
}
