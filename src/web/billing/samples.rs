//! Samples of the pages.

use super::super::page::Area;
use super::super::parts::samples::{case, day, id, text};
use super::*;
use crate::kernel::{Paise, Role};
use crate::paper::{Cell, Sheet};

fn choice(value: &str, label: &str) -> Choice {
    Choice { value: text(value), label: text(label), chosen: false }
}

fn bill_row() -> BillRow {
    BillRow {
        id: id(11),
        number: text("MR/26-27/014"),
        client: text("Sharma Traders"),
        case: Some(case()),
        issued: day(-40),
        due: Some(day(-10)),
        total: text("₹1,50,000.00"),
        outstanding: text("₹25,000.00"),
        state: Some("overdue"),
    }
}

fn draft_row() -> DraftRow {
    let (client, sum) = (text("Imran Qureshi"), text("₹60,000.00"));
    DraftRow { id: id(12), client, case: Some(case().title), sum }
}

fn modes() -> Vec<Choice> {
    vec![choice("bank", "Bank transfer"), choice("upi", "UPI")]
}

impl MoneyPage {
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample("Money", Area::Money, Role::Billing),
            narrowed: true,
            keeps: true,
            unset: true,
            sums: vec![
                ("Outstanding", text("₹1,25,000.00")),
                ("Overdue", text("₹25,000.00")),
                ("On drafts", text("₹60,000.00")),
                ("Not billed", text("₹7,500.00")),
            ],
            dues: vec![DueRow {
                account: Some(id(5)),
                client: text("Sharma Traders"),
                outstanding: text("₹1,25,000.00"),
                overdue: Some(text("₹25,000.00")),
                invoices: vec![bill_row()],
            }],
            drafts: vec![draft_row()],
            unbilled: vec![UnbilledRow {
                case: case(),
                work: text("₹7,000.00"),
                expenses: text("₹0.00"),
                models: text("₹500.00"),
                total: text("₹7,500.00"),
            }],
        }
    }

    pub(crate) fn sample_empty() -> Self {
        Self {
            narrowed: false,
            unset: false,
            dues: Vec::new(),
            drafts: Vec::new(),
            unbilled: Vec::new(),
            ..Self::sample()
        }
    }
}

impl ChamberPage {
    pub(crate) fn sample() -> Self {
        let mut typed = Typed::of([("legal_name", text("Mehta & Rao")), ("prefix", text("MR"))]);
        typed = Typed::refused(
            &typed.0.iter().map(|(name, field)| (name.clone(), field.value.clone())).collect(),
            Some(("gstin", text("The GSTIN is of another State than the address."))),
        );
        Self {
            layout: Layout::sample("Chamber details", Area::ChamberDetails, Role::Admin),
            typed,
            kinds: vec![choice("firm", "Firm of advocates or LLP")],
            states: vec![choice("07", "07 Delhi")],
        }
    }
}

impl InvoicesPage {
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample("Invoices", Area::Money, Role::Billing),
            problem: Some(text("Choose the case or the client to bill.")),
            keeps: true,
            invoices: vec![bill_row()],
            drafts: vec![draft_row()],
            subjects: vec![choice("case:1", "Sharma Textiles v. Union of India")],
        }
    }

    pub(crate) fn sample_empty() -> Self {
        Self { problem: None, invoices: Vec::new(), drafts: Vec::new(), ..Self::sample() }
    }
}

impl BillPage {
    fn line(typed: Option<&str>) -> BillLine {
        BillLine {
            id: id(if typed.is_some() { 21 } else { 22 }),
            kind: "Fee",
            description: text("Arguments on summary judgment, 17 Jul 2026"),
            sac: text("998212"),
            amount: text("₹1,50,000.00"),
            gst: Some("Taxed"),
            tax: Some(text("₹27,000.00")),
            typed: typed.map(text),
        }
    }

    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample("Draft", Area::Money, Role::Billing),
            problem: Some(text("Say what the line is for.")),
            id: id(11),
            number: None,
            kind: Some("Tax invoice"),
            account: Some(id(5)),
            client: text("Sharma Traders"),
            case: Some(case()),
            lines: vec![Self::line(Some("150000.00")), Self::line(None)],
            sums: vec![("Taxable value", text("₹1,50,000.00")), ("IGST", text("₹27,000.00"))],
            total: text("₹1,77,000.00"),
            words: text("Rupees One Lakh Seventy Seven Thousand Only"),
            reasons: vec![text("Supplied by a company (Notification 11/2017).")],
            reverse: true,
            place: Some(text("27 Maharashtra")),
            note: Some(text("With thanks")),
            keeps: true,
            draft: Some(DraftSide {
                missing: vec![text("Say what GST sees in Sharma Traders.")],
                doubts: vec![text("No State is on record for Sharma Traders.")],
                charges: vec![(text("time:1"), text("Conference, 1 h 30 min"), text("₹7,500.00"))],
                kinds: vec![choice("fee", "Fee"), choice("discount", "Discount")],
                sacs: vec![choice("998212", "998212 Legal advice")],
            }),
            issued: None,
            typed: Typed::default(),
        }
    }

    pub(crate) fn sample_issued() -> Self {
        Self {
            layout: Layout::sample("MR/26-27/014", Area::Money, Role::Billing),
            problem: None,
            number: Some(text("MR/26-27/014")),
            draft: None,
            issued: Some(IssuedSide {
                on: day(-40),
                due: Some(day(-10)),
                overdue: true,
                outstanding: text("₹25,000.00"),
                open: true,
                cancelled: None,
                has_paper: true,
                settled: vec![SettledRow {
                    on: day(-5),
                    what: text("Receipt MRR/26-27/001"),
                    amount: text("₹90,000.00"),
                    tds: text("₹10,000.00"),
                }],
                credits: vec![CreditRow {
                    id: id(31),
                    number: text("MRC/26-27/001"),
                    on: day(-4),
                    reason: text("Agreed"),
                    amount: text("₹1,000.00"),
                }],
                held: Some(text("₹5,000.00")),
                modes: modes(),
                tds_hint: text("Left empty, none. It is reckoned on ₹1,50,000.00."),
                key: text("key"),
            }),
            ..Self::sample()
        }
    }

    pub(crate) fn sample_cancelled() -> Self {
        let page = Self::sample_issued();
        let issued = page.issued.map(|side| IssuedSide {
            overdue: false,
            open: false,
            cancelled: Some(text("Billed twice")),
            has_paper: false,
            settled: Vec::new(),
            held: None,
            ..side
        });
        Self { issued, keeps: false, account: None, ..Self::sample_issued() }
    }
}

