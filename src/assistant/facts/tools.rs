//! The tools a model may ask for: names, schemas, and reading what it wrote.
//!
//! Every schema is closed and names all of its fields as required, those that may be left
//! out as `null` too, as the strict form of tool calls wants it; what comes is read with
//! the same types all the same.

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::cases::Wanted;
use super::diary::Span;
use super::money::Whose;
use super::naming::Meant;
use super::say::Told;
use super::{FactError, Facts, cases, diary, is_this, messages, money};
use crate::assistant::llm::{Tool, ToolCall};
use crate::cases::CaseName;
use crate::kernel::{CaseId, Permission, Scope};
use crate::messages::Channel;

const CASE: &str = "Title or number of the case; null for the case the question is asked in";

/// A field that may be null.
fn text(about: &str) -> Value {
    json!({ "type": ["string", "null"], "description": about })
}

fn flag(about: &str) -> Value {
    json!({ "type": ["boolean", "null"], "description": about })
}

fn day(about: &str) -> Value {
    text(&format!("{about}, as YYYY-MM-DD"))
}

/// A closed object.
fn object(fields: &[(&str, Value)]) -> Value {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let fields: serde_json::Map<String, Value> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    json!({
        "type": "object",
        "properties": fields,
        "required": names,
        "additionalProperties": false,
    })
}

fn tool(name: &'static str, description: &'static str, fields: &[(&str, Value)]) -> Tool {
    Tool { name, description, parameters: object(fields) }
}

