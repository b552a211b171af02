//! How alike two names are, and why.
//!
//! Each word of one name is joined with the word of the other it is most like. What is
//! joined speaks for one person, and a word on both sides that nothing joins speaks
//! against it; a word too many on one side, such as a middle name left out, does little.
//! Words weigh by how much they tell: a given name or surname in full, `Kumar` a third.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::parse::{Called, Name};
use super::sound::{Join, Sound, alike};
use super::table::{Form, table};

/// From this score on two names are a possible match, in thousandths. Chosen on the
/// tuned pairs of `tests/it/conflicts/pairs.toml`.
pub const POSSIBLE: i64 = 780;

/// What a word that tells apart weighs, in hundredths.
const FULL: i64 = 100;
/// The most that a match without a telling word scores.
const FAINT: i64 = 700;

/// How alike two names are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// In thousandths; a thousand for the same words.
    pub score: i64,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
}

/// Compares two names.
#[must_use]
pub fn compare(one: &Name, other: &Name) -> Likeness {
    let pairs = one.called.iter().flat_map(|a| other.called.iter().map(move |b| (a, b)));
    let compared = pairs.map(|(a, b)| called(a, b));
    let best = compared.max_by_key(|likeness| likeness.score);
    let mut best = best.unwrap_or(Likeness { score: 0, reasons: Vec::new() });
    if best.score > 0
        && let (Some(first), Some(second)) = (&one.of, &other.of)
    {
        if called(first, second).score < 600 {
            best.score = best.score * 7 / 10;
            best.reasons.push("The father's or husband's name differs.".to_owned());
        } else {
            best.score = (best.score + 30).min(1000);
            best.reasons.push("The father's or husband's name is alike too.".to_owned());
        }
    }
    best
}

impl Name {
    /// The same name without what may be another.
    #[must_use]
    pub fn without(mut self, other: &Self) -> Self {
        self.called.retain(|one| other.called.iter().all(|two| called(one, two).score < POSSIBLE));
        self
    }
}

/// A word of one name joined with one of the other.
struct Joined {
    score: i64,
    how: Join,
    one: usize,
    other: usize,
}

/// What is compared of two names: their words, where one word of one that is two of the
/// other was made one, and whether they are of bodies.
struct Sides {
    one: Vec<String>,
    other: Vec<String>,
    /// How the words of each sound.
    sounds: (Vec<Arc<Sound>>, Vec<Arc<Sound>>),
    bodies: bool,
}

impl Sides {
    fn weight(&self, word: &str) -> i64 {
        let table = table();
        if word.chars().count() == 1 || (self.bodies && table.general.contains(word)) {
            50
        } else if self.bodies && table.bodies.contains(word) {
            70
        } else if !self.bodies && table.common.contains(word) {
            30
        } else {
            FULL
        }
    }

    /// The weights of the words that nothing joins.
    fn left(&self, words: &[String], joined: &BTreeSet<usize>) -> i64 {
        let left = words.iter().enumerate().filter(|(at, _)| !joined.contains(at));
        left.map(|(_, word)| self.weight(word)).sum()
    }

    fn word(words: &[String], at: usize) -> &str {
        words.get(at).map_or("", String::as_str)
    }

    /// Joins each word with the one it is most like, the most alike first.
    fn join(&self) -> Vec<Joined> {
        let mut all = Vec::new();
        let (ones, others) = &self.sounds;
        for (one, a) in self.one.iter().zip(ones).enumerate() {
            for (other, b) in self.other.iter().zip(others).enumerate() {
                let (score, how) = self.words_alike(a, b);
                if score > 0 {
                    all.push(Joined { score, how, one, other });
                }
            }
        }
        all.sort_by_key(|pair| (-pair.score, pair.one.abs_diff(pair.other), pair.one));
        let (mut ones, mut others) = (BTreeSet::new(), BTreeSet::new());
        all.retain(|pair| {
            let free = !ones.contains(&pair.one) && !others.contains(&pair.other);
            if free {
                ones.insert(pair.one);
                others.insert(pair.other);
            }
            free
        });
        all
    }

    fn words_alike(
        &self,
        (a, first): (&String, &Arc<Sound>),
        (b, second): (&String, &Arc<Sound>),
    ) -> (i64, Join) {
        let short = |word: &str| word.chars().count() == 1;
        if !short(a) && !short(b) {
            return alike((a, first), (b, second));
        }
        let start = |word: &str| word.chars().next();
        let same_start = start(a) == start(b) || start(&first.close) == start(&second.close);
        match (short(a) && short(b), same_start) {
            (_, false) => (0, Join::Nothing),
            (true, true) => (900, Join::Initial),
            // A letter in the name of a body stands for no word of it.
            (false, true) if self.bodies => (0, Join::Nothing),
            (false, true) => (700, Join::Initial),
        }
    }
}