impl PaymentsPage {
    pub(crate) fn sample() -> Self {
        let row = |number: u128, reversed| PaymentRow {
            id: id(number),
            number: text("MRR/26-27/001"),
            client: text("Sharma Traders"),
            on: day(-5),
            amount: text("₹90,000.00"),
            tds: text("₹10,000.00"),
            how: text("Cheque or draft, 004512"),
            reversed,
        };
        Self {
            layout: Layout::sample("Payments", Area::Money, Role::Billing),
            keeps: true,
            payments: vec![row(41, None), row(42, Some((day(-1), text("Cheque returned"))))],
            clients: vec![choice("1", "Sharma Traders")],
            modes: modes(),
            problem: Some(text("The payment was taken back already.")),
            typed: Typed::refused(
                &BTreeMap::from([(text("amount"), text("x"))]),
                Some(("amount", text("Type an amount in rupees."))),
            ),
            key: text("key"),
        }
    }

    pub(crate) fn sample_empty() -> Self {
        Self { problem: None, payments: Vec::new(), keeps: false, ..Self::sample() }
    }
}

impl AccountPage {
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample("Sharma Traders", Area::Money, Role::Billing),
            client: id(5),
            name: text("Sharma Traders"),
            from: day(-365),
            to: day(0),
            opening: text("₹0.00"),
            rows: vec![StatementRow {
                on: day(-40),
                what: text("Invoice MR/26-27/014"),
                billed: text("₹1,50,000.00"),
                settled: String::new(),
                balance: text("₹1,50,000.00"),
            }],
            closing: text("₹1,50,000.00"),
            ages: vec![("Not due yet", text("₹0.00")), ("1 to 30 days", text("₹1,50,000.00"))],
            held: text("₹5,000.00"),
            entries: vec![EntryRow {
                on: day(-50),
                kind: "Advance received",
                what: text("Retainer"),
                amount: text("₹5,000.00"),
                balance: text("₹5,000.00"),
            }],
            keeps: true,
            kinds: vec![choice("advance", "Advance received")],
            modes: modes(),
            typed: Typed::default(),
            key: text("key"),
        }
    }

    pub(crate) fn sample_empty() -> Self {
        Self { rows: Vec::new(), entries: Vec::new(), keeps: false, ..Self::sample() }
    }
}

impl TdsPage {
    pub(crate) fn sample() -> Self {
        let line = |quarter, certificate| TdsLine {
            client: id(5),
            name: text("Sharma Traders"),
            quarter,
            held: text("₹10,000.00"),
            typed: text("10000.00"),
            certificate,
        };
        Self {
            layout: Layout::sample("TDS", Area::Money, Role::Billing),
            problem: None,
            year: text("2026-27"),
            years: vec![choice("2026-27", "2026-27")],
            rows: vec![line(1, Some((text("ABCDE"), text("₹10,000.00")))), line(2, None)],
            keeps: true,
        }
    }

    pub(crate) fn sample_empty() -> Self {
        Self { rows: Vec::new(), ..Self::sample() }
    }
}

impl ReportPage {
    pub(crate) fn sample() -> Self {
        let sheet = Sheet {
            name: text("Ageing"),
            columns: vec![text("Client"), text("Outstanding")],
            rows: vec![vec![Cell::text("Sharma Traders"), Cell::Money(Paise(2_500_000))]],
        };
        Self {
            layout: Layout::sample("Reports", Area::Money, Role::Admin),
            lead: "What was billed and what came.",
            slug: "money",
            span: Some((day(-30), day(0))),
            problem: Some(text("The last day is before the first.")),
            tables: vec![sheet.into()],
            empty: "Nothing is outstanding.",
        }
    }

    pub(crate) fn sample_empty() -> Self {
        let sheet = Sheet { name: text("Ageing"), columns: vec![text("Client")], rows: Vec::new() };
        Self { span: None, problem: None, tables: vec![sheet.into()], ..Self::sample() }
    }
}
