//! Other systems that are told of events, for admins.

use askama::Template;

use crate::kernel::{EventId, WebhookId};
use crate::web::page::{Layout, pages};
use crate::web::parts::{Choice, Field};
use crate::web::show::Moment;

/// The webhooks, and the form for another.
#[derive(Debug, Clone, Template)]
#[template(path = "webhooks/webhooks.html")]
pub struct WebhooksPage {
    /// The frame.
    pub layout: Layout,
    /// The webhooks.
    pub hooks: Vec<WebhookRow>,
    /// The form for another.
    pub form: WebhookFields,
}

/// One webhook with what it was told.
#[derive(Debug, Clone, Template)]
#[template(path = "webhooks/webhook.html")]
pub struct WebhookPage {
    /// The frame.
    pub layout: Layout,
    /// The webhook.
    pub hook: WebhookRow,
    /// Its secret, shown this once.
    pub secret: Option<String>,
    /// The form that changes it.
    pub form: WebhookFields,
    /// The states of deliveries to choose from.
    pub states: Vec<Choice>,
    /// What it was told, the newest first.
    pub deliveries: Vec<DeliveryRow>,
    /// The address of what it was told before.
    pub older: Option<String>,
    /// The day since when everything is told once more.
    pub since: Field,
}

/// The fields of a webhook.
#[derive(Debug, Clone)]
pub struct WebhookFields {
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// How it is called.
    pub name: Field,
    /// Where it is.
    pub url: Field,
    /// The kinds of events.
    pub kinds: Vec<Choice>,
}

/// A webhook.
#[derive(Debug, Clone)]
pub struct WebhookRow {
    /// Which.
    pub id: WebhookId,
    /// How it is called.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// How many kinds of events it is told of.
    pub kinds: usize,
    /// Whether it is told.
    pub active: bool,
    /// Until when the secret before signs too.
    pub former_until: Option<Moment>,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made: Moment,
    /// How many deliveries wait.
    pub waiting: u64,
    /// How many were given up.
    pub dead: u64,
}

/// What a webhook is told, or was.
#[derive(Debug, Clone)]
pub struct DeliveryRow {
    /// Of which event.
    pub event: EventId,
    /// What happened, by its name outside.
    pub kind: String,
    /// The case's address.
    pub case: Option<String>,
    /// When it happened.
    pub happened: Moment,
    /// How it stands: `waiting`, `failed`, `sent`, `dead`.
    pub state: &'static str,
    /// How often it was tried.
    pub attempts: u64,
    /// When it is tried next.
    pub next: Option<Moment>,
    /// Why it was not taken.
    pub error: Option<String>,
    /// When it was taken.
    pub sent: Option<Moment>,
}

pages!(WebhooksPage, WebhookPage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::events::EventKind;
    use crate::kernel::Role;
    use crate::web::page::Area;
    use crate::web::parts::samples::{id, moment, text};

    fn fields(name: &str, problem: Option<&str>) -> WebhookFields {
        let kind = |kind: EventKind| Choice {
            value: text(kind.as_str()),
            label: text(kind.words()),
            chosen: kind == EventKind::CaseCreated,
        };
        WebhookFields {
            problem: problem.map(text),
            name: Field::of(name),
            url: Field::of("https://accounts.example.in/munshi"),
            kinds: EventKind::ALL.into_iter().map(kind).collect(),
        }
    }

    fn hook(number: u128, active: bool) -> WebhookRow {
        WebhookRow {
            id: id(number),
            name: text("Accounts"),
            url: text("https://accounts.example.in/munshi"),
            kinds: 3,
            active,
            former_until: active.then(|| moment(1000)),
            made_by: text("Anjali Mehta"),
            made: moment(-9000),
            waiting: 2,
            dead: 1,
        }
    }

    impl WebhooksPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Webhooks", Area::Webhooks, Role::Admin),
                hooks: vec![hook(911, true), hook(912, false)],
                form: fields("Accounts", Some("Choose at least one kind of event.")),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { hooks: Vec::new(), form: fields("", None), ..Self::sample() }
        }
    }

    impl WebhookPage {
        pub(crate) fn sample() -> Self {
            let row = |number, state, error: Option<&str>| DeliveryRow {
                event: id(number),
                kind: text("case.created"),
                case: Some(text("/cases/1")),
                happened: moment(-60),
                state,
                attempts: 3,
                next: error.map(|_| moment(5)),
                error: error.map(text),
                sent: error.is_none().then(|| moment(-59)),
            };
            Self {
                layout: Layout::sample("Accounts", Area::Webhooks, Role::Admin),
                hook: hook(911, true),
                secret: Some(text("whsec_sample")),
                form: fields("Accounts", None),
                states: vec![Choice {
                    value: text("dead"),
                    label: text("Given up"),
                    chosen: false,
                }],
                deliveries: vec![
                    row(921, "sent", None),
                    row(922, "failed", Some("it answered 503")),
                    row(923, "dead", Some("it could not be reached")),
                ],
                older: Some(text("/admin/webhooks/1?before=1")),
                since: Field::of("2026-11-20"),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self {
                hook: hook(911, false),
                secret: None,
                deliveries: Vec::new(),
                older: None,
                since: Field::default(),
                ..Self::sample()
            }
        }
    }
}
