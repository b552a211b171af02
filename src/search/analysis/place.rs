//! Placing: which word stands at which position, and what is implied there.

use super::Token;
use super::join::{gap, is_digits};
use super::loose::loosen;
use super::roman::roman;
use super::tables::{self, Mark, Unit};
use super::words::Word;

/// How many words a list of numbers before a statute may span: `302, 307/34 IPC`.
const LONGEST_LIST: usize = 16;

/// How many words may name the numbers of a list: `order 39 rule`.
const MOST_NAMES: usize = 3;

/// Gives the words their positions.
pub(super) fn place(text: &str, words: &[Word]) -> Vec<Token> {
    let mut placing = Placing {
        text,
        words,
        next: 1,
        list: List::Closed,
        names: Vec::new(),
        tokens: Vec::with_capacity(words.len()),
    };
    for at in 0..words.len() {
        placing.word(at);
    }
    // An implied unit belongs one position back; the order among equals stays.
    placing.tokens.sort_by_key(|token| token.position);
    placing.tokens
}

/// Whether a word can be the number of a section: digits, and up to three letters.
pub(crate) fn is_reference_number(form: &str) -> bool {
    let digits = form.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&digits)
        && form.len() - digits <= 3
        && form.bytes().skip(digits).all(|byte| byte.is_ascii_lowercase())
}

/// Where a list of numbers after a unit stands: `Sections 302, 307 and 34`.
#[derive(Clone, Copy)]
enum List {
    /// No unit has been read.
    Closed,
    /// A unit has been read, its number follows.
    Named { roman: bool },
    /// A number has been read, the first of the list at the word `first`; more may
    /// follow.
    Numbered { first: usize },
}

struct Placing<'t> {
    text: &'t str,
    words: &'t [Word],
    /// The position of the next word.
    next: u32,
    list: List,
    /// What names the numbers of the list: `order 39 rule`.
    names: Vec<String>,
    tokens: Vec<Token>,
}

