//! What a model may propose while it answers.
//!
//! A tool here checks what the model wrote and makes a proposal tied to the answer, and
//! does nothing else. What is wrong is told to the model in words, so that it can say so
//! or try again.

use chrono::{Days, Months, NaiveDate};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Kind, NewProposal, ProposalError, Proposals, Source, fit_title, store};
use crate::assistant::evidence::EvidencePage;
use crate::assistant::llm::{Tool, ToolCall};
use crate::assistant::verify::find_quote;
use crate::db::DbError;
use crate::documents::PassageText;
use crate::kernel::{CaseId, MessageId, Permission, Scope, day_in_india};

/// How many proposals one answer may make.
pub const MOST_PER_ANSWER: i64 = 10;

/// Whether a tool of that name proposes something.
#[must_use]
pub fn is_tool(name: &str) -> bool {
    matches!(name, "propose_hearing" | "propose_task" | "propose_time")
}

/// What a model may propose on behalf of the caller; nothing for those who may not change
/// cases.
#[must_use]
pub fn tools(scope: &Scope) -> Vec<Tool> {
    if !scope.may(Permission::WorkOnCases) {
        return Vec::new();
    }
    let case = json!({
        "type": "string",
        "description": "The case, by its title or number. Leave it out for the case asked about.",
    });
    let day = |what: &str| json!({ "type": "string", "format": "date", "description": what });
    vec![
        Tool {
            name: "propose_hearing",
            description: "Propose that a hearing be entered in a case. It is entered only when a \
                          person approves it; say in the answer that it waits for approval.",
            parameters: schema(
                &json!({
                    "case": case,
                    "on": day("The day, as YYYY-MM-DD."),
                    "purpose": { "type": "string", "description": "What it is for." },
                }),
                &["on"],
            ),
        },
        Tool {
            name: "propose_task",
            description: "Propose a task, or a deadline that law or an order sets. It is entered \
                          only when a person approves it; say in the answer that it waits for \
                          approval.",
            parameters: schema(
                &json!({
                    "case": case,
                    "title": { "type": "string", "description": "What is to be done." },
                    "due": day("By when, as YYYY-MM-DD."),
                    "deadline": {
                        "type": "boolean",
                        "description": "Whether law or an order sets the day.",
                    },
                }),
                &["title"],
            ),
        },
        Tool {
            name: "propose_time",
            description: "Propose an entry of time the person asking has worked, when they say \
                          they did. It is entered only when they approve it; say in the answer \
                          that it waits for approval.",
            parameters: schema(
                &json!({
                    "case": case,
                    "on": day("The day, as YYYY-MM-DD."),
                    "minutes": { "type": "integer", "minimum": 1, "maximum": 1440 },
                    "what": { "type": "string", "description": "What was done." },
                }),
                &["on", "minutes", "what"],
            ),
        },
    ]
}

