//! A naive search: every word of a text compared with every other, as the rules of
//! the language say it, without the analyser, the index or the parser.

use std::collections::BTreeSet;

/// The words of the made texts; of some the loose form is the same.
pub(super) const WORDS: [&str; 8] =
    ["apple", "bench", "claim", "delta", "grant", "granted", "grants", "verdict"];

/// A word of a made text, and the sentence and the paragraph it stands in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    word: usize,
    sentence: usize,
    paragraph: usize,
}

/// A made text: paragraphs of sentences of words.
pub(super) type Made = Vec<Vec<Vec<usize>>>;

/// The text as it is written, and the bytes of each word.
pub(super) fn written(made: &Made) -> (String, Vec<std::ops::Range<usize>>) {
    let mut text = String::new();
    let mut words = Vec::new();
    for (nth, paragraph) in made.iter().enumerate() {
        text.push_str(if nth > 0 { "\n\n" } else { "" });
        for (nth, sentence) in paragraph.iter().enumerate() {
            text.push_str(if nth > 0 { " " } else { "" });
            for (nth, &word) in sentence.iter().enumerate() {
                let word = WORDS[word];
                text.push_str(if nth > 0 { " " } else { "" });
                let start = text.len();
                // A sentence begins with a capital.
                let (first, rest) = word.split_at(1);
                text.push_str(&if nth > 0 { first.to_owned() } else { first.to_uppercase() });
                text.push_str(rest);
                words.push(start..text.len());
            }
            text.push('.');
        }
    }
    (text, words)
}

pub(super) fn spots(made: &Made) -> Vec<Spot> {
    let mut spots = Vec::new();
    let mut sentences = 0;
    for (paragraph, sentences_of) in made.iter().enumerate() {
        for words in sentences_of {
            sentences += 1;
            spots.extend(words.iter().map(|&word| Spot { word, sentence: sentences, paragraph }));
        }
    }
    spots
}

/// The first and the last word of a place, and of each mark it is made of.
type Standing = ((usize, usize), Vec<(usize, usize)>);

/// A query that is written out and read again.
#[derive(Debug, Clone)]
pub(super) enum Ask {
    Word(usize),
    Phrase(Vec<usize>),
    /// What is typed, and the words it stands for.
    Wild(&'static str, &'static [&'static str]),
    /// A phrase with wildcards, and the words each of its places stands for.
    WildPhrase(&'static str, &'static [&'static [&'static str]]),
    And(Vec<Ask>),
    Or(Vec<Ask>),
    Not(Box<Ask>),
    Near(Box<Ask>, &'static str, Box<Ask>),
}

pub(super) const WILD: [Ask; 5] = [
    Ask::Wild("gran*", &["grant", "granted", "grants"]),
    Ask::Wild("*ra*", &["grant", "granted", "grants"]),
    Ask::Wild("b?nch", &["bench"]),
    Ask::Wild("grant~1", &["grant", "grants"]),
    Ask::WildPhrase("\"gran* ?elta\"", &[&["grant", "granted", "grants"], &["delta"]]),
];

pub(super) const NEAR: [&str; 9] =
    ["w/1", "w/3", "near/2", "/4", "pre/1", "pre/3", "/s", "/p", "pre/s"];

impl Ask {
    pub(super) fn typed(&self) -> String {
        let group = |parts: &[Self], operator: &str| {
            let parts: Vec<String> = parts.iter().map(Self::typed).collect();
            format!("({})", parts.join(operator))
        };
        match self {
            Self::Word(word) => WORDS[*word].to_owned(),
            Self::Phrase(words) => {
                let words: Vec<&str> = words.iter().map(|&word| WORDS[word]).collect();
                format!("\"{}\"", words.join(" "))
            }
            Self::Wild(typed, _) | Self::WildPhrase(typed, _) => (*typed).to_owned(),
            Self::And(parts) => group(parts, " AND "),
            Self::Or(parts) => group(parts, " OR "),
            Self::Not(inner) => format!("(NOT {})", inner.typed()),
            Self::Near(left, how, right) => format!("({} {how} {})", left.typed(), right.typed()),
        }
    }

    /// The query with proximity taken into its groups.
    pub(super) fn spread(&self) -> Self {
        let each = |parts: &[Self]| parts.iter().map(Self::spread).collect();
        match self {
            Self::And(parts) => Self::And(each(parts)),
            Self::Or(parts) => Self::Or(each(parts)),
            Self::Not(inner) => Self::Not(Box::new(inner.spread())),
            Self::Near(left, how, right) => beside(left.spread(), how, right.spread()),
            other => other.clone(),
        }
    }

    fn is_placed(&self) -> bool {
        match self {
            Self::And(_) | Self::Not(_) => false,
            Self::Or(parts) => parts.iter().all(Self::is_placed),
            _ => true,
        }
    }

    pub(super) fn is_true_of(&self, spots: &[Spot]) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.is_true_of(spots)),
            Self::Or(parts) => parts.iter().any(|part| part.is_true_of(spots)),
            Self::Not(inner) => !inner.is_true_of(spots),
            placed => !placed.places(spots).is_empty(),
        }
    }

    /// What is marked, as the first and last word of each mark.
    pub(super) fn marks(&self, spots: &[Spot]) -> BTreeSet<(usize, usize)> {
        match self {
            Self::And(parts) => parts.iter().flat_map(|part| part.marks(spots)).collect(),
            Self::Or(parts) => {
                let open = parts.iter().filter(|part| !part.is_ruled_out(spots));
                open.flat_map(|part| part.marks(spots)).collect()
            }
            Self::Not(_) => BTreeSet::new(),
            placed => placed.places(spots).into_iter().flat_map(|(_, marks)| marks).collect(),
        }
    }

    fn is_ruled_out(&self, spots: &[Spot]) -> bool {
        let Self::And(parts) = self else { return false };
        parts.iter().any(|part| match part {
            Self::Not(inner) => inner.is_surely_true_of(spots),
            part => part.is_ruled_out(spots),
        })
    }

    fn is_surely_true_of(&self, spots: &[Spot]) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.is_surely_true_of(spots)),
            Self::Or(parts) => parts.iter().any(|part| part.is_surely_true_of(spots)),
            Self::Not(_) => false,
            placed => placed.is_true_of(spots),
        }
    }

    /// Each place, with the marks it is made of.
    fn places(&self, spots: &[Spot]) -> Vec<Standing> {
        let all = |fits: &dyn Fn(usize) -> bool, width: usize| {
            let starts = (0..(spots.len() + 1).saturating_sub(width)).filter(|&at| fits(at));
            starts.map(|at| ((at, at + width - 1), vec![(at, at + width - 1)])).collect()
        };
        let word = |at: usize| WORDS[spots[at].word];
        match self {
            Self::Word(asked) => {
                let loose = |word: &str| {
                    word.starts_with("grant")
                        .then_some("grant")
                        .map_or(word.to_owned(), str::to_owned)
                };
                all(&|at| loose(word(at)) == loose(WORDS[*asked]), 1)
            }
            Self::Phrase(words) => all(
                &|at| {
                    words.iter().enumerate().all(|(nth, &wanted)| word(at + nth) == WORDS[wanted])
                },
                words.len(),
            ),
            Self::Wild(_, words) => all(&|at| words.contains(&word(at)), 1),
            Self::WildPhrase(_, wild) => all(
                &|at| wild.iter().enumerate().all(|(nth, words)| words.contains(&word(at + nth))),
                wild.len(),
            ),
            Self::Or(parts) => parts.iter().flat_map(|part| part.places(spots)).collect(),
            Self::Near(left, how, right) => {
                let mut near = Vec::new();
                for (one, marks) in left.places(spots) {
                    for (other, more) in right.places(spots) {
                        if is_near(spots, one, how, other) && !shared(&marks, &more) {
                            let place = (one.0.min(other.0), one.1.max(other.1));
                            near.push((place, marks.iter().chain(&more).copied().collect()));
                        }
                    }
                }
                near
            }
            Self::And(_) | Self::Not(_) => Vec::new(),
        }
    }
}

