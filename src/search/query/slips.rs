//! Slips: what in a query was likely meant otherwise.

use std::ops::Range;

use super::field;

/// How many suggestions are made; more would not be read.
const MOST: usize = 4;

/// What was likely meant otherwise than it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// How it was read, and what was likely meant, in plain words.
    pub says: String,
    /// A query to try in its place.
    pub instead: Option<String>,
}

/// A slip, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slip {
    span: Range<usize>,
    says: String,
    /// What to write there.
    with: Option<String>,
}

impl Slip {
    /// A slip with something to write in its place.
    pub(super) fn new(span: Range<usize>, says: String, with: impl Into<String>) -> Self {
        Self { span, says, with: Some(with.into()) }
    }

    /// A slip that only its writer can mend.
    pub(super) const fn told(span: Range<usize>, says: String) -> Self {
        Self { span, says, with: None }
    }
}

/// The suggestions for the slips of a query, the first slips first.
pub(super) fn suggestions(typed: &str, mut slips: Vec<Slip>) -> Vec<Suggestion> {
    slips.sort_by_key(|slip| slip.span.start);
    slips.dedup();
    slips.truncate(MOST);
    slips.into_iter().map(|slip| suggestion(typed, slip)).collect()
}

fn suggestion(typed: &str, slip: Slip) -> Suggestion {
    let instead = slip.with.and_then(|with| {
        let (before, after) = (typed.get(..slip.span.start)?, typed.get(slip.span.end..)?);
        let mended = format!("{before}{with}{after}");
        let mended = mended.split_whitespace().collect::<Vec<_>>().join(" ");
        (!mended.is_empty() && mended != typed).then_some(mended)
    });
    Suggestion { says: slip.says, instead }
}

/// The slip of a name before a colon that is no field, if it looks like one.
pub(super) fn unknown_field(typed: &str, name: Range<usize>) -> Option<Slip> {
    let written = &typed[name.clone()];
    match field::meant(written) {
        Some(meant) => {
            let says = format!("“{written}:” is not a field and was read as text; “{meant}:” is");
            Some(Slip::new(name, says, meant))
        }
        None if written.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            Some(Slip::told(name, format!("“{written}:” is not a field and was read as text")))
        }
        None => None,
    }
}

/// The slip of a word that is almost a proximity: `w5`, `p/5`, `w/0`, or `w/` with
/// its number after a space.
pub(super) fn proximity(typed: &str, chunk: Range<usize>) -> Option<Slip> {
    let written = &typed[chunk.clone()];
    let lower = written.to_ascii_lowercase();
    let slip = |end: usize, with: String| {
        let span = chunk.start..end;
        let says = format!(
            "“{}” was read as text; “{with}” asks how near words are",
            &typed[span.clone()]
        );
        Some(Slip::new(span, says, with))
    };
    if matches!(lower.as_str(), "w/" | "near/" | "pre/" | "w" | "near" | "pre") {
        let rest = &typed[chunk.end..];
        let number = rest.trim_start().trim_start_matches('/').trim_start();
        let digits = number.bytes().take_while(u8::is_ascii_digit).count();
        let slashed = lower.ends_with('/') || rest.trim_start().starts_with('/');
        let words = number[..digits].parse().ok().filter(|words| in_reach(*words))?;
        let end = chunk.end + (rest.len() - number.len()) + digits;
        let ends = number[digits..].chars().next().is_none_or(char::is_whitespace);
        let operator = lower.trim_end_matches('/');
        return if slashed && ends { slip(end, format!("{operator}/{words}")) } else { None };
    }
    for (misspelt, operator) in
        [("w/", "w"), ("near/", "near"), ("pre/", "pre"), ("p/", "pre"), ("w", "w")]
    {
        let Some(number) = lower.strip_prefix(misspelt) else { continue };
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let words = number.parse().unwrap_or(u32::MAX).clamp(1, super::lex::MAX_REACH);
        return slip(chunk.end, format!("{operator}/{words}"));
    }
    None
}

/// Whether words can be asked to be so near.
pub(super) const fn in_reach(words: u32) -> bool {
    1 <= words && words <= super::lex::MAX_REACH
}
