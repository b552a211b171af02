//! The words of an exported answer.

use std::fmt::Write as _;
use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset, Utc};
use regex::Regex;

use super::{Document, Told};
use crate::assistant::answer::WITHOUT_MODEL;
use crate::assistant::gate::Verification;
use crate::paper::{Block, Column, Paper, Run, Table};

/// What stands in an answer where something was removed.
static NOTICES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\[[a-z ]{1,30} removed: [^\[\]]{1,60}\]").ok());

/// A time as a chamber in India reads it.
pub(super) fn moment(time: DateTime<Utc>) -> String {
    // Five hours and a half east of Greenwich, all year.
    let india = FixedOffset::east_opt(19_800);
    let shape = "%d.%m.%Y, %H:%M";
    match india {
        Some(india) => format!("{} IST", time.with_timezone(&india).format(shape)),
        None => format!("{} UTC", time.format(shape)),
    }
}

/// Puts an export together.
pub(super) fn paper(told: &Told) -> Paper {
    let answer = &told.answer;
    let about = told.heading.case_title.clone();
    let title = about.unwrap_or_else(|| "Answer from the documents".to_owned());
    let mut blocks = vec![
        Block::Title(title.clone()),
        text(format!("{}. Answered on {}.", told.heading.chamber, moment(answer.created_at))),
    ];
    if let Some(question) = &told.question {
        blocks.extend([Block::Heading("Question".to_owned()), text(question)]);
    }
    blocks.push(Block::Heading("Answer".to_owned()));
    let shown = NOTICES.as_ref().map_or_else(
        || answer.text.clone(),
        |notice| notice.replace_all(&answer.text, "[…]").into_owned(),
    );
    blocks.extend(answered(&shown));
    blocks.push(Block::Heading("Quotations and citations".to_owned()));
    blocks.extend(footnotes(&told.sources));
    if told.sources.is_empty() && told.facts.is_empty() {
        blocks.push(text("The answer cites nothing."));
    }
    for fact in &told.facts {
        let words = format!("{}, from the chamber's records:\n{}", fact.title, fact.text);
        blocks.push(Block::Item(format!("[{}]", fact.number), vec![Run::plain(words)]));
    }
    if !told.sources.is_empty() {
        blocks.extend([Block::Heading("Table of sources".to_owned()), table(&told.sources)]);
    }
    blocks.push(Block::Heading("What was searched and what was checked".to_owned()));
    blocks.extend(answer.coverage.clone().filter(|words| !words.is_empty()).map(text));
    let checked = answer.verification.as_ref().map(Verification::in_words).unwrap_or_default();
    if !checked.is_empty() {
        blocks.push(text(format!("Checked: {checked}")));
    }
    blocks.extend(removed(told));
    blocks.push(Block::NewPage);
    blocks.extend(record(told, &checked));
    Paper { foot: title.clone(), title, blocks }
}

fn text(words: impl Into<String>) -> Block {
    Block::Text(vec![Run::plain(words)])
}

/// The answer's paragraphs, lists and quotations.
fn answered(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(bool, String)> = None;
    let close = |open: &mut Option<(bool, String)>, blocks: &mut Vec<Block>| {
        if let Some((quoted, words)) = open.take() {
            blocks.push(if quoted {
                Block::Quote(runs(&words))
            } else {
                Block::Text(runs(&words))
            });
        }
    };
    for line in text.lines().map(str::trim) {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let step = (1..=2).contains(&digits).then(|| line[digits..].strip_prefix(". ")).flatten();
        if line.is_empty() {
            close(&mut open, &mut blocks);
        } else if let Some(item) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
            close(&mut open, &mut blocks);
            blocks.push(Block::Item("•".to_owned(), runs(item)));
        } else if let Some(item) = step {
            close(&mut open, &mut blocks);
            blocks.push(Block::Item(line[..=digits].to_owned(), runs(item)));
        } else {
            let (quoted, words) = match line.strip_prefix('>') {
                Some(words) => (true, words.trim_start()),
                None => (false, line.trim_start_matches('#').trim_start()),
            };
            match &mut open {
                Some((before, all)) if *before == quoted => {
                    all.push(' ');
                    all.push_str(words);
                }
                _ => {
                    close(&mut open, &mut blocks);
                    open = Some((quoted, words.to_owned()));
                }
            }
        }
    }
    close(&mut open, &mut blocks);
    blocks
}

/// A line with its `**bold**` parts.
fn runs(line: &str) -> Vec<Run> {
    let parts: Vec<&str> = line.split("**").collect();
    // A mark that is never closed is two asterisks.
    if parts.len().is_multiple_of(2) {
        return vec![Run::plain(line)];
    }
    let runs = parts.iter().enumerate().filter(|(_, part)| !part.is_empty());
    runs.map(|(at, part)| Run { text: (*part).to_owned(), bold: at % 2 == 1 }).collect()
}

/// What each number of the answer stands for, like notes at the foot.
fn footnotes(documents: &[Document]) -> Vec<Block> {
    let mut notes = Vec::new();
    for document in documents {
        let mut pages: Vec<u32> = document.cited.iter().map(|cited| cited.page).collect();
        pages.sort_unstable();
        pages.dedup();
        let pages: Vec<String> = pages.iter().map(u32::to_string).collect();
        let mut words =
            format!("{}, version {}, page {}", document.title, document.version, pages.join(", "));
        for cited in &document.cited {
            let Some(quote) = &cited.quote else { continue };
            let _ = write!(words, "\n“{}” (page {}", quote.trim(), cited.page);
            if cited.differs > 0 {
                let _ = write!(
                    words,
                    "; as recognised from a picture, {} characters differ",
                    cited.differs
                );
            }
            words.push(')');
        }
        notes.push(Block::Item(format!("[{}]", document.number), vec![Run::plain(words)]));
    }
    notes
}

