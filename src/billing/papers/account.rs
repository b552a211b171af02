//! A statement of account as PDF.

use super::{day, from_lines, to_lines};
use crate::billing::profile::Profile;
use crate::billing::reckon::Recipient;
use crate::billing::statement::Statement;
use crate::kernel::Paise;
use crate::paper::{Block, Column, Paper, PaperError, Run, Sum, Table, pdf};

/// Sets a statement of account.
pub(in crate::billing) fn set(
    profile: &Profile,
    recipient: &Recipient,
    statement: &Statement,
) -> Result<Vec<u8>, PaperError> {
    let span = format!("{} to {}", day(statement.from), day(statement.to));
    let shown = |paise: Paise| if paise == Paise(0) { String::new() } else { paise.to_string() };
    let rows = statement.entries.iter().map(|entry| {
        vec![
            day(entry.on),
            entry.what.clone(),
            shown(entry.billed),
            shown(entry.settled),
            entry.balance.to_string(),
        ]
    });
    let sum = |what: &str, paise: Paise, bold| Sum {
        what: what.to_owned(),
        figure: paise.to_string(),
        bold,
    };
    let ages = statement.ages.named().into_iter().map(|(what, paise)| sum(what, paise, false));
    let mut blocks = vec![
        Block::Title("Statement of account".to_owned()),
        Block::Columns(vec![
            ("From".to_owned(), from_lines(profile)),
            ("To".to_owned(), to_lines(recipient, None)),
            ("Details".to_owned(), vec![span.clone()]),
        ]),
        Block::Text(vec![Run::plain(format!("Opening balance: {}", statement.opening))]),
        Block::Table(Table {
            columns: vec![
                Column::words("Day", 2),
                Column::words("What", 5),
                Column::figures("Billed", 3),
                Column::figures("Settled", 3),
                Column::figures("Balance", 3),
            ],
            rows: rows.collect(),
        }),
        Block::Sums(vec![sum("Closing balance", statement.closing, true)]),
        Block::Heading("What is outstanding today, by age".to_owned()),
        Block::Sums(ages.collect()),
    ];
    if statement.held != Paise(0) {
        let text =
            format!("Held for you in the client account, apart from fees: {}.", statement.held);
        blocks.push(Block::Small(vec![Run::plain(text)]));
    }
    pdf(&Paper {
        title: format!("Statement of account, {span}"),
        foot: profile.name().to_owned(),
        blocks,
    })
}