/// The words of a name with their sounds, where two that are one word of the other are made
/// one.
fn made_one(called: &Called, other: &Called) -> (Vec<String>, Vec<Arc<Sound>>) {
    let long = |(word, _): &(&String, &Arc<Sound>)| word.chars().count() > 4;
    let long: Vec<&str> = other
        .words
        .iter()
        .zip(&other.sounds)
        .filter(long)
        .map(|(_, sound)| sound.bare.as_str())
        .collect();
    let fits = |at: usize| {
        let long_enough = |word: Option<&String>| word.is_some_and(|word| word.chars().count() > 1);
        let pair = called.pairs.get(at)?;
        let both = long_enough(called.words.get(at)) && long_enough(called.words.get(at + 1));
        (both && long.contains(&pair.bare.as_str())).then_some(pair)
    };
    let (mut words, mut sounds) = (Vec::new(), Vec::new());
    let mut skip = false;
    for (at, (word, sound)) in called.words.iter().zip(&called.sounds).enumerate() {
        if std::mem::take(&mut skip) {
            continue;
        }
        if let (Some(pair), Some(next)) = (fits(at), called.words.get(at + 1)) {
            words.push(format!("{word}{next}"));
            sounds.push(Arc::clone(pair));
            skip = true;
        } else {
            words.push(word.clone());
            sounds.push(Arc::clone(sound));
        }
    }
    (words, sounds)
}

/// Whether a single word is the first letters of the words of another name.
fn stands_for(one: &Called, other: &Called) -> bool {
    let [word] = one.words.as_slice() else {
        return false;
    };
    let letters: String = other.words.iter().filter_map(|word| word.chars().next()).collect();
    other.words.len() >= 3 && *word == letters
}

fn called(a: &Called, b: &Called) -> Likeness {
    if stands_for(a, b) || stands_for(b, a) {
        let reasons = vec!["The letters stand for the words of the other name.".to_owned()];
        return Likeness { score: 850, reasons };
    }
    let ((one, first), (other, second)) = (made_one(a, b), made_one(b, a));
    let sides = Sides { one, other, sounds: (first, second), bodies: a.is_body || b.is_body };
    let joined = sides.join();
    let telling = joined.iter().any(|pair| pair.how != Join::Initial);
    if !telling {
        return Likeness { score: 0, reasons: Vec::new() };
    }
    let score = by_form(scored(&sides, &joined), a, b);
    Likeness { score, reasons: reasons(&sides, &joined, a, b) }
}

fn scored(sides: &Sides, joined: &[Joined]) -> i64 {
    let weigh = |pair: &Joined| {
        let one = sides.weight(Sides::word(&sides.one, pair.one));
        one.min(sides.weight(Sides::word(&sides.other, pair.other)))
    };
    let matched: i64 = joined.iter().map(&weigh).sum();
    let likeness: i64 = joined.iter().map(|pair| weigh(pair) * pair.score).sum();
    let distinct = joined.iter().any(|pair| weigh(pair) >= 70);
    let ones: BTreeSet<usize> = joined.iter().map(|pair| pair.one).collect();
    let others: BTreeSet<usize> = joined.iter().map(|pair| pair.other).collect();
    let left_one = sides.left(&sides.one, &ones);
    let left_other = sides.left(&sides.other, &others);
    let over = (left_one - left_other).abs();
    let first_is_left =
        if left_one > left_other { !ones.contains(&0) } else { !others.contains(&0) };
    // What stands first tells one body from another, and so does anything where only
    // words are shared that many bodies have: Union of India is not its bank.
    let one_sided = (left_one == 0) != (left_other == 0);
    let strict = sides.bodies && one_sided && (first_is_left || !distinct);
    let against = 2 * left_one.min(left_other) * 100 + over * if strict { 120 } else { 35 };
    let score = likeness * 100 / (matched * 100 + against).max(1);
    let single = sides.one.len().min(sides.other.len()) == 1;
    let faint = if sides.bodies { matched <= 50 } else { matched <= 30 || (single && over >= 90) };
    if faint { score.min(FAINT) } else { score }
}

/// The forms of two bodies make them a little less alike where they differ.
fn by_form(score: i64, a: &Called, b: &Called) -> i64 {
    let mut score = score;
    if forms_differ(a, b) {
        score = score * 95 / 100;
    }
    if a.forms.contains(&Form::Family) != b.forms.contains(&Form::Family) {
        score = score * 85 / 100;
    }
    score
}