/// The table of sources.
fn table(documents: &[Document]) -> Block {
    let rows = documents.iter().map(|document| {
        let quotes: Vec<String> = document
            .cited
            .iter()
            .map(|cited| match &cited.quote {
                Some(quote) => format!("p. {}: “{}”", cited.page, quote.trim()),
                None => format!("p. {}", cited.page),
            })
            .collect();
        vec![
            document.number.to_string(),
            format!("{}\nversion {}", document.title, document.version),
            quotes.join("\n"),
            format!("{}\nuploaded {}", document.file_name, document.uploaded),
            document.sha256.clone(),
        ]
    });
    Block::Table(Table {
        columns: vec![
            Column::words("No.", 2),
            Column::words("Document", 7),
            Column::words("Page and passage quoted", 11),
            Column::words("File", 7),
            Column::words("SHA-256 of the original", 8),
        ],
        rows: rows.collect(),
    })
}

/// What was removed from the answer, and why.
fn removed(told: &Told) -> Vec<Block> {
    let removed = &told.answer.removed;
    if removed.is_empty() {
        return vec![text("Nothing was removed from the answer.")];
    }
    let mut blocks = vec![
        Block::Heading("Removed from the answer".to_owned()),
        text(
            "These stood in the draft and were removed because they could not be verified; “[…]” marks each place in the answer.",
        ),
    ];
    for struck in removed {
        let words = format!("{}: “{}” ({})", struck.what, struck.text.trim(), struck.reason);
        blocks.push(Block::Item("•".to_owned(), vec![Run::plain(words)]));
    }
    blocks
}

/// The record of the use of AI.
fn record(told: &Told, checked: &str) -> Vec<Block> {
    let answer = &told.answer;
    let label = answer.label.clone().unwrap_or_default();
    let models: Vec<_> = told.calls.iter().filter(|call| call.provider != "documents").collect();
    let mut rows = vec![
        vec!["Asked by".to_owned(), told.heading.asker.clone()],
        vec!["Asked on".to_owned(), moment(answer.created_at)],
        vec!["How it was answered".to_owned(), label],
    ];
    if models.is_empty() {
        rows.push(vec!["Language model".to_owned(), format!("None. {WITHOUT_MODEL}.")]);
    }
    for call in &models {
        let estimated = if call.estimated { ", counted here" } else { "" };
        let mut words = format!(
            "{} / {} ({}, {}); {} tokens read, {} written{estimated}",
            call.provider, call.model, call.purpose, call.outcome, call.tokens_in, call.tokens_out
        );
        if let Some(hash) = &call.prompt_hash {
            let _ = write!(words, "; fingerprint of the prompt {hash}");
        }
        rows.push(vec!["Language model".to_owned(), words]);
    }
    if told.shared && !models.is_empty() {
        let words = "Another answer of the same conversation was being written at the same \
                     time; some of the calls named here may be that answer's.";
        rows.push(vec!["Calls named here".to_owned(), words.to_owned()]);
    }
    let how = "Each quotation was compared with the text of the page it cites, word for word; \
               each citation with the passages found; authorities, dates, amounts, sections, \
               case names and pinpoints with what the documents, the records and the question \
               state. What did not agree was removed before anyone saw it.";
    let came_to = if checked.is_empty() { "There was nothing to check." } else { checked };
    let count = answer.removed.len();
    rows.extend([
        vec!["What was checked, and how".to_owned(), how.to_owned()],
        vec!["What checking came to".to_owned(), came_to.to_owned()],
        vec!["Removed".to_owned(), format!("{count}; listed above")],
        vec!["Answer".to_owned(), answer.id.to_string()],
    ]);
    vec![
        Block::Title("AI use record".to_owned()),
        Block::Table(Table { columns: vec![Column::words("", 2), Column::words("", 5)], rows }),
        text(
            "The advocate who files this answers for it. Checking shows that words and numbers stand in the documents, not that the reasoning is right.",
        ),
        Block::Blank("Reviewed by (advocate's name and signature)".to_owned()),
        Block::Blank("Date".to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answers_paragraphs_lists_and_quotations_are_told_apart() {
        let read = answered("One **bold** [1]\nmore.\n\n- a\n2. b\n> said\n> so\n\n2 * 2 ** 3");
        assert_eq!(read.len(), 5);
        assert_eq!(
            read[0],
            Block::Text(vec![Run::plain("One "), Run::bold("bold"), Run::plain(" [1] more.")])
        );
        assert_eq!(read[2], Block::Item("2.".to_owned(), vec![Run::plain("b")]));
        assert_eq!(read[3], Block::Quote(vec![Run::plain("said so")]));
        assert_eq!(read[4], Block::Text(vec![Run::plain("2 * 2 ** 3")]));
    }

    #[test]
    fn times_are_of_india() {
        let time = DateTime::from_timestamp(1_763_807_400, 0).unwrap();
        assert_eq!(moment(time), "22.11.2025, 16:00 IST");
    }
}
