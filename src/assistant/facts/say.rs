//! The words of the tables: days, money, and a line for each row.

use std::fmt::Write;

use chrono::NaiveDate;

use crate::assistant::grounds::{Fact, Grounds};
use crate::billing::Invoice;
use crate::cases::Party;
use crate::deadlines::{Task, TaskKind};
use crate::fees::TimeEntry;
use crate::hearings::Hearing;
use crate::kernel::{CaseId, Paise};

/// How many characters of a row are told.
const LINE: usize = 600;

/// What the tables said to one question: facts, and what is said beside them.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The facts, not numbered yet.
    pub(super) facts: Vec<Fact>,
    /// What there is no fact for: rows left out, a name that fits nothing.
    pub(super) words: Option<String>,
    /// Whether all there is to tell is that there is nothing.
    pub(super) nothing: bool,
}

impl Told {
    /// Words alone.
    pub(super) fn only(words: impl Into<String>) -> Self {
        Self { facts: Vec::new(), words: Some(words.into()), nothing: false }
    }

    /// That there is nothing, as a fact of its own.
    pub(super) fn nothing(fact: Fact) -> Self {
        Self { facts: vec![fact], words: None, nothing: true }
    }

    /// Some facts; `cut` when rows were left out, with what to do about it.
    pub(super) fn of(facts: Vec<Fact>, cut: bool) -> Self {
        let words = cut.then(|| "More rows were left out; name a case or fewer days.".to_owned());
        Self { facts, words, nothing: false }
    }

    /// Numbers the facts into the grounds, and writes them as an answer: a heading for
    /// each, a line for each row, each with its number in brackets.
    pub(super) fn write(self, grounds: &mut Grounds) -> String {
        let mut text = String::new();
        for fact in self.facts {
            let (title, lines) = (fact.title.clone(), fact.text.clone());
            let number = grounds.add(fact);
            let _ = writeln!(text, "{title}:");
            for line in lines.lines() {
                let _ = writeln!(text, "- {line} [{number}]");
            }
            text.push('\n');
        }
        if let Some(words) = self.words {
            text.push_str(&words);
        }
        text.trim_end().to_owned()
    }
}

/// A fact that waits for its number.
pub(super) fn fact(title: &str, href: String, lines: &[String]) -> Fact {
    let short = |line: &String| {
        let line = clean(line);
        if line.chars().count() <= LINE {
            return line;
        }
        line.chars().take(LINE).chain(['…']).collect()
    };
    let lines: Vec<String> = lines.iter().map(short).collect();
    Fact { number: 0, title: clean(title), href, text: lines.join("\n") }
}

/// The page of a case, at one of its parts.
pub(super) fn page_of(case: CaseId, part: &str) -> String {
    format!("/cases/{case}{part}")
}

/// What somebody typed into a table as one line of an answer: no line breaks, and none of
/// the marks that mean a quotation, a citation or a link there.
pub(super) fn clean(text: &str) -> String {
    let plain = |c: char| match c {
        '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '\'' | '‘' | '‚' => '’',
        '[' | '<' => '(',
        ']' | '>' => ')',
        c if c.is_whitespace() || c.is_control() => ' ',
        c => c,
    };
    let text: String = text.chars().map(plain).collect();
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A day: `22 November 2026`.
pub(super) fn day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// Money: `₹ 1,25,000.00`.
pub(super) fn money(amount: Paise) -> String {
    amount.to_string().replacen('₹', "₹ ", 1)
}

/// Minutes: `1 h 30 min`.
pub(super) fn minutes(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest} min"),
    }
}

/// A hearing as a line.
pub(super) fn hearing(hearing: &Hearing) -> String {
    let known = &hearing.known;
    let mut line = day(known.on_date);
    let mut add = |before: &str, text: Option<&str>| {
        if let Some(text) = text {
            let _ = write!(line, "{before}{text}");
        }
    };
    add(", before ", known.bench.as_deref());
    add(", court hall ", known.court_hall.as_deref());
    add(", item ", known.item.as_deref());
    add(", at the stage of ", known.stage.as_deref());
    add(", for ", known.purpose.as_deref());
    add("; ", known.outcome.map(crate::hearings::HearingOutcome::words));
    add("; ", known.note.as_deref());
    line
}

/// Something to be done as a line.
pub(super) fn task(task: &Task, today: NaiveDate) -> String {
    let kind = match task.kind {
        TaskKind::Deadline => "deadline",
        TaskKind::Task => "task",
    };
    let mut line = format!("{} ({kind})", task.title);
    match task.due_on {
        Some(due) if due < today => {
            let _ = write!(line, ", was due on {}, overdue", day(due));
        }
        Some(due) => {
            let _ = write!(line, ", due on {}", day(due));
        }
        None => line.push_str(", without a day"),
    }
    if let Some(name) = &task.assignee {
        let _ = write!(line, ", given to {name}");
    }
    line
}

/// A party as a line.
pub(super) fn party(party: &Party) -> String {
    let mut line = format!("{} ({})", party.name, party.role);
    if party.ours {
        line.push_str(", for whom this chamber appears");
    } else if let Some(counsel) = &party.counsel {
        let _ = write!(line, ", for whom {counsel} appears");
    } else {
        line.push_str(", whose counsel is not noted");
    }
    line
}

/// Time worked as a line.
pub(super) fn time(entry: &TimeEntry) -> String {
    format!(
        "{}: {}, {}, {}, {}",
        day(entry.worked_on),
        entry.who,
        minutes(entry.minutes),
        entry.description,
        money(entry.charged())
    )
}

/// An invoice as a line.
pub(super) fn invoice(invoice: &Invoice, today: NaiveDate) -> String {
    let mut line = format!(
        "Invoice {} of {}: {}, paid {}",
        invoice.number,
        day(invoice.issued_on),
        money(invoice.total),
        money(invoice.paid)
    );
    if invoice.outstanding() == Paise(0) {
        line.push_str(", nothing outstanding");
        return line;
    }
    let _ = write!(line, ", outstanding {}", money(invoice.outstanding()));
    match invoice.due_on {
        Some(due) if due < today => {
            let _ = write!(line, ", overdue since {}", day(due));
        }
        Some(due) => {
            let _ = write!(line, ", due on {}", day(due));
        }
        None => {}
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_money_are_written_out() {
        assert_eq!(day("2026-11-22".parse().unwrap()), "22 November 2026");
        assert_eq!(money(Paise(12_500_000)), "₹ 1,25,000.00");
        assert_eq!(minutes(90), "1 h 30 min");
    }

    #[test]
    fn what_was_typed_can_forge_no_line_citation_or_quotation() {
        let typed = "A [3] \"said\"\n- <b>B</b> [1](http://x)";
        assert_eq!(clean(typed), "A (3) ’said’ - (b)B(/b) (1)(http://x)");
    }
}
