//! What people wrote each other in a case: the two channels apart, with author and day.

use super::say::{self, Told, fact};
use super::{FactError, Facts};
use crate::cases::CaseName;
use crate::kernel::{Scope, day_in_india};
use crate::messages::{Channel, Message};

/// How many messages one question is told at most.
const MOST: usize = 20;

/// The last messages of a case, of one channel or both, each channel as a fact of its own.
pub(super) async fn messages(
    facts: &Facts,
    scope: &Scope,
    case: &CaseName,
    (channel, by_client): (Option<Channel>, bool),
) -> Result<Told, FactError> {
    let found = facts.messages.last(scope, case.id, (channel, by_client), MOST + 1).await?;
    Ok(told(case, found, by_client))
}

/// What the client of a case wrote last.
pub(super) async fn last_of_client(
    facts: &Facts,
    scope: &Scope,
    case: &CaseName,
) -> Result<Told, FactError> {
    let wanted = (Some(Channel::Client), true);
    let found = facts.messages.last(scope, case.id, wanted, 1).await?;
    Ok(told(case, found, true))
}

fn told(case: &CaseName, mut found: Vec<Message>, by_client: bool) -> Told {
    let cut = found.len() > MOST;
    found.truncate(MOST);
    if found.is_empty() {
        let who = if by_client { "The client wrote no message" } else { "No message was written" };
        let page = say::page_of(case.id, "/messages");
        return Told::nothing(fact("Messages", page, &[format!("{who} in {}.", case.title)]));
    }
    let mut facts = Vec::new();
    for channel in Channel::ALL {
        let lines: Vec<String> =
            found.iter().filter(|message| message.channel == channel).map(line).collect();
        if lines.is_empty() {
            continue;
        }
        let (title, with) = match channel {
            Channel::Team => (format!("{}: messages of the team alone", case.title), "team"),
            Channel::Client => (format!("{}: messages with the client", case.title), "client"),
        };
        let page = say::page_of(case.id, &format!("/messages?with={with}"));
        facts.push(fact(&title, page, &lines));
    }
    let mut told = Told::of(facts, cut);
    if cut {
        told.words = Some("Older messages were left out; the page of messages has them.".into());
    }
    told
}

/// A message as a line: when, by whom, what.
fn line(message: &Message) -> String {
    let day = say::day(day_in_india(message.sent_at));
    let who = if message.by_client { ", the client" } else { "" };
    let files = match message.attachments.len() {
        0 => String::new(),
        1 => " (with one file)".to_owned(),
        count => format!(" (with {count} files)"),
    };
    format!("{day}, {}{who}, wrote: {}{files}", message.author, message.text)
}
