//! Budgets, prices, calls, providers' reports and bills: what stands around the report
//! of costs.

use askama::Template;

use super::costs::Tab;
use super::page::{Layout, Link, pages};
use super::parts::{Choice, Field};
use super::show::{Day, Moment};
use crate::billing::BilledLine;
use crate::kernel::{BudgetId, ProviderReportId};
use crate::usage::{CallLine, Change, Drift, PriceLine, RateLine, Reconciled, Seed, Unread};

/// The pages about costs, as tabs; the one at an address is marked.
#[must_use]
pub fn cost_pages(here: &str) -> Vec<Tab> {
    let pages = [
        ("Report", "/admin/costs"),
        ("Calls", "/admin/costs/calls"),
        ("Budgets", "/admin/costs/budgets"),
        ("Prices", "/admin/costs/prices"),
        ("Reconcile", "/admin/costs/reconcile"),
        ("Bills", "/admin/costs/bills"),
    ];
    let tab =
        |(label, href): (&str, &str)| Tab { link: Link::new(label, href), current: href == here };
    pages.into_iter().map(tab).collect()
}

/// The budgets and how they stand.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/budgets.html")]
pub struct BudgetsPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// The budgets.
    pub budgets: Vec<BudgetRow>,
    /// What a budget can be of.
    pub subjects: Vec<Choice>,
    /// Whether the reader may set them.
    pub may_set: bool,
}

/// A budget.
#[derive(Debug, Clone)]
pub struct BudgetRow {
    /// Which budget.
    pub id: BudgetId,
    /// Of what.
    pub name: String,
    /// Whether a wall keeps what it is of from the reader.
    pub hidden: bool,
    /// For how long.
    pub span: &'static str,
    /// The soft line, written.
    pub soft: Option<String>,
    /// The hard line, written.
    pub hard: Option<String>,
    /// What was spent, written.
    pub spent: String,
    /// What is set aside, written; none when nothing is.
    pub reserved: Option<String>,
    /// How much of the hard line (or the soft one) is spent, in per cent, at most 100.
    pub percent: u64,
    /// Which line is passed: `soft`, `hard`, or none.
    pub passed: Option<&'static str>,
}

/// The price book.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/prices.html")]
pub struct PricesPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// The book.
    pub prices: Vec<PriceLine>,
    /// What a dollar was worth.
    pub rates: Vec<RateLine>,
    /// The price list just sent.
    pub list: Field,
    /// What it would change.
    pub preview: Option<Vec<PreviewRow>>,
    /// Whether nothing of it is refused.
    pub can_import: bool,
    /// Whether the reader may add prices.
    pub may_set: bool,
}

/// What a row of a price list would do.
#[derive(Debug, Clone)]
pub struct PreviewRow {
    /// The row, in words.
    pub what: String,
    /// What becomes of it, in words.
    pub becomes: String,
    /// Whether it is refused.
    pub refused: bool,
}

impl PreviewRow {
    /// A row that was read.
    #[must_use]
    pub fn of(row: &Seed, change: &Change) -> Self {
        let price = |row: &Seed| {
            let dollars = |amount: i64| super::show::dollars(amount);
            format!(
                "{} in, {} cached, {} out",
                dollars(row.input_per_million),
                dollars(row.cached_per_million),
                dollars(row.output_per_million)
            )
        };
        let from = Day(row.valid_from.date_naive());
        let what = format!("{} / {} from {from}: {}", row.provider, row.model, price(row));
        let (becomes, refused) = match change {
            Change::Added { before: None } => ("new".to_owned(), false),
            Change::Added { before: Some(before) } => {
                (format!("instead of {}", price(before)), false)
            }
            Change::There => ("in the book already".to_owned(), false),
            Change::Refused(why) => (format!("refused: {why}"), true),
        };
        Self { what, becomes, refused }
    }

    /// A line that could not be read.
    #[must_use]
    pub fn unread(line: usize, why: &str) -> Self {
        Self { what: format!("Line {line}"), becomes: format!("not read: {why}"), refused: true }
    }
}

