//! What cases are: parties, court, team, documents.

use super::naming::folded;
use super::say::{self, Told, fact};
use super::{FactError, Facts, ROWS};
use crate::assistant::grounds::Fact;
use crate::cases::{CaseName, Party};
use crate::clients::Client;
use crate::hearings::HearingQuery;
use crate::kernel::{Scope, day_in_india};

/// A case in a line or two, for a list.
fn brief(case: &CaseName) -> Fact {
    let mut parts = Vec::new();
    parts.extend(case.number.clone());
    parts.extend(case.court.clone());
    parts.extend(case.client_name.as_ref().map(|client| format!("for {client}")));
    parts.push(case.status.clone());
    fact(&case.title, say::page_of(case.id, ""), &[parts.join(", ")])
}

/// Some cases, with words before what was left out.
pub(super) fn list(cases: &[CaseName]) -> Told {
    Told::of(cases.iter().take(ROWS).map(brief).collect(), cases.len() > ROWS)
}

/// The cases a name may mean.
pub(super) fn candidates(cases: &[CaseName]) -> Told {
    let mut told = list(cases);
    told.words = Some(
        "Several cases fit this name. Ask again with the number or the full title.".to_owned(),
    );
    told
}

/// The clients a name may mean.
pub(super) fn client_candidates(clients: &[Client]) -> Told {
    let names: Vec<String> =
        clients.iter().take(ROWS).map(|client| say::clean(&client.name)).collect();
    Told::only(format!(
        "Several clients fit this name: {}. Ask again with the full name.",
        names.join("; ")
    ))
}

/// Words that cases are looked for by.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) words: Option<String>,
    pub(super) court: Option<String>,
    pub(super) client: Option<String>,
    pub(super) status: Option<String>,
}

/// The cases open to the caller that fit.
pub(super) async fn find(facts: &Facts, scope: &Scope, wanted: &Wanted) -> Result<Told, FactError> {
    let has = |text: Option<&String>, words: Option<&String>| {
        let Some(words) = words else { return true };
        let text = folded(text.map_or("", String::as_str));
        folded(words).split_whitespace().all(|word| text.contains(word))
    };
    let mut found = facts.cases.names(scope).await?;
    found.retain(|case| {
        let all = [
            Some(&case.title),
            case.number.as_ref(),
            case.court.as_ref(),
            case.client_name.as_ref(),
        ];
        let all: Vec<&str> = all.into_iter().flatten().map(String::as_str).collect();
        scope.opens(case.id)
            && has(Some(&all.join(" ")), wanted.words.as_ref())
            && has(case.court.as_ref(), wanted.court.as_ref())
            && has(case.client_name.as_ref(), wanted.client.as_ref())
            && wanted.status.as_ref().is_none_or(|status| case.status == *status)
    });
    if found.is_empty() {
        return Ok(Told {
            nothing: true,
            ..Told::only("No case open to you fits. Try fewer words.")
        });
    }
    Ok(list(&found))
}

/// What a case is: court, number, stage, next date, parties, team.
pub(super) async fn details(
    facts: &Facts,
    scope: &Scope,
    name: &CaseName,
) -> Result<Told, FactError> {
    let case = facts.cases.find(scope, name.id).await?;
    let today = facts.today();
    let asked = HearingQuery { case: Some(name.id), limit: 1, ..HearingQuery::default() };
    let next = HearingQuery { from: Some(today), ..asked };
    let next = facts.hearings.list(scope, next).await?;
    let last = HearingQuery { to: today.pred_opt(), latest_first: true, ..asked };
    let last = facts.hearings.list(scope, last).await?;
    let stage = next.iter().chain(&last).find_map(|hearing| hearing.known.stage.clone());
    let mut lines = Vec::new();
    let mut add = |what: &str, text: Option<String>| {
        lines.extend(text.map(|text| format!("{what}: {text}")));
    };
    add("Number", case.number.clone());
    add("CNR", case.cnr.clone());
    add("Court", case.court.clone());
    add("Client", case.client_name.clone());
    add("Status", Some(case.status.clone()));
    add("Taken on", case.opened_on.parse().ok().map(say::day));
    add("Stage", stage);
    add("Next date", next.first().map(say::hearing));
    add("Last date", last.first().map(say::hearing));
    for party in facts.cases.parties(scope, name.id).await? {
        add("Party", Some(say::party(&party)));
    }
    let team = facts.cases.members(scope, name.id).await?;
    let team: Vec<String> = team
        .into_iter()
        .filter(|member| member.has_access)
        .map(|member| format!("{} ({})", member.name, member.role.as_str()))
        .collect();
    add("Team", (!team.is_empty()).then(|| team.join(", ")));
    Ok(Told::of(vec![fact(&case.title, say::page_of(name.id, ""), &lines)], false))
}

/// The parties of a case; with a side, those whose role or name it is.
pub(super) async fn parties(
    facts: &Facts,
    scope: &Scope,
    case: &CaseName,
    side: Option<&str>,
) -> Result<Told, FactError> {
    let mut found = facts.cases.parties(scope, case.id).await?;
    if let Some(side) = side {
        let side = folded(side);
        let side: Vec<&str> = side.split_whitespace().collect();
        found.retain(|party: &Party| {
            let text = folded(&format!("{} {}", party.role, party.name));
            let words: Vec<&str> = text.split_whitespace().collect();
            let same = |word: &&str| {
                words.iter().any(|known| known == word || word.strip_suffix('s') == Some(known))
            };
            !side.is_empty() && side.iter().all(same)
        });
    }
    let title = format!("Parties of {}", case.title);
    let page = say::page_of(case.id, "#parties");
    if found.is_empty() {
        let text = format!("No such party of {} is entered.", case.title);
        return Ok(Told::nothing(fact(&title, page, &[text])));
    }
    let lines: Vec<String> = found.iter().take(ROWS).map(say::party).collect();
    Ok(Told::of(vec![fact(&title, page, &lines)], found.len() > ROWS))
}

/// The documents of a case: what they are and since when they are there.
pub(super) async fn documents(
    facts: &Facts,
    scope: &Scope,
    case: &CaseName,
) -> Result<Told, FactError> {
    let found = facts.documents.list(scope, case.id).await?;
    let title = format!("Documents of {}", case.title);
    let page = say::page_of(case.id, "#documents");
    if found.is_empty() {
        let text = format!("There is no document in {}.", case.title);
        return Ok(Told::nothing(fact(&title, page, &[text])));
    }
    let line = |document: &crate::documents::Document| {
        let version = &document.version;
        let kind = version.kind.as_deref().map(|kind| format!(", {}", kind.replace('_', " ")));
        let added = say::day(day_in_india(document.created_at));
        format!("{}{}, added on {added}", document.title, kind.unwrap_or_default())
    };
    let lines: Vec<String> = found.iter().take(ROWS).map(line).collect();
    Ok(Told::of(vec![fact(&title, page, &lines)], found.len() > ROWS))
}

/// The cases of a client that are open to the caller.
pub(super) async fn matters(
    facts: &Facts,
    scope: &Scope,
    client: &Client,
) -> Result<Told, FactError> {
    let mut found = facts.cases.names(scope).await?;
    found.retain(|case| case.client_id == Some(client.id) && scope.opens(case.id));
    if found.is_empty() {
        let name = say::clean(&client.name);
        let words = format!("No case of {name} is open to you.");
        return Ok(Told { nothing: true, ..Told::only(words) });
    }
    Ok(list(&found))
}
