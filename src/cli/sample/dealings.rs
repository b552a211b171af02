//! What is dealt with in a case of the sample chamber beside its days: tags, notes, a linked
//! matter, a limitation, a conflict check, a cause list, and what its client is told and asked.

use anyhow::Context;
use chrono::NaiveDate;
use serde::Deserialize;

use super::practice::When;
use crate::app::App;
use crate::cases::LinkKind;
use crate::conflicts::{Asked, AskedName, Occasion};
use crate::deadlines::kept::NewLimitation;
use crate::deadlines::limitation;
use crate::hearings::ListAction;
use crate::hearings::cause_lists::{NewCauseList, Reviewed};
use crate::kernel::{CaseId, Scope, day_in_india};
use crate::messages::{Channel, NewMessage};
use crate::portal::{NewRequest, NewsTexts};

/// What is dealt with in a case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleDealings {
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    notes: Vec<SampleNote>,
    /// The case it comes from or is connected with.
    link: Option<SampleLink>,
    limitation: Option<SampleLimitation>,
    conflict_check: Option<SampleCheck>,
    cause_list: Option<SampleList>,
    #[serde(default)]
    requests: Vec<SampleRequest>,
    #[serde(default)]
    news: Vec<SampleNews>,
    #[serde(default)]
    pub(super) messages: Vec<SampleMessage>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleNote {
    text: String,
    pinned: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleLink {
    kind: LinkKind,
    /// The title of a case that stands before it in the sample.
    of: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleLimitation {
    rule: String,
    event: When,
}

/// Names of the other side that are looked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleCheck {
    others: Vec<String>,
}

/// A list that names the case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleList {
    name: String,
    court: String,
    day: When,
    text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleRequest {
    what: String,
    due: When,
}

/// News in both languages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleNews {
    english: String,
    hindi: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleMessage {
    /// The email of who writes it.
    pub(super) by: String,
    /// Whether the client reads it.
    to_client: bool,
    text: String,
}

/// Deals with a case, as its first member would; others write their messages themselves.
pub(super) async fn add(
    app: &App,
    member: &Scope,
    case: CaseId,
    sample: &SampleDealings,
) -> anyhow::Result<()> {
    let today = day_in_india(app.clock.now());
    if !sample.tags.is_empty() {
        app.cases.set_tags(member, case, sample.tags.clone()).await?;
    }
    for note in &sample.notes {
        app.cases.add_note(member, case, note.text.clone(), note.pinned).await?;
    }
    if let Some(link) = &sample.link {
        let of = app.cases.find_titled(member, &link.of).await?.id;
        app.cases.link(member, case, of, link.kind).await?;
    }
    look_ahead(app, member, case, (sample, today)).await?;
    tell_client(app, member, case, (sample, today)).await?;
    for message in &sample.messages {
        let writer = app.auth.scope_of(&message.by).await?;
        let new = NewMessage {
            case,
            channel: if message.to_client { Channel::Client } else { Channel::Team },
            text: message.text.clone(),
            files: Vec::new(),
            documents: Vec::new(),
            share: false,
        };
        app.messages.post(&writer, new).await.context("a message")?;
    }
    Ok(())
}

/// Keeps a limitation, checks for conflicts, and reads a cause list.
async fn look_ahead(
    app: &App,
    member: &Scope,
    case: CaseId,
    (sample, today): (&SampleDealings, NaiveDate),
) -> anyhow::Result<()> {
    if let Some(kept) = &sample.limitation {
        let asked = limitation::Asked {
            rule: kept.rule.clone(),
            event: kept.event.day(today)?,
            copy: None,
            left_out: Vec::new(),
            filed: None,
        };
        let assignee = Some(member.user());
        let new = NewLimitation { asked, case, calendar: None, title: None, assignee };
        app.deadlines.keep(member, new).await.context("the limitation")?;
    }
    if let Some(check) = &sample.conflict_check {
        let name = |name: &String| AskedName { name: name.clone(), ..AskedName::default() };
        let asked = Asked {
            names: check.others.iter().map(name).collect(),
            case: Some(case),
            client: None,
            occasion: Occasion::Asked,
            with_counsel: false,
        };
        app.conflicts.ask(member, asked).await?;
    }
    if let Some(list) = &sample.cause_list {
        accept_list(app, member, case, (list, today)).await.context("the cause list")?;
    }
    Ok(())
}

/// Reads a cause list and accepts what it says of the case.
async fn accept_list(
    app: &App,
    member: &Scope,
    case: CaseId,
    (sample, today): (&SampleList, NaiveDate),
) -> anyhow::Result<()> {
    let new = NewCauseList {
        name: sample.name.clone(),
        text: sample.text.clone(),
        court: Some(sample.court.clone()),
        on_date: Some(sample.day.day(today)?),
        list_type: None,
    };
    let list = app.hearings.add_cause_list(member, new).await?;
    let review = app.hearings.review(member, list).await?;
    let names = |found: &&Reviewed| {
        found.candidates.iter().any(|candidate| candidate.likely.case_id == case)
    };
    let found = review.ours.iter().find(names).context("it does not name the case")?;
    let number = found.entry.number;
    app.hearings.take_entry(member, list, (number, case), ListAction::Accept).await?;
    Ok(())
}

/// Asks the client of a case for what is needed, and tells them what an advocate approves.
async fn tell_client(
    app: &App,
    member: &Scope,
    case: CaseId,
    (sample, today): (&SampleDealings, NaiveDate),
) -> anyhow::Result<()> {
    for request in &sample.requests {
        let due_on = Some(request.due.day(today)?);
        let new = NewRequest { case, what: request.what.clone(), due_on };
        app.portal.ask(member, new).await.context("a request to the client")?;
    }
    for news in &sample.news {
        let texts =
            NewsTexts { english: Some(news.english.clone()), hindi: Some(news.hindi.clone()) };
        let id = app.portal.draft_news(member, case, texts).await.context("news")?;
        app.portal.approve_news(member, id, 1).await.context("news")?;
    }
    Ok(())
}
