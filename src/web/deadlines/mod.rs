//! Limitation, holidays, and what is to be done.

pub mod calculator;
pub mod holidays;
pub mod lists;
pub mod task;

pub use calculator::{CalculatorPage, KeptPage, RulesPage};
pub use holidays::{HolidaysPage, OneCalendarPage};
pub use lists::{CaseDeadlinesPage, DeadlineRow, DeadlinesPage, Section};
pub use task::TaskPage;