fn schema(properties: &Value, required: &[&str]) -> Value {
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HearingArguments {
    case: Option<String>,
    on: NaiveDate,
    purpose: Option<String>,
    passage: Option<u32>,
    quote: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TaskArguments {
    case: Option<String>,
    title: String,
    due: Option<NaiveDate>,
    #[serde(default)]
    deadline: bool,
    passage: Option<u32>,
    quote: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TimeArguments {
    case: Option<String>,
    on: NaiveDate,
    minutes: u32,
    what: String,
}

/// What a model asked for, read.
struct Asked {
    case: Option<String>,
    kind: Kind,
    title: String,
    on: Option<NaiveDate>,
    minutes: Option<u32>,
    passage: Option<u32>,
    quote: Option<String>,
}

/// What became of a model's call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// In words: the model is told them, and the reader where something was proposed.
    pub said: String,
    /// The case something was proposed in; none where nothing was.
    pub case: Option<CaseId>,
}

impl Proposals {
    /// Makes the proposal a model asks for, tied to the answer it is made in, and says
    /// what became of it. `within` is the case asked about, `passages` what the answer
    /// may cite, in the order of their numbers.
    ///
    /// # Errors
    /// Fails when the database does. What is wrong with the call is no error: it is said.
    pub async fn call(
        &self,
        scope: &Scope,
        (within, message): (Option<CaseId>, MessageId),
        call: &ToolCall,
        passages: &[PassageText],
    ) -> Result<String, DbError> {
        Ok(self.called(scope, (within, message), call, passages).await?.said)
    }

    /// The same, with the case something was proposed in.
    ///
    /// # Errors
    /// As [`Proposals::call`].
    pub async fn called(
        &self,
        scope: &Scope,
        (within, message): (Option<CaseId>, MessageId),
        call: &ToolCall,
        passages: &[PassageText],
    ) -> Result<Called, DbError> {
        let said = match self.made(scope, (within, message), call, passages).await {
            Ok(NewProposal { case, kind, title, on, .. }) => {
                // Without quotation marks: it is no document's words.
                let day = on.map_or_else(String::new, |day| format!(", {day}"));
                let words = "It waits for a person's approval; nothing was entered.";
                let said = format!("Proposed: {}, {title}{day}. {words}", kind.as_str());
                return Ok(Called { said, case: Some(case) });
            }
            Err(ProposalError::Db(error)) => return Err(error),
            Err(ProposalError::Unfit(words)) => format!("Not proposed: {words}."),
            Err(error) => format!("Not proposed: {error}."),
        };
        Ok(Called { said, case: None })
    }

    async fn made(
        &self,
        scope: &Scope,
        (within, message): (Option<CaseId>, MessageId),
        call: &ToolCall,
        passages: &[PassageText],
    ) -> Result<NewProposal, ProposalError> {
        let asked = read(call)?;
        self.fits_calendar(&asked)?;
        let passage = match asked.passage {
            Some(number) => Some(numbered(passages, number)?),
            None => None,
        };
        let case = self.case_of(scope, within, asked.case.as_deref(), passage).await?;
        let source = match (&asked.quote, passage) {
            (Some(quote), Some(passage)) => Some(quoted(quote, passage)?),
            (Some(_), None) => {
                return Err(ProposalError::Unfit("name the passage the quotation stands in"));
            }
            (None, Some(passage)) => Some(Source {
                version: passage.version,
                page: passage.page(),
                quote: passage.text.chars().take(1_000).collect(),
            }),
            (None, None) => None,
        };
        if let (Some(_), Some(passage)) = (&source, passage)
            && passage.case != case
        {
            return Err(ProposalError::Unfit("the passage belongs to another case"));
        }
        let mut tx = self.db.read().await?;
        if store::count_of(&mut tx, message).await? >= MOST_PER_ANSWER {
            return Err(ProposalError::Unfit("one answer proposes ten things at most"));
        }
        drop(tx);
        let new = NewProposal {
            case,
            kind: asked.kind,
            title: fit_title(&asked.title)?,
            on: asked.on,
            doubt: None,
            computed: None,
            minutes: asked.minutes,
            message: Some(message),
            source,
        };
        self.propose(scope, vec![new.clone()]).await?;
        Ok(new)
    }

    /// Refuses days no case has and times no day has.
    fn fits_calendar(&self, asked: &Asked) -> Result<(), ProposalError> {
        let today = day_in_india(self.clock.now());
        let year_ago = today.checked_sub_months(Months::new(12)).unwrap_or(today);
        let latest = match asked.kind {
            Kind::Time => Some(today),
            _ => today.checked_add_days(Days::new(10 * 366)),
        };
        let latest = latest.unwrap_or(today);
        if asked.on.is_some_and(|day| day < year_ago || day > latest) {
            return Err(ProposalError::Unfit(match asked.kind {
                Kind::Time => "time is entered for a day of the last twelve months",
                _ => "the day must lie between a year ago and ten years from now",
            }));
        }
        if asked.minutes.is_some_and(|minutes| !(1..=24 * 60).contains(&minutes)) {
            return Err(ProposalError::Unfit("the time must be between a minute and a day"));
        }
        Ok(())
    }

    /// The case a call is about: the one it names, the one asked about, or that of the
    /// passage, of those the caller works on.
    async fn case_of(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        named: Option<&str>,
        passage: Option<&PassageText>,
    ) -> Result<CaseId, ProposalError> {
        let named = named.map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty());
        let case = if let Some(name) = named {
            let cases = self.cases.list(scope).await?;
            let is = |text: Option<&String>, whole: bool| {
                text.is_some_and(|text| {
                    let text = text.to_lowercase();
                    if whole { text == name } else { text.contains(&name) }
                })
            };
            let fits = |whole: bool| {
                let fitting = cases
                    .iter()
                    .filter(|case| scope.opens(case.id))
                    .filter(|case| is(Some(&case.title), whole) || is(case.number.as_ref(), whole));
                fitting.map(|case| case.id).collect::<Vec<_>>()
            };
            let found = Some(fits(true)).filter(|found| !found.is_empty());
            match found.unwrap_or_else(|| fits(false)).as_slice() {
                [one] => *one,
                [] => return Err(ProposalError::Unfit("there is no case of that title or number")),
                _ => {
                    return Err(ProposalError::Unfit(
                        "several cases fit that name; give the case's number",
                    ));
                }
            }
        } else {
            let found = within.or_else(|| passage.map(|passage| passage.case));
            found.ok_or(ProposalError::Unfit("name the case"))?
        };
        if within.is_some_and(|within| within != case) {
            return Err(ProposalError::Unfit("this conversation is about another case"));
        }
        if !scope.works_on(case) {
            return Err(ProposalError::Unfit("the person asking may not change that case"));
        }
        Ok(case)
    }
}

/// Reads what a model wrote.
fn read(call: &ToolCall) -> Result<Asked, ProposalError> {
    match call.name.as_str() {
        "propose_hearing" => {
            let HearingArguments { case, on, purpose, passage, quote } = arguments(call)?;
            let purpose = purpose.filter(|purpose| !purpose.trim().is_empty());
            let title = purpose.map_or_else(
                || "Hearing".to_owned(),
                |purpose| format!("Hearing for {}", purpose.trim()),
            );
            let (kind, on, minutes) = (Kind::Hearing, Some(on), None);
            Ok(Asked { case, kind, title, on, minutes, passage, quote })
        }
        "propose_task" => {
            let TaskArguments { case, title, due, deadline, passage, quote } = arguments(call)?;
            let kind = if deadline { Kind::Deadline } else { Kind::Task };
            if deadline && due.is_none() {
                return Err(ProposalError::Unfit("a deadline needs its day"));
            }
            Ok(Asked { case, kind, title, on: due, minutes: None, passage, quote })
        }
        "propose_time" => {
            let TimeArguments { case, on, minutes, what } = arguments(call)?;
            let (kind, on, minutes) = (Kind::Time, Some(on), Some(minutes));
            Ok(Asked { case, kind, title: what, on, minutes, passage: None, quote: None })
        }
        _ => Err(ProposalError::Unfit("there is no such tool")),
    }
}

fn arguments<T: DeserializeOwned>(call: &ToolCall) -> Result<T, ProposalError> {
    let wrong = "the arguments do not fit; give those of the tool and real days as YYYY-MM-DD";
    serde_json::from_str(&call.arguments).map_err(|_| ProposalError::Unfit(wrong))
}

/// The passage under a number.
fn numbered(passages: &[PassageText], number: u32) -> Result<&PassageText, ProposalError> {
    let place = usize::try_from(number).unwrap_or(0).wrapping_sub(1);
    passages.get(place).ok_or(ProposalError::Unfit("there is no passage of that number"))
}

/// A quotation, where it stands in a passage's pages word for word.
fn quoted(quote: &str, passage: &PassageText) -> Result<Source, ProposalError> {
    let pages: Vec<EvidencePage> = passage
        .pages
        .iter()
        .map(|page| EvidencePage { number: page.number, text: page.text.clone() })
        .collect();
    let words = "the quotation does not stand in that passage; copy its words exactly";
    let span = find_quote(quote, &pages).ok_or(ProposalError::Unfit(words))?;
    let page = pages.iter().find(|page| page.number == span.page);
    let stands = page.and_then(|page| page.text.get(span.start..span.end));
    Ok(Source {
        version: passage.version,
        page: span.page,
        quote: stands.unwrap_or(quote).to_owned(),
    })
}
