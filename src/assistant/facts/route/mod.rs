//! Answering from the tables without a model: the question's own words say which table,
//! which days and which case or client.

mod grammar;
#[cfg(test)]
mod table;

use std::sync::LazyLock;

use regex::Regex;

use super::diary::Span;
use super::money::Whose;
use super::naming::Meant;
use super::say::Told;
use super::{FactError, Facts, cases, days, diary, is_this, messages, money};
use crate::cases::CaseName;
use crate::kernel::{CaseId, Scope};
use grammar::{Asked, What};

static ONLY_DAY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!("^{}$", days::DAY)).ok());

/// Whether words are a day and nothing more.
fn is_day(words: &str) -> bool {
    ONLY_DAY.as_ref().is_some_and(|day| day.is_match(words))
}

/// Which case a question is about.
enum About {
    /// One.
    Case(CaseName),
    /// All of them: it names none.
    All,
    /// It names several, or none there is: what to say, if anything.
    Other(Option<Told>),
}

/// What the tables say to a question; none when it is not for them.
pub(super) async fn answer(
    facts: &Facts,
    scope: &Scope,
    within: Option<CaseId>,
    question: &str,
) -> Result<Option<Told>, FactError> {
    let Some(asked) = grammar::read(question) else { return Ok(None) };
    let days = match asked.day.as_deref().map(|day| days::read(day, facts.today())) {
        None => None,
        Some(Some(range)) => Some(range),
        // A day that is none, such as the 31st of November.
        Some(None) => return Ok(None),
    };
    let bare = asked.name.is_none() && days.is_none();
    let told = match asked.what {
        What::Dues | What::Invoices | What::Unpaid => owed(facts, scope, within, &asked).await?,
        What::Matters => of_client(facts, scope, &asked).await?,
        _ => of_case(facts, scope, within, &asked, days.map(Span::from)).await?,
    };
    // Where a table has nothing, the papers of the case may.
    Ok(told.filter(|told| !(told.nothing && bare && within.is_some())))
}

/// The case that a question is about.
async fn about(
    facts: &Facts,
    scope: &Scope,
    within: Option<CaseId>,
    asked: &Asked,
) -> Result<About, FactError> {
    let name = asked.name.as_deref();
    if name.is_none() && within.is_none() {
        return Ok(About::All);
    }
    Ok(match facts.case(scope, within, name).await? {
        Meant::One(case) => About::Case(case),
        Meant::Several(several) => About::Other(Some(cases::candidates(&several))),
        Meant::Nothing => About::Other(None),
    })
}

async fn of_case(
    facts: &Facts,
    scope: &Scope,
    within: Option<CaseId>,
    asked: &Asked,
    days: Option<Span>,
) -> Result<Option<Told>, FactError> {
    let case = match about(facts, scope, within, asked).await? {
        About::Case(case) => Some(case),
        About::All => None,
        About::Other(told) => return Ok(told),
    };
    let one = case.as_ref();
    Ok(match (asked.what, one) {
        (What::Hearings, _) => {
            // Without days: of a case all, of every case those to come.
            let coming = Span { from: Some(facts.today()), to: None };
            let days = days.unwrap_or(if one.is_some() { Span::default() } else { coming });
            Some(diary::hearings(facts, scope, one, days).await?)
        }
        (What::NextDate, _) => Some(diary::next_date(facts, scope, one).await?),
        (What::LastDate, Some(case)) => Some(diary::last_date(facts, scope, case).await?),
        (What::Deadlines | What::Overdue, _) => {
            let overdue = asked.what == What::Overdue;
            let days = days.unwrap_or_default();
            Some(diary::deadlines(facts, scope, one, overdue, days).await?)
        }
        (What::Parties, Some(case)) => {
            let told = cases::parties(facts, scope, case, asked.side.as_deref()).await?;
            // Whom the table does not know the papers may.
            (!told.nothing).then_some(told)
        }
        (What::Documents, Some(case)) => Some(cases::documents(facts, scope, case).await?),
        (What::ClientWrote, Some(case)) => {
            Some(messages::last_of_client(facts, scope, case).await?)
        }
        (What::Messages, Some(case)) => {
            Some(messages::messages(facts, scope, case, (None, false)).await?)
        }
        (What::Details, Some(case)) => Some(cases::details(facts, scope, case).await?),
        (What::Unbilled, _) => Some(money::unbilled(facts, scope, one).await?),
        _ => None,
    })
}

async fn of_client(facts: &Facts, scope: &Scope, asked: &Asked) -> Result<Option<Told>, FactError> {
    let Some(name) = asked.name.as_deref() else { return Ok(None) };
    Ok(match facts.client(scope, name).await? {
        Meant::One(client) => Some(cases::matters(facts, scope, &client).await?),
        Meant::Several(clients) => Some(cases::client_candidates(&clients)),
        Meant::Nothing => None,
    })
}

/// Dues and invoices: of a client, of a case, or of all.
async fn owed(
    facts: &Facts,
    scope: &Scope,
    within: Option<CaseId>,
    asked: &Asked,
) -> Result<Option<Told>, FactError> {
    let whose = match asked.name.as_deref() {
        // Inside a case, `the client` is its client, as that case stands.
        Some(name) if !is_this(name) && !matches!(name, "the client" | "client") => {
            match facts.client(scope, name).await? {
                Meant::One(client) => Whose::Client(client),
                Meant::Several(clients) => return Ok(Some(cases::client_candidates(&clients))),
                // A party of a case owes the chamber nothing: only a case named as a
                // case, by its number or with both its sides, stands for its client.
                Meant::Nothing if !names_a_case(name) => return Ok(None),
                Meant::Nothing => match facts.case(scope, within, Some(name)).await? {
                    Meant::One(case) => Whose::Case(case),
                    Meant::Several(several) => return Ok(Some(cases::candidates(&several))),
                    Meant::Nothing => return Ok(None),
                },
            }
        }
        _ => match facts.case(scope, within, None).await? {
            Meant::One(case) => Whose::Case(case),
            _ if asked.name.is_none() && within.is_none() => Whose::All,
            _ => return Ok(None),
        },
    };
    Ok(Some(match asked.what {
        What::Dues => money::dues(facts, scope, &whose).await?,
        what => money::invoices(facts, scope, &whose, what == What::Unpaid).await?,
    }))
}

fn names_a_case(name: &str) -> bool {
    name.split(' ').any(|word| matches!(word, "v" | "vs" | "versus" | "case" | "matter"))
        || name.chars().any(|c| c.is_ascii_digit())
}
