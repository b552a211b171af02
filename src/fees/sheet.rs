//! Time as a table for a spreadsheet.

use std::fmt::Write;

use super::TimeEntry;
use crate::kernel::Paise;

/// Time as CSV, a line for each entry, in the order given. Amounts are rupees with two
/// places; a cell a spreadsheet could take for a formula is guarded by an apostrophe.
#[must_use]
pub fn csv(entries: &[TimeEntry]) -> String {
    let mut text = String::from(
        "day,case,person,minutes,billed_minutes,rupees_per_hour,rupees,billed_rupees,\
         written_to_because,work_class,billable,on_invoice,description\r\n",
    );
    for entry in entries {
        let reason = entry.adjusted.as_ref().map_or("", |adjusted| &adjusted.reason);
        let yes = |is: bool| if is { "yes" } else { "no" };
        let _ = write!(
            text,
            "{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n",
            entry.worked_on,
            quoted(&entry.case_title),
            quoted(&entry.who),
            entry.minutes,
            entry.billed_minutes(),
            rupees(entry.per_hour),
            rupees(entry.amount),
            rupees(entry.charged()),
            quoted(reason),
            entry.work,
            yes(entry.billable),
            yes(entry.is_billed),
            quoted(&entry.description),
        );
    }
    text
}

/// A cell in quotes.
fn quoted(text: &str) -> String {
    let risky = text.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let guard = if risky { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// Rupees with two places.
fn rupees(amount: Paise) -> String {
    let (sign, whole) = (if amount.0 < 0 { "-" } else { "" }, amount.0.unsigned_abs());
    format!("{sign}{}.{:02}", whole / 100, whole % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fees::{Adjustment, Rounding, Work};
    use crate::kernel::{CaseId, TimeEntryId, UserId};

    #[test]
    fn a_cell_is_never_a_formula_and_quotes_are_doubled() {
        let entry = TimeEntry {
            id: TimeEntryId::new(),
            case_id: CaseId::new(),
            case_title: "A \"and\" B".to_owned(),
            user_id: UserId::new(),
            who: "R. Iyer".to_owned(),
            worked_on: "2026-11-02".parse().unwrap(),
            minutes: 7,
            rounding: Rounding::SixMinutes,
            per_hour: Paise(500_000),
            rate: None,
            amount: Paise(100_000),
            adjusted: Some(Adjustment {
                amount: Paise(50_050),
                reason: "first, short".to_owned(),
                by: "Anjali Mehta".to_owned(),
            }),
            work: Work::Arbitration,
            description: "=HYPERLINK(1)".to_owned(),
            billable: true,
            is_billed: false,
        };
        let text = csv(&[entry]);
        let line = text.lines().nth(1).unwrap();
        assert_eq!(
            line,
            "2026-11-02,\"A \"\"and\"\" B\",\"R. Iyer\",7,12,5000.00,1000.00,500.50,\
             \"first, short\",998215,yes,no,\"'=HYPERLINK(1)\""
        );
    }
}
