//! The pages of a case, as tabs under its title.

use crate::kernel::CaseId;
use crate::web::parts::CaseRef;

/// A page of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseTab {
    /// What happened, what is next, what is owed, and the documents.
    Overview,
    /// Hearings and their history.
    Hearings,
    /// Limitation and what is to be done.
    Deadlines,
    /// Who is in the case and who appears.
    Parties,
    /// Notes of the team.
    Notes,
    /// Time, fees, expenses and invoices.
    Money,
    /// Messages.
    Messages,
    /// What the client sees.
    Portal,
}

/// The tabs of a case.
#[derive(Debug, Clone)]
pub struct CaseTabs {
    /// The case.
    pub case: CaseRef,
    /// Its court's number, where it has one.
    pub number: Option<String>,
    /// Which page is shown.
    pub here: CaseTab,
    /// Whether what is in the case is open to the reader.
    pub opens: bool,
    /// Whether the reader may see its money or enter time.
    pub money: bool,
}

/// A tab: its words, its address, and whether it is the page shown.
#[derive(Debug, Clone)]
pub struct Tab {
    /// The words.
    pub label: &'static str,
    /// The address.
    pub href: String,
    /// Whether it is shown.
    pub current: bool,
}

impl CaseTabs {
    /// The tabs the reader may open.
    #[must_use]
    pub fn tabs(&self) -> Vec<Tab> {
        let all = [
            (CaseTab::Overview, "Overview", "", true),
            (CaseTab::Hearings, "Hearings", "/hearings", self.opens),
            (CaseTab::Deadlines, "Deadlines", "/deadlines", self.opens),
            (CaseTab::Parties, "Parties", "/parties", self.opens),
            (CaseTab::Notes, "Notes", "/notes", self.opens),
            (CaseTab::Money, "Money", "/money", self.money),
            (CaseTab::Messages, "Messages", "/messages", self.opens),
            (CaseTab::Portal, "Portal", "/portal", self.opens),
        ];
        let shown = all.into_iter().filter(|(.., shown)| *shown);
        shown.map(|(tab, label, end, _)| self.tab(tab, label, end)).collect()
    }

    fn tab(&self, tab: CaseTab, label: &'static str, end: &str) -> Tab {
        let id: CaseId = self.case.id;
        Tab { label, href: format!("/cases/{id}{end}"), current: tab == self.here }
    }
}

#[cfg(test)]
impl CaseTabs {
    /// The tabs of a sample case.
    pub(crate) fn sample(here: CaseTab) -> Self {
        let case = CaseRef { id: CaseId::new(), title: String::from("Sharma v. Kapoor") };
        let number = Some(String::from("CS(COMM) 45/2026"));
        Self { case, number, here, opens: true, money: true }
    }
}