impl Placing<'_> {
    fn word(&mut self, at: usize) {
        if self.steps_aside(at) {
            self.imply(at, self.words[at].form.clone(), self.next);
            if let Some(was) = &self.words[at].was {
                self.imply(at, was.clone(), self.next);
            }
            if self.words[at].form == "of" {
                self.share_year(at);
            }
            return;
        }
        match self.list {
            List::Named { roman } => self.number(at, roman),
            List::Numbered { .. } => self.after_number(at),
            List::Closed => self.unlisted(at),
        }
    }

    /// Whether a word gives its position to the number after it: the `No.` and the
    /// `of` of a case number, the `and` of a list of sections.
    fn steps_aside(&self, at: usize) -> bool {
        let Some(following) = self.words.get(at + 1) else { return false };
        if self.is_series(at) {
            return is_digits(&following.form)
                || matches!(following.form.as_str(), "no" | "nos")
                || self.is_series(at + 1);
        }
        let spaced =
            |nth| gap(self.text, self.words, nth).chars().all(|c| c == '.' || c.is_whitespace());
        if !spaced(at) {
            return false;
        }
        match self.words[at].form.as_str() {
            "no" | "nos" => is_reference_number(&following.form) || is_digits(&following.form),
            "of" => {
                at > 0
                    && is_digits(&self.words[at - 1].form)
                    && spaced(at - 1)
                    && is_year(&following.form)
            }
            and if is_and(and) => {
                matches!(self.list, List::Numbered { .. }) && is_reference_number(&following.form)
            }
            _ => false,
        }
    }

    /// Whether a word is the series of a case type: the `(C)` of `W.P.(C) 5/2020`, the
    /// `(AT)(Ins)` of `Company Appeal (AT)(Ins) 12 of 2021`. Registries leave it out, as
    /// in `WP/5/2020`.
    fn is_series(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).and_then(|left| self.words.get(left)) else {
            return false;
        };
        let Some(word) = self.words.get(at) else { return false };
        tables::is_marked(Mark::CaseType, &word.form)
            && tables::is_marked(Mark::CaseType, &before.form)
            && gap(self.text, self.words, at - 1).ends_with('(')
            && self.text[word.end..].trim_start_matches('.').starts_with(')')
    }

    /// Puts the year of several case numbers after each: `Nos. 12, 13 and 14 of 2020`.
    /// The last has it already.
    fn share_year(&mut self, of: usize) {
        let mut nth = of - 1;
        for _ in 0..LONGEST_LIST {
            let Some(before) = self.number_before(nth) else { return };
            let start = self.words[before].start;
            let stands = |token: &&Token| !token.implied && token.start == start;
            if let Some(position) =
                self.tokens.iter().rev().find(stands).map(|token| token.position)
            {
                self.imply(of + 1, self.words[of + 1].form.clone(), position + 1);
            }
            nth = before;
        }
    }

    /// The number before another in a list or a range: `1234-1235`, `12, 13 and 14`.
    fn number_before(&self, at: usize) -> Option<usize> {
        let mut before = at.checked_sub(1)?;
        if is_and(&self.words[before].form) {
            before = before.checked_sub(1)?;
        } else {
            let between = gap(self.text, self.words, before).trim();
            if !matches!(between, "-" | "–" | "," | "&") {
                return None;
            }
        }
        (is_digits(&self.words[before].form) && !is_year(&self.words[before].form))
            .then_some(before)
    }

    /// A word outside a list: a unit, a number that a statute names, or any other.
    fn unlisted(&mut self, at: usize) {
        let word = &self.words[at];
        if let Some(unit) = tables::unit(&word.form).filter(|unit| self.names_number(at, unit)) {
            if word.form != unit.form && word.form.len() > 2 {
                self.imply(at, word.form.clone(), self.next);
            }
            self.stand(at, unit.form.clone());
            self.name(at, &unit.form);
            self.list = List::Named { roman: unit.roman };
        } else if is_reference_number(&word.form) && self.statute_follows(at) {
            self.names = vec!["section".to_owned()];
            self.stand_named(at);
            self.list = List::Numbered { first: at };
        } else {
            self.list = List::Closed;
            self.stand(at, word.form.clone());
        }
    }

    /// Whether a number follows that the unit names.
    fn names_number(&self, at: usize, unit: &Unit) -> bool {
        let Some(following) = self.words.get(at + 1) else { return false };
        let adjacent =
            gap(self.text, self.words, at).chars().all(|c| c == '.' || c.is_whitespace());
        let raw = &self.text[following.start..following.end];
        adjacent && (is_reference_number(&following.form) || (unit.roman && roman(raw).is_some()))
    }

    /// The first number after a unit.
    fn number(&mut self, at: usize, may_be_roman: bool) {
        let word = &self.words[at];
        let value = may_be_roman.then(|| roman(&self.text[word.start..word.end])).flatten();
        if let Some(value) = value {
            self.imply(at, word.form.clone(), self.next);
            self.stand(at, value.to_string());
        } else {
            self.stand(at, word.form.clone());
        }
        self.list = List::Numbered { first: at };
    }

    /// A word after a number: a subsection, another number, or the end of the list.
    fn after_number(&mut self, at: usize) {
        let word = &self.words[at];
        let between = gap(self.text, self.words, at - 1);
        if opens_subsection(between) && word.form.len() <= 5 {
            self.stand(at, word.form.clone());
        } else if is_reference_number(&word.form) && self.continues_list(at, between) {
            self.stand_named(at);
        } else if matches!(word.form.as_str(), "read" | "with" | "rw" | "सपठित") {
            self.stand(at, word.form.clone());
        } else {
            self.unlisted(at);
        }
    }

    /// Notes what names the numbers that follow; a part that follows another's first
    /// number is a part of that: `Order 39 Rule`.
    fn name(&mut self, at: usize, form: &str) {
        match self.list {
            List::Numbered { first } if first + 1 == at && self.names.len() < MOST_NAMES => {
                let number = self
                    .tokens
                    .iter()
                    .rev()
                    .find(|token| !token.implied && token.start == self.words[first].start);
                self.names.extend(number.map(|token| token.exact.clone()));
            }
            _ => self.names.clear(),
        }
        self.names.push(form.to_owned());
    }

    fn continues_list(&self, at: usize, between: &str) -> bool {
        let previous = self.words[at - 1].form.as_str();
        is_and(previous)
            || matches!(previous, "with" | "rw" | "सपठित")
            || separates_numbers(between)
    }

    /// Whether the number here, or the list it begins, stands before a statute.
    fn statute_follows(&self, at: usize) -> bool {
        let last = self.words.len().min(at + LONGEST_LIST);
        for nth in at + 1..last {
            let form = self.words[nth].form.as_str();
            let between = gap(self.text, self.words, nth - 1);
            if self.is_statute(nth) {
                return between.chars().all(|c| matches!(c, ')' | '.') || c.is_whitespace());
            }
            let listed = is_reference_number(form) && separates_numbers(between);
            let joining = matches!(form, "and" | "or" | "rw" | "read" | "with" | "of" | "the");
            let after_word = !is_reference_number(&self.words[nth - 1].form);
            let numbered = is_reference_number(form) && after_word;
            if !(listed || joining || numbered || opens_subsection(between)) {
                return false;
            }
        }
        false
    }

    fn is_statute(&self, at: usize) -> bool {
        let form = self.words[at].form.as_str();
        tables::is_marked(Mark::Statute, form)
            || (tables::is_part_of(Mark::Statute, form)
                && self.words.get(at + 1).is_some_and(|next| {
                    tables::is_marked(Mark::Statute, &format!("{form} {}", next.form))
                }))
    }

    /// Puts a word at the next position, and what it was written as beside it.
    fn stand(&mut self, at: usize, exact: String) {
        if let Some(was) = &self.words[at].was {
            self.imply(at, was.clone(), self.next);
        }
        self.push(at, exact, self.next, false);
        self.next += 1;
    }

    /// Puts a number at the next position, and what names it before it.
    fn stand_named(&mut self, at: usize) {
        for (back, name) in (1..).zip(self.names.clone().into_iter().rev()) {
            self.imply(at, name, self.next.saturating_sub(back));
        }
        self.stand(at, self.words[at].form.clone());
    }

    /// Puts a word beside the one at a position.
    fn imply(&mut self, at: usize, exact: String, position: u32) {
        self.push(at, exact, position, true);
    }

    fn push(&mut self, at: usize, exact: String, position: u32, implied: bool) {
        let Word { start, end, .. } = self.words[at];
        let stem = loosen(&exact);
        self.tokens.push(Token { start, end, position, exact, stem, implied });
    }
}