fn forms_differ(a: &Called, b: &Called) -> bool {
    let told = |words: &Called| {
        words.forms.iter().copied().filter(|form| *form != Form::Company).collect::<BTreeSet<_>>()
    };
    !a.forms.is_empty() && !b.forms.is_empty() && told(a) != told(b)
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}", letters.as_str())
}

fn reasons(sides: &Sides, joined: &[Joined], a: &Called, b: &Called) -> Vec<String> {
    let mut reasons = Vec::new();
    let same: Vec<String> = joined
        .iter()
        .filter(|pair| pair.how == Join::Letters)
        .map(|pair| capital(Sides::word(&sides.one, pair.one)))
        .collect();
    if !same.is_empty() {
        reasons.push(format!("The same in both: {}.", same.join(", ")));
    }
    for pair in joined {
        let one = capital(Sides::word(&sides.one, pair.one));
        let other = capital(Sides::word(&sides.other, pair.other));
        match pair.how {
            Join::Sound => reasons.push(format!("{one} and {other} sound alike.")),
            Join::Slip => reasons.push(format!("{one} and {other} differ by a letter.")),
            Join::Initial if one != other => {
                reasons.push(format!("{one} may stand for {other}."));
            }
            Join::Letters | Join::Initial | Join::Nothing => {}
        }
    }
    let left = |words: &[String], of: fn(&Joined) -> usize| {
        let taken: BTreeSet<usize> = joined.iter().map(of).collect();
        let left = words.iter().enumerate().filter(|(at, _)| !taken.contains(at));
        left.map(|(_, word)| capital(word)).collect::<Vec<_>>()
    };
    let mut single = left(&sides.one, |pair| pair.one);
    single.extend(left(&sides.other, |pair| pair.other));
    if !single.is_empty() {
        reasons.push(format!("In one of them only: {}.", single.join(", ")));
    }
    if forms_differ(a, b) {
        reasons.push("The company form differs.".to_owned());
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(one: &str, other: &str) -> i64 {
        compare(&Name::read(one), &Name::read(other)).score
    }

    #[test]
    fn the_same_in_other_words_is_a_possible_match() {
        for (one, other) in [
            ("Dr. A. K. Sharma", "Ajay Kumar Sharma"),
            ("रमेश शर्मा", "Shri Ramesh Sharma"),
            ("Suresh Mukherjee", "Suresh Mukhopadhyay"),
            ("Sharma Textiles (P) Ltd.", "M/s Sharma Textiles Private Limited"),
            ("Sitaram Yadav", "Sita Ram Yadav"),
            ("SBI", "State Bank of India"),
            ("RK Sharma", "Rajesh Kumar Sharma"),
            ("LG Electronics", "LG Electronics India Private Limited"),
            ("H. C. Gupta", "Harish Chandra Gupta"),
            ("M. P. Singh", "Mahendra Pratap Singh"),
            ("Rameshbhai Patel", "Ramesh Patel"),
            ("Tata Consultancy Services Ltd.", "TCS Limited"),
        ] {
            assert!(score(one, other) >= POSSIBLE, "{one} {other}: {}", score(one, other));
        }
    }

    #[test]
    fn another_one_is_not() {
        for (one, other) in [
            ("Ramesh Sharma", "Rakesh Sharma"),
            ("A. Sharma", "B. Sharma"),
            ("ABC Steel Ltd", "ABC Textiles Ltd"),
            ("State of Kerala", "State of Karnataka"),
            ("State Bank of India", "Bank of India"),
            ("Union Bank of India", "Union of India"),
            ("Ramesh Sharma s/o Mohan Lal", "Ramesh Sharma s/o Girdhari Prasad"),
            ("", "Ramesh Sharma"),
            ("Kumar", "Ramesh Kumar"),
        ] {
            assert!(score(one, other) < POSSIBLE, "{one} {other}: {}", score(one, other));
        }
    }

    #[test]
    fn a_comparison_is_the_same_both_ways_and_says_why() {
        let (one, other) = (Name::read("Laxmi Devi"), Name::read("Lakshmi Kumari Devi"));
        let found = compare(&one, &other);
        assert_eq!(found.score, compare(&other, &one).score);
        assert!(found.reasons.iter().any(|why| why.contains("In one of them only: Kumari")));
        let found = compare(&Name::read("Pooja Mehta"), &Name::read("Puja Mehta"));
        assert!(found.reasons.contains(&"Pooja and Puja sound alike.".to_owned()), "{found:?}");
    }
}
