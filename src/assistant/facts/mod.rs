//! Facts: what the tables say, asked by a model through tools or, without one, by the
//! question's own words. Everything here reads; nothing writes.
//!
//! A row is told to the caller under their scope, as the areas it belongs to read it: what
//! is not open to them is not there, in no list, count or sum. Money is told to those who
//! may see it (`Permission::ReadBilling`, and for an advocate only in the cases they lead).

mod cases;
mod days;
mod diary;
mod messages;
mod money;
mod naming;
mod route;
mod say;
mod tools;

use std::sync::Arc;

use chrono::NaiveDate;

use crate::billing::{Billing, BillingError};
use crate::cases::{CaseError, CaseName, Cases};
use crate::clients::{Client, ClientError, Clients};
use crate::db::DbError;
use crate::deadlines::{DeadlineError, Deadlines};
use crate::documents::{DocumentError, Documents};
use crate::fees::{FeeError, Fees};
use crate::hearings::Hearings;
use crate::kernel::{CaseId, Clock, Scope, day_in_india};
use crate::messages::{MessageError, Messages};

use super::grounds::{Fact, Grounds};
use super::llm::{Tool, ToolCall};
use naming::Meant;

/// How many rows one question is told at most.
const ROWS: usize = 50;

/// What can be asked of the tables.
#[derive(Clone)]
pub struct Facts {
    clock: Arc<dyn Clock>,
    cases: Cases,
    clients: Clients,
    documents: Documents,
    billing: Billing,
    fees: Fees,
    deadlines: Deadlines,
    hearings: Hearings,
    messages: Messages,
}

/// The areas that are asked.
pub struct Tables {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Cases.
    pub cases: Cases,
    /// Clients.
    pub clients: Clients,
    /// Documents.
    pub documents: Documents,
    /// Invoices and dues.
    pub billing: Billing,
    /// What is not billed.
    pub fees: Fees,
    /// What is to be done.
    pub deadlines: Deadlines,
    /// What is listed.
    pub hearings: Hearings,
    /// What people wrote each other.
    pub messages: Messages,
}

/// Why the tables could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum FactError {
    /// The cases could not be read.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The clients could not be read.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The documents could not be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The books could not be read.
    #[error(transparent)]
    Billing(#[from] BillingError),
    /// What is not billed could not be read.
    #[error(transparent)]
    Fees(#[from] FeeError),
    /// What is to be done could not be read.
    #[error(transparent)]
    Deadline(#[from] DeadlineError),
    /// The messages could not be read.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Facts {
    /// Puts together what can be asked.
    #[must_use]
    pub fn new(tables: Tables) -> Self {
        let Tables { clock, cases, clients, documents, billing, .. } = tables;
        let Tables { fees, deadlines, hearings, messages, .. } = tables;
        Self { clock, cases, clients, documents, billing, fees, deadlines, hearings, messages }
    }

    /// What a model may ask for on behalf of the caller. Money is offered to those alone
    /// who may see it.
    #[must_use]
    pub fn tools(&self, scope: &Scope) -> Vec<Tool> {
        tools::offered(scope)
    }

    /// Gives a model what it asks for, as numbered facts in words, adding them to the
    /// grounds. What it cannot have is said in words, too: no tool of that name, arguments
    /// that do not fit, nothing found. A tool asked for inside a case is about that case
    /// unless it names another.
    ///
    /// # Errors
    /// Fails when the tables cannot be read.
    pub async fn call(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        call: &ToolCall,
        grounds: &mut Grounds,
    ) -> Result<String, FactError> {
        let told = tools::call(self, scope, within, call).await?;
        Ok(told.write(grounds))
    }

    /// Asks the tables what a question's own words ask of them, adding what they say to
    /// the grounds. What is returned is an answer from the tables alone, with the numbers
    /// of its facts in brackets; none when the question is not for them.
    ///
    /// # Errors
    /// Fails when the tables cannot be read.
    pub async fn route(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        question: &str,
        grounds: &mut Grounds,
    ) -> Result<Option<String>, FactError> {
        let told = route::answer(self, scope, within, question).await?;
        Ok(told.map(|told| told.write(grounds)))
    }

    /// Whether facts told before may still be told to the caller: every case they name in
    /// their addresses is open to them, and money is theirs to see where they are about it.
    ///
    /// # Errors
    /// Fails when the tables cannot be read.
    pub async fn still_open(&self, scope: &Scope, facts: &[Fact]) -> Result<bool, FactError> {
        for fact in facts {
            let about_money = fact.href.contains("#money") || fact.href.starts_with("/money");
            for case in fact.cases() {
                let open = if about_money {
                    self.billing.sees(scope, case).await?
                } else {
                    scope.opens(case)
                };
                if !open {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// The day it is for the chamber.
    fn today(&self) -> NaiveDate {
        day_in_india(self.clock.now())
    }

    /// The case a name means among those open to the caller; without a name the one the
    /// question is asked in.
    async fn case(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        name: Option<&str>,
    ) -> Result<Meant<CaseName>, FactError> {
        let name = name.filter(|name| !is_this(name));
        if name.is_none() && within.is_none() {
            return Ok(Meant::Nothing);
        }
        let mut known = self.cases.names(scope).await?;
        known.retain(|case| scope.opens(case.id));
        Ok(match name {
            Some(name) => naming::case(name, &known),
            None => known
                .into_iter()
                .find(|case| Some(case.id) == within)
                .map_or(Meant::Nothing, Meant::One),
        })
    }

    /// The client a name means among those the caller knows of.
    async fn client(&self, scope: &Scope, name: &str) -> Result<Meant<Client>, FactError> {
        Ok(naming::client(name, &self.clients.list(scope).await?))
    }
}

/// Whether words mean the case the question is asked in.
fn is_this(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    matches!(
        name.as_str(),
        "this"
            | "this case"
            | "this matter"
            | "the case"
            | "the matter"
            | "it"
            | "is case"
            | "is matter"
            | "इस केस"
            | "इस मामले"
    )
}
