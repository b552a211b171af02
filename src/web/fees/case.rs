//! The money of a case: what was agreed, what is not billed, what was laid out.

use askama::Template;

use super::TimeRow;
use crate::kernel::{AgreedFeeId, CaseId, ClientId, DocumentId, ExpenseId, FeeAgreementId, FeeId};
use crate::web::billing::{BillRow, DraftRow};
use crate::web::cases::CaseTabs;
use crate::web::page::{Layout, pages};
use crate::web::show::Day;

/// The money of a case. Those who do not see it find their own time and expenses alone.
#[derive(Debug, Clone, Template)]
#[template(path = "fees/case.html")]
pub struct CaseMoneyPage {
    /// The frame.
    pub layout: Layout,
    /// The case.
    pub tabs: CaseTabs,
    /// Its id.
    pub case: CaseId,
    /// Whether the reader enters time and expenses in it.
    pub may_enter: bool,
    /// What those see who see its money.
    pub side: Option<MoneySide>,
    /// The time that is not billed; the reader's own without the money side.
    pub time: Vec<TimeRow>,
    /// The expenses; the reader's own without the money side.
    pub expenses: Vec<ExpenseRow>,
    /// Whether those without a receipt are shown alone.
    pub missing: bool,
}

/// What those see who see the money of a case.
#[derive(Debug, Clone)]
pub struct MoneySide {
    /// The words and amounts of what is not billed: time, fees, expenses, clerkage, all.
    pub unbilled: Vec<(&'static str, String)>,
    /// How many fees wait to be confirmed.
    pub proposed: usize,
    /// How far the fees are towards estimates: in words, in per cent, whether it is time to
    /// warn.
    pub estimates: Vec<(String, i64, bool)>,
    /// The retainer, where one is agreed.
    pub retainer: Option<RetainerLine>,
    /// The agreements.
    pub agreements: Vec<AgreementCard>,
    /// The fees somebody decided on.
    pub fees: Vec<FeeRow>,
    /// The invoices of the case.
    pub invoices: Vec<BillRow>,
    /// The invoices that are being written.
    pub drafts: Vec<DraftRow>,
}

/// A retainer, beside the money held for the client.
#[derive(Debug, Clone)]
pub struct RetainerLine {
    /// What the client is to deposit.
    pub agreed: String,
    /// What waits to be billed from it.
    pub waiting: String,
    /// What is held for the client in all, and whose account it is; for those who see whole
    /// accounts.
    pub held: Option<(String, ClientId)>,
    /// Whether less is held than waits to be billed.
    pub is_short: bool,
}

/// An agreement.
#[derive(Debug, Clone)]
pub struct AgreementCard {
    /// Its id.
    pub id: FeeAgreementId,
    /// The day it was agreed.
    pub agreed: Day,
    /// The first day it is for.
    pub from: Day,
    /// The last day.
    pub to: Option<Day>,
    /// Whether it stands today.
    pub stands: bool,
    /// The signed letter.
    pub letter: Option<DocumentId>,
    /// What else was agreed: GST, the estimate, the note.
    pub notes: Vec<String>,
    /// The fees: what for, and how much.
    pub lines: Vec<(String, String)>,
    /// The stages that were not reached.
    pub stages: Vec<StageRow>,
}

/// A stage that was not reached.
#[derive(Debug, Clone)]
pub struct StageRow {
    /// The line it was agreed in.
    pub id: AgreedFeeId,
    /// What it is called.
    pub name: String,
}

/// A fee somebody decided on.
#[derive(Debug, Clone)]
pub struct FeeRow {
    /// Its id.
    pub id: FeeId,
    /// The day.
    pub day: Day,
    /// In words.
    pub description: String,
    /// The amount.
    pub amount: String,
    /// What is said beside it: declined and why, another amount, on an invoice.
    pub notes: Vec<String>,
    /// Whether it can be taken back.
    pub may_take_back: bool,
}

/// An expense.
#[derive(Debug, Clone)]
pub struct ExpenseRow {
    /// Its id.
    pub id: ExpenseId,
    /// The day.
    pub day: Day,
    /// What for.
    pub kind: &'static str,
    /// In words.
    pub description: String,
    /// How much.
    pub amount: String,
    /// What is said beside it: who paid, not paid back, pure agent, on an invoice.
    pub notes: Vec<String>,
    /// Whether its receipt is kept.
    pub has_receipt: bool,
}

pages!(CaseMoneyPage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::Role;
    use crate::web::Area;
    use crate::web::cases::CaseTab;
    use crate::web::fees::TimePage;
    use crate::web::parts::samples::{day, id, text};

    impl CaseMoneyPage {
        pub(crate) fn sample() -> Self {
            let agreement = AgreementCard {
                id: id(541),
                agreed: day(-60),
                from: day(-60),
                to: Some(day(300)),
                stands: true,
                letter: Some(id(542)),
                notes: vec![text("GST comes on top where it applies")],
                lines: vec![(
                    text("Per appearance"),
                    text("₹25,000.00; not reached ₹5,000.00; adjourned ₹10,000.00"),
                )],
                stages: vec![StageRow { id: id(543), name: text("Written statement filed") }],
            };
            let fee = FeeRow {
                id: id(544),
                day: day(-1),
                description: text("Appearance, 3 November 2026"),
                amount: text("₹25,000.00"),
                notes: vec![text("agreed ₹30,000.00: half a day")],
                may_take_back: true,
            };
            let invoice = BillRow {
                id: id(545),
                number: text("MR/26-27/1"),
                client: text("Sharma Textiles Pvt. Ltd."),
                case: None,
                issued: day(-40),
                due: Some(day(-10)),
                total: text("₹1,50,000.00"),
                outstanding: text("₹25,000.00"),
                state: Some("overdue"),
            };
            let draft = DraftRow {
                id: id(546),
                client: text("Sharma Textiles Pvt. Ltd."),
                case: None,
                sum: text("₹7,500.00"),
            };
            let expense = |number, has_receipt| ExpenseRow {
                id: id(number),
                day: day(-2),
                kind: "Court fee",
                description: text("Court fee on the application"),
                amount: text("₹250.00"),
                notes: vec![text("paid by the chamber")],
                has_receipt,
            };
            Self {
                layout: Layout::sample("Money", Area::Cases, Role::Advocate),
                tabs: CaseTabs::sample(CaseTab::Money),
                case: id(11),
                may_enter: true,
                side: Some(MoneySide {
                    unbilled: vec![("Time", text("₹7,500.00")), ("All", text("₹32,750.00"))],
                    proposed: 2,
                    estimates: vec![(
                        text("₹4,10,000.00 of an estimate of ₹5,00,000.00"),
                        82,
                        true,
                    )],
                    retainer: Some(RetainerLine {
                        agreed: text("₹1,00,000.00"),
                        waiting: text("₹32,750.00"),
                        held: Some((text("₹25,000.00"), id(547))),
                        is_short: true,
                    }),
                    agreements: vec![agreement],
                    fees: vec![fee],
                    invoices: vec![invoice],
                    drafts: vec![draft],
                }),
                time: TimePage::sample().days.remove(0).rows,
                expenses: vec![expense(551, true), expense(552, false)],
                missing: false,
            }
        }

        pub(crate) fn sample_empty() -> Self {
            let side = MoneySide {
                unbilled: vec![("All", text("₹0.00"))],
                proposed: 0,
                estimates: Vec::new(),
                retainer: None,
                agreements: Vec::new(),
                fees: Vec::new(),
                invoices: Vec::new(),
                drafts: Vec::new(),
            };
            let side = Some(side);
            Self { side, time: Vec::new(), expenses: Vec::new(), ..Self::sample() }
        }

        pub(crate) fn sample_member() -> Self {
            let layout = Layout::sample("Money", Area::Cases, Role::Staff);
            Self { layout, side: None, missing: true, ..Self::sample() }
        }
    }
}
