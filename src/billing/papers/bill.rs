//! A bill as a PDF: tax invoice, bill of supply, or both in one (CGST Rules 2017, rules 46,
//! 46A and 49†).

use chrono::NaiveDate;

use super::{day, from_lines, to_lines, upi_link};
use crate::billing::amounts::{LineTax, Split};
use crate::billing::gst::Treatment;
use crate::billing::lines::Line;
use crate::billing::profile::Profile;
use crate::billing::reckon::{Recipient, Reckoned, rate_of};
use crate::billing::words::in_words;
use crate::kernel::Paise;
use crate::paper::{Block, Column, Paper, PaperError, Run, Sum, Table, pdf};

/// What stands on a bill.
pub(in crate::billing) struct Bill<'b> {
    /// The chamber.
    pub(in crate::billing) profile: &'b Profile,
    /// The client.
    pub(in crate::billing) recipient: &'b Recipient,
    /// Its number; a draft has none, and says so on every page.
    pub(in crate::billing) number: Option<&'b str>,
    /// The day of issue.
    pub(in crate::billing) on: NaiveDate,
    /// The day by which it is to be paid.
    pub(in crate::billing) due: NaiveDate,
    /// The case it is for.
    pub(in crate::billing) case_title: Option<&'b str>,
    /// The lines.
    pub(in crate::billing) lines: &'b [Line],
    /// What they come to.
    pub(in crate::billing) reckoned: &'b Reckoned,
    /// What is said below.
    pub(in crate::billing) note: Option<&'b str>,
}

/// Sets a bill.
pub(in crate::billing) fn set(bill: &Bill<'_>) -> Result<Vec<u8>, PaperError> {
    let number = bill.number.unwrap_or("draft");
    let title = format!("{} {number}", bill.reckoned.kind.words());
    let mut blocks = Vec::new();
    if bill.number.is_none() {
        blocks.push(Block::Mark("DRAFT".to_owned()));
    }
    blocks.push(Block::Title(bill.reckoned.kind.words().to_owned()));
    blocks.push(head(bill, number));
    blocks.push(Block::Table(table(bill)));
    blocks.push(Block::Sums(sums(bill)));
    let total = bill.reckoned.totals.total;
    blocks.push(Block::Text(vec![Run::bold(in_words(total))]));
    blocks.extend(tax_words(bill.reckoned));
    blocks.extend(payment(bill, number));
    for text in bill.note.into_iter().chain(bill.profile.notes.as_deref()) {
        blocks.push(Block::Small(vec![Run::plain(text)]));
    }
    let signature = bill.profile.signature.clone();
    let signature = signature.unwrap_or_else(|| format!("For {}", bill.profile.name()));
    blocks.push(Block::Blank(signature));
    let foot = format!("{} · {number}", bill.profile.name());
    pdf(&Paper { title, foot, blocks })
}

fn head(bill: &Bill<'_>, number: &str) -> Block {
    let mut about = vec![
        format!("No. {number}"),
        format!("Date: {}", day(bill.on)),
        format!("To be paid by: {}", day(bill.due)),
    ];
    about.extend(bill.case_title.map(|title| format!("Matter: {title}")));
    let reverse = if bill.reckoned.reverse_charge { "Yes" } else { "No" };
    about.push(format!("Tax payable on reverse charge: {reverse}"));
    Block::Columns(vec![
        ("From".to_owned(), from_lines(bill.profile)),
        ("To".to_owned(), to_lines(bill.recipient, Some(&bill.reckoned.place))),
        ("Details".to_owned(), about),
    ])
}

