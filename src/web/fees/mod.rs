//! Time, rates, agreed fees and expenses.

mod case;
mod entering;
mod proposed;
mod rates;
mod time;
mod typed;

pub use case::{
    AgreementCard, CaseMoneyPage, ExpenseRow, FeeRow, MoneySide, RetainerLine, StageRow,
};
pub use entering::{AgreementLine, AgreementPage, ExpensePage, FeePage, ReceiptForm};
pub use proposed::{ProposedPage, ProposedRow};
pub use rates::{RateRow, RatesPage};
pub use time::{AdjustForm, DayOfTime, EntryPage, TimePage, TimeRow, TimerRow};
pub use typed::Typed;
