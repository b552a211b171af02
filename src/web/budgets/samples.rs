//! Samples of the pages around the report of costs.

use chrono::DateTime;

use super::*;
use crate::kernel::{CallId, CaseId, InvoiceId, InvoiceLineId, MicroDollars, Paise, Role};
use crate::usage::Counted;
use crate::web::page::Area;
use crate::web::parts::samples::day;

fn layout(title: &str) -> Layout {
    Layout::sample(title, Area::Costs, Role::Admin)
}

fn call() -> CallLine {
    CallLine {
        id: CallId::new(),
        at: DateTime::UNIX_EPOCH,
        user_name: Some(String::from("Anjali Mehta")),
        case_id: Some(CaseId::new()),
        case_title: Some(String::from("Sharma v. Kapoor")),
        case_hidden: false,
        purpose: String::from("answer"),
        provider: String::from("api.one"),
        model: String::from("large"),
        prompt_hash: Some(String::from("5f2c")),
        tokens_in: 4_120,
        tokens_cached: 1_280,
        tokens_out: 310,
        tokens_reasoning: 0,
        tokens_embedded: 0,
        estimated: false,
        price_from: Some(DateTime::UNIX_EPOCH),
        input_per_million: Some(150_000),
        cached_per_million: Some(75_000),
        output_per_million: Some(600_000),
        cost_microdollars: MicroDollars(708),
        cost_paise: Paise(6),
        saved_paise: Paise(0),
        latency_ms: 2_140,
        outcome: String::from("answered"),
        billed: false,
    }
}

impl BudgetsPage {
    pub(crate) fn sample() -> Self {
        let row = |name: &str, percent: i64, passed| BudgetRow {
            id: BudgetId::new(),
            name: name.to_owned(),
            hidden: false,
            span: "a month",
            soft: Some(Paise(800_000).to_string()),
            hard: Some(Paise(1_000_000).to_string()),
            spent: Paise(percent * 10_000).to_string(),
            reserved: Some(Paise(310).to_string()),
            percent: percent.unsigned_abs(),
            passed,
        };
        Self {
            layout: layout("Budgets"),
            problem: None,
            budgets: vec![row("The chamber", 84, Some("soft")), row("Sharma v. Kapoor", 12, None)],
            subjects: vec![Choice {
                value: String::from("chamber"),
                label: String::from("The chamber"),
                chosen: true,
            }],
            may_set: true,
        }
    }

    pub(crate) fn sample_empty() -> Self {
        Self { budgets: Vec::new(), may_set: false, ..Self::sample() }
    }
}

impl PricesPage {
    pub(crate) fn sample() -> Self {
        let prices = crate::usage::seeds().unwrap();
        let preview = vec![
            PreviewRow::of(&prices[2], &Change::Added { before: Some(prices[3].clone()) }),
            PreviewRow::unread(4, "`soon` is no date such as 2026-11-02"),
        ];
        Self {
            layout: layout("Prices"),
            problem: None,
            rates: vec![RateLine {
                valid_from: DateTime::UNIX_EPOCH,
                paise_per_dollar: 8_800,
                source: String::from("settings"),
            }],
            list: Field::of("provider,model"),
            preview: Some(preview),
            can_import: true,
            may_set: true,
            prices,
        }
    }
}

impl CallsPage {
    pub(crate) fn sample() -> Self {
        let hidden = CallLine { case_hidden: true, case_title: None, case_id: None, ..call() };
        Self {
            layout: layout("Calls"),
            from: day(-1),
            to: day(0),
            narrowed: vec![("model", String::from("large"))],
            calls: vec![call(), hidden],
            older: Some(String::from("/admin/costs/calls?offset=100")),
            csv: String::from("/admin/costs/calls.csv"),
        }
    }

    pub(crate) fn sample_empty() -> Self {
        Self { calls: Vec::new(), older: None, ..Self::sample() }
    }
}

impl CallPage {
    pub(crate) fn sample() -> Self {
        Self { layout: layout("Call"), call: call() }
    }
}

impl ReconcilePage {
    pub(crate) fn sample() -> Self {
        let counted = |tokens| Counted {
            requests: 12,
            tokens_in: tokens,
            tokens_cached: 0,
            tokens_out: 100,
            cost: Some(MicroDollars(1_500)),
        };
        let drift = Drift {
            day: day(0).iso(),
            model: String::from("large"),
            ours: counted(1_000),
            theirs: counted(1_010),
        };
        let unread = Unread {
            line: 7,
            text: String::from("soon,large,1"),
            why: String::from("`soon` is no date"),
        };
        Self {
            layout: layout("Reconcile"),
            problem: None,
            reports: vec![(
                ProviderReportId::new(),
                String::from("api.one"),
                String::from("Anjali Mehta"),
                Moment(DateTime::UNIX_EPOCH),
            )],
            shown: Some(ReconciledView {
                provider: String::from("api.one"),
                columns: vec![(String::from("day"), String::from("start_time_iso"))],
                unread: vec![unread],
                lines: vec![drift.clone().into()],
                total: drift.into(),
            }),
            provider: Field::default(),
            may_set: true,
        }
    }
}

impl BillsPage {
    pub(crate) fn sample() -> Self {
        Self {
            layout: layout("Bills"),
            problem: None,
            cases: vec![Choice {
                value: CaseId::new().to_string(),
                label: String::from("Sharma v. Kapoor"),
                chosen: false,
            }],
            from: day(-30),
            to: day(0),
            lines: vec![BilledLine {
                line_id: InvoiceLineId::new(),
                invoice_id: InvoiceId::new(),
                number: None,
                status: String::from("draft"),
                client: String::from("Sharma Traders"),
                case_title: String::from("Sharma v. Kapoor"),
                description: String::from("AI models, at cost"),
                amount_paise: Paise(4_210),
                calls: 31,
            }],
        }
    }
}

#[test]
fn drift_is_written_with_its_sign() {
    let counted = |tokens_in, cost| Counted { tokens_in, cost, ..Counted::default() };
    let row = DriftRow::from(Drift {
        day: String::new(),
        model: String::new(),
        ours: counted(1_000, Some(MicroDollars(200))),
        theirs: counted(990, None),
    });
    assert_eq!(row.tokens_drift, "−1.00 %");
    assert_eq!((row.money_drift.as_str(), row.money.1.as_str()), ("–", "–"));
}
