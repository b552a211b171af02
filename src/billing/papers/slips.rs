//! Receipts and credit notes as PDF.

use chrono::NaiveDate;

use super::{day, from_lines, to_lines};
use crate::billing::profile::Profile;
use crate::billing::reckon::Recipient;
use crate::billing::words::in_words;
use crate::kernel::Paise;
use crate::paper::{Block, Column, Paper, PaperError, Run, Sum, Table, pdf};

/// What stands on a receipt or credit note.
pub(in crate::billing) struct Slip<'s> {
    /// `Receipt` or `Credit note`.
    pub(in crate::billing) what: &'static str,
    /// The chamber.
    pub(in crate::billing) profile: &'s Profile,
    /// The client.
    pub(in crate::billing) recipient: &'s Recipient,
    /// Its number.
    pub(in crate::billing) number: &'s str,
    /// Its day.
    pub(in crate::billing) on: NaiveDate,
    /// Further lines of its head, such as the mode of payment.
    pub(in crate::billing) about: Vec<String>,
    /// What it is for, and the amount of each.
    pub(in crate::billing) rows: Vec<(String, Paise)>,
    /// Sums below: what and how much.
    pub(in crate::billing) sums: Vec<(&'static str, Paise)>,
    /// The sum that counts.
    pub(in crate::billing) total: Paise,
    /// What is said below.
    pub(in crate::billing) notes: Vec<String>,
}

/// Sets it.
pub(in crate::billing) fn set(slip: &Slip<'_>) -> Result<Vec<u8>, PaperError> {
    let mut about = vec![format!("No. {}", slip.number), format!("Date: {}", day(slip.on))];
    about.extend(slip.about.iter().cloned());
    let rows = slip.rows.iter().map(|(what, paise)| vec![what.clone(), paise.to_string()]);
    let sum = |what: &str, paise: Paise, bold| Sum {
        what: what.to_owned(),
        figure: paise.to_string(),
        bold,
    };
    let mut sums: Vec<Sum> =
        slip.sums.iter().map(|(what, paise)| sum(what, *paise, false)).collect();
    sums.push(sum("Total", slip.total, true));
    let mut blocks = vec![
        Block::Title(slip.what.to_owned()),
        Block::Columns(vec![
            ("From".to_owned(), from_lines(slip.profile)),
            ("To".to_owned(), to_lines(slip.recipient, None)),
            ("Details".to_owned(), about),
        ]),
        Block::Table(Table {
            columns: vec![Column::words("For", 4), Column::figures("Amount", 1)],
            rows: rows.collect(),
        }),
        Block::Sums(sums),
        Block::Text(vec![Run::bold(in_words(slip.total))]),
    ];
    blocks.extend(slip.notes.iter().map(|note| Block::Small(vec![Run::plain(note)])));
    let signature = slip.profile.signature.clone();
    blocks.push(Block::Blank(signature.unwrap_or_else(|| format!("For {}", slip.profile.name()))));
    pdf(&Paper {
        title: format!("{} {}", slip.what, slip.number),
        foot: format!("{} · {}", slip.profile.name(), slip.number),
        blocks,
    })
}