/// Single calls.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/calls.html")]
pub struct CallsPage {
    /// The frame.
    pub layout: Layout,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// What else they are narrowed by, as fields of the form: name and value.
    pub narrowed: Vec<(&'static str, String)>,
    /// The calls.
    pub calls: Vec<CallLine>,
    /// Where the next ones are.
    pub older: Option<String>,
    /// Where they are as CSV.
    pub csv: String,
}

/// One call.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/call.html")]
pub struct CallPage {
    /// The frame.
    pub layout: Layout,
    /// The call.
    pub call: CallLine,
}

/// What a call was for, in words for the reader.
#[must_use]
pub fn case_of(call: &CallLine) -> &str {
    match &call.case_title {
        Some(title) => title,
        None if call.case_hidden => "A case not open to you",
        None => "All cases",
    }
}

/// What a call was paid by, in words.
#[must_use]
pub fn price_of(call: &CallLine) -> String {
    let CallLine { input_per_million, cached_per_million, output_per_million, .. } = call;
    let (Some(input), Some(cached), Some(output)) =
        (input_per_million, cached_per_million, output_per_million)
    else {
        return "none in the price book: counted as nothing".to_owned();
    };
    let dollars = |amount: &i64| super::show::dollars(*amount);
    let from = call
        .price_from
        .map_or_else(String::new, |from| format!(", from {}", Day(from.date_naive())));
    format!("{} in, {} cached, {} out{from}", dollars(input), dollars(cached), dollars(output))
}

/// When a call ended.
#[must_use]
pub fn when(call: &CallLine) -> Moment {
    Moment(call.at)
}

/// A provider's report against the ledger.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/reconcile.html")]
pub struct ReconcilePage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// The reports that were brought in: id, provider, by whom and when.
    pub reports: Vec<(ProviderReportId, String, String, Moment)>,
    /// The one that is shown.
    pub shown: Option<ReconciledView>,
    /// The provider and the text just sent.
    pub provider: Field,
    /// Whether the reader may bring reports in.
    pub may_set: bool,
}

/// A report that is shown.
#[derive(Debug, Clone)]
pub struct ReconciledView {
    /// Whose.
    pub provider: String,
    /// Which column was read as what.
    pub columns: Vec<(String, String)>,
    /// What could not be read.
    pub unread: Vec<Unread>,
    /// The drift.
    pub lines: Vec<DriftRow>,
    /// The sums.
    pub total: DriftRow,
}

/// What differs on a day for a model.
#[derive(Debug, Clone)]
pub struct DriftRow {
    /// The day.
    pub day: String,
    /// The model.
    pub model: String,
    /// Calls, ours and theirs.
    pub requests: (i64, i64),
    /// Tokens, ours and theirs.
    pub tokens: (i64, i64),
    /// How the tokens differ, written.
    pub tokens_drift: String,
    /// Money, ours and theirs, written.
    pub money: (String, String),
    /// How the money differs, written.
    pub money_drift: String,
}

impl From<Drift> for DriftRow {
    fn from(drift: Drift) -> Self {
        let share = |(more, share): (i64, Option<i64>)| match share {
            _ if more == 0 => "none".to_owned(),
            Some(share) => {
                let sign = if share < 0 { "−" } else { "+" };
                let share = share.unsigned_abs();
                format!("{sign}{}.{:02} %", share / 100, share % 100)
            }
            None => "not in the ledger".to_owned(),
        };
        let dollars = |cost: Option<crate::kernel::MicroDollars>| {
            cost.map_or_else(|| "–".to_owned(), |cost| cost.to_string())
        };
        Self {
            requests: (drift.ours.requests, drift.theirs.requests),
            tokens: (drift.ours.tokens(), drift.theirs.tokens()),
            tokens_drift: share(drift.tokens()),
            money: (dollars(drift.ours.cost), dollars(drift.theirs.cost)),
            money_drift: drift.money().map_or_else(|| "–".to_owned(), share),
            day: drift.day,
            model: drift.model,
        }
    }
}

impl From<Reconciled> for ReconciledView {
    fn from(reconciled: Reconciled) -> Self {
        let columns = reconciled.report.columns.as_object().into_iter().flatten();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            provider: reconciled.report.provider.clone(),
            columns: columns.map(|(meaning, name)| (meaning.clone(), text(name))).collect(),
            unread: reconciled.unread,
            lines: reconciled.lines.into_iter().map(DriftRow::from).collect(),
            total: reconciled.total.into(),
        }
    }
}

/// AI costs on bills.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/bills.html")]
pub struct BillsPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// The cases whose cost can be billed.
    pub cases: Vec<Choice>,
    /// The first day of the form.
    pub from: Day,
    /// The last day of the form.
    pub to: Day,
    /// What stands on bills.
    pub lines: Vec<BilledLine>,
}

pages!(BudgetsPage, PricesPage, CallsPage, CallPage, ReconcilePage, BillsPage);

#[cfg(test)]
mod samples;
