//! Bills as rows of a page.

use chrono::NaiveDate;

use crate::billing::{DraftHead, Invoice, Mode, Unbilled};
use crate::kernel::Paise;
use crate::web::billing::{BillRow, DraftRow, UnbilledRow};
use crate::web::parts::{CaseRef, Choice};
use crate::web::show::Day;

pub(super) fn bill(invoice: Invoice, today: NaiveDate) -> BillRow {
    let open = if invoice.cancelled { Paise(0) } else { invoice.outstanding() };
    let late = invoice.payable_on() < today && open > Paise(0);
    let state = match (invoice.cancelled, late) {
        (true, _) => Some("cancelled"),
        (false, true) => Some("overdue"),
        (false, false) => None,
    };
    BillRow {
        id: invoice.id,
        number: invoice.number,
        client: invoice.client_name,
        case: invoice.case_id.zip(invoice.case_title).map(|(id, title)| CaseRef { id, title }),
        issued: Day(invoice.issued_on),
        due: invoice.due_on.map(Day),
        total: invoice.total.to_string(),
        outstanding: open.to_string(),
        state,
    }
}

pub(super) fn draft(draft: DraftHead) -> DraftRow {
    DraftRow {
        id: draft.id,
        client: draft.client_name,
        case: draft.case_title,
        sum: draft.sum.to_string(),
    }
}

pub(super) fn unbilled(row: Unbilled) -> UnbilledRow {
    let total = row.sum().to_string();
    UnbilledRow {
        case: CaseRef { id: row.case_id, title: row.case_title },
        work: row.work.to_string(),
        expenses: row.expenses.to_string(),
        models: row.models.to_string(),
        total,
    }
}

pub(super) fn choice(value: impl Into<String>, label: impl Into<String>) -> Choice {
    Choice { value: value.into(), label: label.into(), chosen: false }
}

pub(super) fn modes() -> Vec<Choice> {
    // A bank transfer is the most common.
    let mut modes = Mode::ALL.to_vec();
    modes.sort_by_key(|mode| *mode != Mode::Bank);
    modes.into_iter().map(|mode| choice(mode.as_str(), mode.words())).collect()
}