/// Whether a word stands between the last two numbers of a list.
fn is_and(form: &str) -> bool {
    matches!(form, "and" | "or" | "और" | "या" | "व" | "एवं" | "तथा")
}

/// Whether what stands before a word opens a subsection: `65B(4)`, `34(3)(b)`.
fn opens_subsection(between: &str) -> bool {
    matches!(between, "(" | ")(" | " (" | ") (")
}

/// Whether what stands before a number makes it one more of a list.
fn separates_numbers(between: &str) -> bool {
    let bare = between.trim_start_matches(')').trim();
    matches!(bare, "," | "&" | "/" | ";")
}

fn is_year(form: &str) -> bool {
    form.len() == 4
        && is_digits(form)
        && (form.starts_with("18") || form.starts_with("19") || form.starts_with("20"))
}

#[cfg(test)]
mod tests {
    use super::super::analyse;

    /// The words at each position, the implied ones after a plus.
    fn placed(text: &str) -> String {
        let mut out: Vec<(u32, bool, String)> = analyse(text)
            .into_iter()
            .map(|token| (token.position, token.implied, token.exact))
            .collect();
        out.sort();
        let mut shown = String::new();
        let mut last = None;
        for (position, _, exact) in out {
            let between = if last == Some(position) { "+" } else { " " };
            shown.push_str(between);
            shown.push_str(&exact);
            last = Some(position);
        }
        shown.trim().to_owned()
    }

    #[test]
    fn references_read_alike_however_they_are_written() {
        for (text, expected) in [
            ("s. 138 of the", "section 138 of the"),
            ("Sections 302, 307 and 34", "section+sections 302+section 307+section 34+and"),
            ("Order XXXIX Rules 1 & 2 CPC", "order 39+order+xxxix rule+39+rules 1+rule 2 cpc"),
            ("O. XXXIX R. 1", "order 39+xxxix rule 1"),
            ("I.A. No. 5 of 2023 listed", "ia 5+no 2023+of listed"),
            ("302/34 IPC", "section 302+section 34 ipc"),
            ("138 N.I. Act", "section 138 ni act"),
            ("Section 65B(4) certificate", "section 65b 4 certificate"),
            ("Sections 3(5), 103(1)", "section+sections 3 5+section 103 1"),
            ("there are no orders", "there are no orders"),
            ("धारा ३०२ और 34", "section+धारा 302+section 34+और"),
            ("Nos. 12, 13 and 14 of 2020", "12+nos 13+2020 and+2020 14 2020+of"),
            ("Nos. 12-13 of 2020", "12+nos 13+2020 2020+of"),
            ("W.P.(Civil) 5/2020", "wp 5+c+civil 2020"),
            ("W.P. (C) No. 5 of 2020", "wp 5+c+no 2020+of"),
            ("Company Appeal (AT)(Ins) 12 of 2021", "company appeal 12+at+ins 2021+of"),
        ] {
            assert_eq!(placed(text), expected, "{text}");
        }
    }
}
