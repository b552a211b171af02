//! The description of the sample chamber.

use anyhow::Context;
use chrono::NaiveDate;
use serde::Deserialize;

use super::dealings::SampleDealings;
use super::office::{SampleCalendar, SampleRate};
use super::practice::SampleDays;
use crate::billing::Profile;
use crate::clients::NewClient;
use crate::kernel::Role;

/// The whole sample.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chamber {
    pub(super) organisation: String,
    /// What stands on its papers.
    pub(super) profile: Profile,
    pub(super) users: Vec<SampleUser>,
    pub(super) clients: Vec<NewClient>,
    /// What an hour costs.
    pub(super) rates: Vec<SampleRate>,
    /// The holidays of courts.
    pub(super) calendars: Vec<SampleCalendar>,
    pub(super) cases: Vec<SampleCase>,
    pub(super) questions: Vec<SampleQuestion>,
}

/// Someone who can sign in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleUser {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) role: Role,
    /// What they sign in with; a client has none.
    pub(super) password: Option<String>,
    /// The name of the client they are.
    pub(super) client: Option<String>,
}

/// A case with its papers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleCase {
    pub(super) title: String,
    pub(super) number: String,
    pub(super) court: String,
    pub(super) cnr: String,
    /// The client's name.
    pub(super) client: String,
    /// The members' emails; the first leads the case.
    pub(super) members: Vec<String>,
    opened_on: toml::value::Datetime,
    pub(super) summary: String,
    pub(super) documents: Vec<Paper>,
    /// Its parties, hearings, deadlines, time and invoices.
    #[serde(default)]
    pub(super) days: SampleDays,
    /// Its notes, links and messages, and what its client is told.
    #[serde(default)]
    pub(super) dealings: SampleDealings,
}

/// A paper of a case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Paper {
    /// Its file, relative to the chamber's folder.
    pub(super) file: String,
    pub(super) title: String,
    pub(super) shared_with_client: bool,
}

/// A question to be asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleQuestion {
    /// The case's title.
    pub(super) case: String,
    pub(super) question: String,
}

impl Chamber {
    /// Reads the embedded description.
    pub(super) fn embedded() -> anyhow::Result<Self> {
        let text = include_str!("../../../fixtures/chamber/chamber.toml");
        toml::from_str(text).context("the sample chamber's description")
    }

    /// The one who sets the chamber up.
    pub(super) fn admin(&self) -> anyhow::Result<&SampleUser> {
        self.users.iter().find(|user| user.role == Role::Admin).context("the sample has no admin")
    }

    /// The case of a title.
    pub(super) fn case(&self, title: &str) -> anyhow::Result<&SampleCase> {
        let found = self.cases.iter().find(|case| case.title == title);
        found.with_context(|| format!("the sample has no case `{title}`"))
    }
}

impl SampleCase {
    /// Who uploads and asks.
    pub(super) fn first_member(&self) -> anyhow::Result<&str> {
        let first = self.members.first().map(String::as_str);
        first.with_context(|| format!("the sample case `{}` has no member", self.title))
    }

    /// When the chamber took it on.
    pub(super) fn opened_on(&self) -> anyhow::Result<NaiveDate> {
        self.opened_on.to_string().parse().context("`opened_on`")
    }
}

#[cfg(test)]
mod tests {
    use super::super::papers;
    use super::*;

    #[test]
    fn every_paper_of_the_sample_is_embedded() {
        for case in Chamber::embedded().unwrap().cases {
            for paper in case.documents {
                assert!(papers::find(&paper.file).is_some(), "`{}` is not embedded", paper.file);
            }
        }
    }

    #[test]
    fn every_name_in_the_sample_stands_for_something() {
        let chamber = Chamber::embedded().unwrap();
        chamber.admin().unwrap();
        let client = |name: &str| chamber.clients.iter().any(|client| client.name == name);
        let user = |email: &String| chamber.users.iter().any(|user| user.email == *email);
        for case in &chamber.cases {
            case.opened_on().unwrap();
            case.first_member().unwrap();
            assert!(client(&case.client), "`{}` is no client", case.client);
            assert!(case.members.iter().all(user), "`{}` has an unknown member", case.title);
            let mut writers = case.dealings.messages.iter().map(|message| &message.by);
            assert!(writers.all(user), "`{}` has an unknown writer", case.title);
        }
        for user in &chamber.users {
            assert_eq!(user.client.is_some(), user.role == Role::Client, "`{}`", user.email);
            assert!(user.client.as_deref().is_none_or(client), "`{}`", user.email);
        }
        for question in &chamber.questions {
            chamber.case(&question.case).unwrap();
        }
    }
}
