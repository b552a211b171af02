//! By what a name is found among many: the sounds of its telling words, the sound of all
//! of them together, and the letters they begin with. Two names that may match share one.

use std::collections::BTreeSet;

use super::parse::{Called, Name};
use super::sound::Sound;
use super::table::table;

/// The most keys of one name; a longer one has enough of them.
const MOST: usize = 24;

/// The keys of a name.
#[must_use]
pub fn keys(name: &Name) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for called in &name.called {
        keys.extend(of_words(called));
    }
    keys.into_iter().take(MOST).collect()
}

fn of_words(called: &Called) -> BTreeSet<String> {
    let table = table();
    let long = || {
        let words = called.words.iter().zip(&called.sounds);
        words.filter(|(word, _)| word.chars().count() > 1)
    };
    let many = if called.is_body { &table.general } else { &table.common };
    let key = |sound: &Sound| format!("w:{}", sound.wide);
    let telling = long().filter(|(word, _)| !many.contains(*word));
    let mut keys: BTreeSet<String> = telling.map(|(_, sound)| key(sound)).collect();
    if keys.is_empty() {
        keys.extend(long().map(|(_, sound)| key(sound)));
    }
    // Two words that may be written as one, and one that may be written as two.
    keys.extend(called.pairs.iter().map(|sound| key(sound)));
    if called.words.len() >= 3 {
        let letters: String = called.words.iter().filter_map(|word| word.chars().next()).collect();
        keys.insert(format!("a:{letters}"));
    }
    if let [word] = called.words.as_slice() {
        keys.insert(format!("a:{word}"));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(one: &str, other: &str) -> bool {
        !keys(&Name::read(one)).is_disjoint(&keys(&Name::read(other)))
    }

    #[test]
    fn names_that_may_match_share_a_key() {
        for (one, other) in [
            ("A. K. Sharma", "Ajay Kumar Sharma"),
            ("Ramkumar Tripathi", "Ram Kumar Tripathi"),
            ("Ramkumar", "Ram Kumar"),
            ("SBI", "State Bank of India"),
            ("TCS", "Tata Consultancy Services"),
            ("ONGC Ltd", "Oil and Natural Gas Corporation"),
            ("मोहम्मद इरफ़ान", "Mohd. Irfan"),
            ("Rameshbhai Patel", "Ramesh Patel"),
            ("RK Sharma", "Rajesh Kumar Sharma"),
        ] {
            assert!(share(one, other), "{one} {other}");
        }
        assert!(!share("Ramesh Kumar", "Suresh Kumar"));
    }
}