/// Every tool that reads the tables, those about money for those who may see it.
pub(super) fn offered(scope: &Scope) -> Vec<Tool> {
    let case = || ("case", text(CASE));
    let mut tools = vec![
        tool(
            "find_cases",
            "Finds cases by words of their title, number, court or client.",
            &[
                ("words", text("Words of the title or number")),
                ("court", text("Words of the court's name")),
                ("client", text("Words of the client's name")),
                ("status", json!({ "type": ["string", "null"], "enum": ["open", "closed", null] })),
            ],
        ),
        tool(
            "case_details",
            "Tells a case's court, number, stage, next and last date, parties and team.",
            &[case()],
        ),
        tool(
            "hearings",
            "Lists hearings, past and coming, of one case or of all.",
            &[
                case(),
                ("all_cases", flag("True for the hearings of all cases")),
                ("from", day("The first day")),
                ("to", day("The last day")),
            ],
        ),
        tool("next_date", "Tells when a case is listed next.", &[case()]),
        tool(
            "deadlines",
            "Lists tasks and deadlines that are not done.",
            &[
                case(),
                ("all_cases", flag("True for those of all cases")),
                ("overdue", flag("True for those whose day has passed")),
                ("from", day("Due from")),
                ("to", day("Due until")),
            ],
        ),
        tool("case_documents", "Lists the documents of a case: titles, kinds, days.", &[case()]),
        tool(
            "case_messages",
            "Tells the last messages people wrote in a case: those of the team alone and those \
             with the client, apart.",
            &[
                case(),
                ("with", json!({ "type": ["string", "null"], "enum": ["team", "client", null] })),
                ("by_client", flag("True for those the client wrote")),
            ],
        ),
        tool(
            "client_matters",
            "Lists the cases of a client.",
            &[("client", json!({ "type": "string", "description": "The client's name" }))],
        ),
    ];
    if scope.may(Permission::ReadBilling) {
        tools.push(tool(
            "unbilled_time",
            "Lists time worked that is not billed.",
            &[case(), ("all_cases", flag("True for the time of all cases"))],
        ));
        tools.push(tool(
            "invoices_and_dues",
            "Lists invoices and what is outstanding, of a case or a client; of all when neither is named.",
            &[
                case(),
                ("client", text("The client's name")),
                ("unpaid", flag("True for those not paid in full")),
                ("all_cases", flag("True for those of all cases")),
            ],
        ));
    }
    tools
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FindCases {
    words: Option<String>,
    court: Option<String>,
    client: Option<String>,
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfCase {
    case: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfDays {
    case: Option<String>,
    all_cases: Option<bool>,
    overdue: Option<bool>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfMessages {
    case: Option<String>,
    with: Option<String>,
    by_client: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfClient {
    client: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfMoney {
    case: Option<String>,
    client: Option<String>,
    unpaid: Option<bool>,
    all_cases: Option<bool>,
}

/// Reads arguments, or says in words why they cannot be.
fn read<T: DeserializeOwned>(call: &ToolCall) -> Result<T, Told> {
    let arguments = call.arguments.trim();
    let arguments = if arguments.is_empty() { "{}" } else { arguments };
    serde_json::from_str(arguments).map_err(|error| {
        Told::only(format!(
            "The arguments do not fit `{}`: {error}. Days are written YYYY-MM-DD.",
            call.name
        ))
    })
}

/// What a name that is no more than space stands for: nothing.
fn given(name: Option<String>) -> Option<String> {
    name.filter(|name| !name.trim().is_empty())
}

/// Does what a model asks for. What cannot be done is told in words.
pub(super) async fn call(
    facts: &Facts,
    scope: &Scope,
    within: Option<CaseId>,
    call: &ToolCall,
) -> Result<Told, FactError> {
    let at = At { facts, scope, within };
    let told = match call.name.as_str() {
        "find_cases" => at.find_cases(call).await,
        "case_details" | "next_date" | "case_documents" => at.of_case(call).await,
        "hearings" | "deadlines" => at.of_days(call).await,
        "client_matters" => at.client_matters(call).await,
        "case_messages" => at.case_messages(call).await,
        "unbilled_time" | "invoices_and_dues" => at.of_money(call).await,
        name => {
            let known: Vec<&str> = offered(scope).iter().map(|tool| tool.name).collect();
            let known = known.join(", ");
            Ok(Told::only(format!("There is no tool `{name}`. There are: {known}.")))
        }
    };
    match told {
        Ok(told) | Err(Stop::Told(told)) => Ok(told),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Why a tool ends before its end.
enum Stop {
    /// With words for the model.
    Told(Told),
    /// The tables could not be read.
    Failed(FactError),
}

impl From<Told> for Stop {
    fn from(told: Told) -> Self {
        Self::Told(told)
    }
}

impl<E: Into<FactError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// For whom a tool works, and inside which case.
struct At<'a> {
    facts: &'a Facts,
    scope: &'a Scope,
    within: Option<CaseId>,
}

impl At<'_> {
    async fn find_cases(&self, call: &ToolCall) -> Result<Told, Stop> {
        let FindCases { words, court, client, status } = read(call)?;
        let wanted = Wanted {
            words: given(words),
            court: given(court),
            client: given(client),
            status: given(status),
        };
        Ok(cases::find(self.facts, self.scope, &wanted).await?)
    }

    /// The case that is named, or asked in; none when neither.
    async fn case(&self, name: Option<String>) -> Result<Option<CaseName>, Stop> {
        let name = given(name).filter(|name| !is_this(name));
        if name.is_none() && self.within.is_none() {
            return Ok(None);
        }
        match self.facts.case(self.scope, self.within, name.as_deref()).await? {
            Meant::One(case) => Ok(Some(case)),
            Meant::Several(several) => Err(cases::candidates(&several).into()),
            Meant::Nothing => Err(Told::only(
                "No case open to the person asking has that title or number. Use `find_cases`.",
            )
            .into()),
        }
    }

    async fn of_case(&self, call: &ToolCall) -> Result<Told, Stop> {
        let OfCase { case } = read(call)?;
        let Some(case) = self.case(case).await? else {
            return Err(Told::only("Name the case.").into());
        };
        let (facts, scope) = (self.facts, self.scope);
        Ok(match call.name.as_str() {
            "next_date" => diary::next_date(facts, scope, Some(&case)).await?,
            "case_documents" => cases::documents(facts, scope, &case).await?,
            _ => cases::details(facts, scope, &case).await?,
        })
    }

    async fn of_days(&self, call: &ToolCall) -> Result<Told, Stop> {
        let OfDays { case, all_cases, overdue, from, to } = read(call)?;
        let all = all_cases == Some(true) && given(case.clone()).is_none();
        let case = if all { None } else { self.case(case).await? };
        let (facts, scope, days) = (self.facts, self.scope, Span { from, to });
        Ok(if call.name == "hearings" {
            diary::hearings(facts, scope, case.as_ref(), days).await?
        } else {
            let overdue = overdue == Some(true);
            diary::deadlines(facts, scope, case.as_ref(), overdue, days).await?
        })
    }

    /// What people wrote in a case.
    async fn case_messages(&self, call: &ToolCall) -> Result<Told, Stop> {
        let OfMessages { case, with, by_client } = read(call)?;
        let Some(case) = self.case(case).await? else {
            return Err(Told::only("Name the case.").into());
        };
        let channel = with.and_then(|with| with.parse::<Channel>().ok());
        let wanted = (channel, by_client == Some(true));
        Ok(messages::messages(self.facts, self.scope, &case, wanted).await?)
    }

    /// The cases of a client the model names.
    async fn client_matters(&self, call: &ToolCall) -> Result<Told, Stop> {
        let OfClient { client } = read(call)?;
        let client = self.client(&client).await?;
        Ok(cases::matters(self.facts, self.scope, &client).await?)
    }

    async fn client(&self, name: &str) -> Result<crate::clients::Client, Stop> {
        match self.facts.client(self.scope, name).await? {
            Meant::One(client) => Ok(client),
            Meant::Several(several) => Err(cases::client_candidates(&several).into()),
            Meant::Nothing => Err(Told::only("There is no client of that name.").into()),
        }
    }

    async fn of_money(&self, call: &ToolCall) -> Result<Told, Stop> {
        let OfMoney { case, client, unpaid, all_cases } = read(call)?;
        let (case, client) = (given(case), given(client));
        let all = all_cases == Some(true) && case.is_none();
        let (facts, scope) = (self.facts, self.scope);
        if call.name == "unbilled_time" {
            let case = if all { None } else { self.case(case).await? };
            return Ok(money::unbilled(facts, scope, case.as_ref()).await?);
        }
        let whose = match client {
            Some(client) if case.is_none() => Whose::Client(self.client(&client).await?),
            _ if all => Whose::All,
            _ => self.case(case).await?.map_or(Whose::All, Whose::Case),
        };
        let mut told = money::invoices(facts, scope, &whose, unpaid == Some(true)).await?;
        // With the sums, so that no model has to add.
        let dues = money::dues(facts, scope, &whose).await?;
        if !told.nothing && !dues.nothing {
            told.facts.extend(dues.facts);
        }
        Ok(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_is_closed_and_names_all_of_its_fields() {
        let schema = object(&[("case", text(CASE)), ("all", flag("All"))]);
        assert_eq!(schema["required"], json!(["case", "all"]));
        assert_eq!(schema["additionalProperties"], json!(false));
        assert_eq!(schema["properties"]["case"]["type"], json!(["string", "null"]));
    }

    #[test]
    fn arguments_that_do_not_fit_are_answered_in_words() {
        let call = |arguments: &str| ToolCall {
            id: "1".to_owned(),
            name: "hearings".to_owned(),
            arguments: arguments.to_owned(),
        };
        for wrong in ["{", "[]", r#"{"day":"x"}"#, r#"{"from":"tomorrow"}"#, r#"{"case":7}"#] {
            let told = read::<OfDays>(&call(wrong)).err().unwrap();
            assert!(told.words.unwrap().contains("do not fit `hearings`"), "{wrong}");
        }
        assert!(read::<OfDays>(&call("")).is_ok());
        assert!(read::<OfDays>(&call(r#"{"case":null,"from":"2026-12-03"}"#)).is_ok());
    }
}