/// A rate as papers say it: `9 %`, `2.5 %`.
fn percent(basis_points: i64) -> String {
    let (whole, part) = (basis_points / 100, basis_points % 100);
    let text = format!("{whole}.{part:02}");
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

fn table(bill: &Bill<'_>) -> Table {
    let taxed = bill.reckoned.totals.tax.sum() != Paise(0);
    let mut columns = vec![
        Column::words("No.", 1),
        Column::words("Description", 8),
        Column::words("SAC", 2),
        Column::figures(if taxed { "Value" } else { "Amount" }, 3),
    ];
    let rate = percent(rate_of(bill.reckoned.split));
    if taxed {
        match bill.reckoned.split {
            Split::Within => {
                columns.push(Column::figures(format!("CGST {rate}"), 3));
                columns.push(Column::figures(format!("SGST {rate}"), 3));
            }
            Split::Across => columns.push(Column::figures(format!("IGST {rate}"), 3)),
        }
        columns.push(Column::figures("Amount", 3));
    }
    let rows = (1..).zip(bill.lines.iter().zip(&bill.reckoned.lines));
    let rows = rows.map(|(number, (line, (decision, tax)))| {
        let supply = decision.treatment != Treatment::PureAgent;
        let mut row = vec![
            format!("{number}"),
            line.description.clone(),
            if supply { line.sac.clone() } else { String::new() },
            line.amount.to_string(),
        ];
        if taxed {
            let LineTax { cgst, sgst, igst } = *tax;
            match bill.reckoned.split {
                Split::Within => row.extend([cgst.to_string(), sgst.to_string()]),
                Split::Across => row.push(igst.to_string()),
            }
            row.push((line.amount + tax.sum()).to_string());
        }
        row
    });
    Table { rows: rows.collect(), columns }
}

fn sums(bill: &Bill<'_>) -> Vec<Sum> {
    let totals = &bill.reckoned.totals;
    let sum = |what: &str, paise: Paise, bold| Sum {
        what: what.to_owned(),
        figure: paise.to_string(),
        bold,
    };
    let some = |what: &str, paise: Paise| (paise != Paise(0)).then(|| sum(what, paise, false));
    let mut sums: Vec<Sum> = [
        some("Taxable value", totals.taxable),
        some("Value not taxed", totals.untaxed),
        some("Reimbursements", totals.outside),
        some("CGST", totals.tax.cgst),
        some("SGST / UTGST", totals.tax.sgst),
        some("IGST", totals.tax.igst),
        some("Rounded off", totals.round_off),
    ]
    .into_iter()
    .flatten()
    .collect();
    sums.push(sum("Total to be paid", totals.total, true));
    sums
}

/// Why there is or is no tax, with its authority. The dagger of what nobody has checked yet
/// is for the chamber, whose pages show it before it issues.
fn tax_words(reckoned: &Reckoned) -> Vec<Block> {
    let mut blocks: Vec<Block> = reckoned
        .reasons
        .iter()
        .map(|reason| reason.replace('†', ""))
        .map(|reason| Block::Small(vec![Run::bold("GST: "), Run::plain(reason)]))
        .collect();
    let LineTax { cgst, sgst, igst } = reckoned.totals.recipient_tax;
    if reckoned.reverse_charge {
        let rate = percent(rate_of(reckoned.split));
        let text = match reckoned.split {
            Split::Within => format!(
                "Tax that the recipient pays to the Government, not part of the total: CGST {rate} \
                 {cgst}, SGST / UTGST {rate} {sgst}."
            ),
            Split::Across => format!(
                "Tax that the recipient pays to the Government, not part of the total: IGST {rate} \
                 {igst}."
            ),
        };
        blocks.push(Block::Small(vec![Run::plain(text)]));
    }
    blocks
}

/// How it can be paid: a code for the exact amount, and the bank.
fn payment(bill: &Bill<'_>, number: &str) -> Vec<Block> {
    let profile = bill.profile;
    let named = [
        ("Account of", &profile.bank_holder),
        ("Bank", &profile.bank_name),
        ("Account no.", &profile.bank_account),
        ("IFSC", &profile.bank_ifsc),
        ("UPI", &profile.upi),
    ];
    let mut beside: Vec<Run> = named
        .iter()
        .filter_map(|(what, text)| text.as_ref().map(|text| Run::plain(format!("{what}: {text}"))))
        .collect();
    if beside.is_empty() {
        return Vec::new();
    }
    beside.insert(0, Run::bold(format!("To pay {}", bill.reckoned.totals.total)));
    match (&profile.upi, bill.number) {
        (Some(upi), Some(_)) => {
            let note = format!("INV {number}");
            let payload = upi_link(upi, profile.name(), bill.reckoned.totals.total, &note);
            vec![Block::Code { payload, beside }]
        }
        _ => beside.into_iter().map(|run| Block::Small(vec![run])).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::gst::RecipientClass;
    use crate::billing::lines::{LineKind, NewLine};
    use crate::billing::profile::tests::profile;
    use crate::billing::reckon::reckon;
    use crate::kernel::ClientId;

    fn paper(lines: usize, number: Option<&str>) -> Vec<u8> {
        let profile = profile();
        let recipient = Recipient {
            client_id: ClientId::new(),
            name: "शर्मा ट्रेडर्स".to_owned(),
            address: Some("Chandni Chowk\nDelhi".to_owned()),
            gstin: None,
            pan: None,
            state_code: Some("07".to_owned()),
            class: Some(RecipientClass::NotBusiness),
        };
        let line = |n: usize| {
            NewLine::of(LineKind::Fee, format!("Appearance {n}"), Paise(1_000_000))
                .checked()
                .unwrap()
        };
        let lines: Vec<Line> = (1..=lines).map(line).collect();
        let reckoned = reckon(Some(&profile), &recipient, &lines).unwrap();
        let on: NaiveDate = "2026-11-02".parse().unwrap();
        set(&Bill {
            profile: &profile,
            recipient: &recipient,
            number,
            on,
            due: on,
            case_title: Some("Sharma v. Kapoor"),
            lines: &lines,
            reckoned: &reckoned,
            note: Some("With thanks"),
        })
        .unwrap()
    }

    fn content(bytes: &[u8]) -> (usize, Vec<String>) {
        let document = lopdf::Document::load_mem(bytes).unwrap();
        let pages = document.get_pages();
        let streams = pages.values().map(|page| document.get_page_content(*page));
        let streams = streams.map(|stream| String::from_utf8_lossy(&stream).into_owned());
        (pages.len(), streams.collect())
    }

    #[test]
    fn an_issued_bill_has_a_code_and_no_mark() {
        let (pages, streams) = content(&paper(3, Some("MR/26-27/001")));
        assert_eq!(pages, 1);
        assert!(streams[0].contains(" re\n") && !streams[0].contains("0.88 g"));
    }

    #[test]
    fn a_draft_says_so_on_every_page_and_cannot_be_paid() {
        let (pages, streams) = content(&paper(80, None));
        assert!(pages > 1, "{pages}");
        assert!(
            streams.iter().all(|stream| stream.contains("0.88 g") && !stream.contains(" re\n"))
        );
    }

    #[test]
    fn the_same_bill_is_the_same_bytes() {
        assert_eq!(paper(2, Some("MR/26-27/001")), paper(2, Some("MR/26-27/001")));
    }

    #[test]
    fn rates_are_said_without_needless_noughts() {
        assert_eq!(percent(900), "9 %");
        assert_eq!(percent(1_800), "18 %");
        assert_eq!(percent(250), "2.5 %");
    }
}