fn beside(left: Ask, how: &'static str, right: Ask) -> Ask {
    if left.is_placed() && right.is_placed() {
        return Ask::Near(Box::new(left), how, Box::new(right));
    }
    if left.is_placed() {
        return match right {
            Ask::And(parts) => {
                Ask::And(parts.into_iter().map(|part| beside(left.clone(), how, part)).collect())
            }
            Ask::Or(parts) => {
                Ask::Or(parts.into_iter().map(|part| beside(left.clone(), how, part)).collect())
            }
            Ask::Not(inner) => Ask::Not(Box::new(beside(left, how, *inner))),
            placed => Ask::Near(Box::new(left), how, Box::new(placed)),
        };
    }
    match left {
        Ask::And(parts) => {
            Ask::And(parts.into_iter().map(|part| beside(part, how, right.clone())).collect())
        }
        Ask::Or(parts) => {
            Ask::Or(parts.into_iter().map(|part| beside(part, how, right.clone())).collect())
        }
        Ask::Not(inner) => Ask::Not(Box::new(beside(*inner, how, right))),
        placed => Ask::Near(Box::new(placed), how, Box::new(right)),
    }
}

fn is_near(spots: &[Spot], one: (usize, usize), how: &str, other: (usize, usize)) -> bool {
    let ordered = how.starts_with("pre");
    if ordered && one.1 >= other.0 {
        return false;
    }
    let apart = other.0.saturating_sub(one.1).max(one.0.saturating_sub(other.1));
    let whole = &spots[one.0.min(other.0)..=one.1.max(other.1)];
    match how.rsplit('/').next() {
        Some("s") => whole.iter().all(|spot| spot.sentence == whole[0].sentence),
        Some("p") => whole.iter().all(|spot| spot.paragraph == whole[0].paragraph),
        Some(words) => apart <= words.parse().unwrap(),
        None => false,
    }
}

/// Whether two places have a word in common.
fn shared(ones: &[(usize, usize)], others: &[(usize, usize)]) -> bool {
    ones.iter().any(|one| others.iter().any(|other| one.0 <= other.1 && other.0 <= one.1))
}
