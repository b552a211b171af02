//! The webhooks, and one with what it was told.

use axum::extract::{Path, Query, State};
use serde::Deserialize;

use crate::app::App;
use crate::events::{
    Delivery, EventError, EventKind, MOST_DELIVERIES, NewWebhook, Standing, Wanted, Webhook,
};
use crate::kernel::permission::permit::ManageWebhooks;
use crate::kernel::{EventId, WebhookId};
use crate::web::Area;
use crate::web::parts::{Choice, Field};
use crate::web::routes::viewer::sentence;
use crate::web::routes::{Allowed, Failure, Viewer};
use crate::web::webhooks::{DeliveryRow, WebhookFields, WebhookPage, WebhookRow, WebhooksPage};

/// Which deliveries are shown.
#[derive(Deserialize, Default)]
pub(super) struct Shown {
    #[serde(default)]
    state: String,
    before: Option<EventId>,
}

pub(super) async fn list(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWebhooks>,
) -> Result<WebhooksPage, Failure> {
    let new = NewWebhook { name: String::new(), url: String::new(), kinds: Vec::new() };
    all(&app, &viewer, fields(&new, None)).await
}

pub(super) async fn all(
    app: &App,
    viewer: &Viewer,
    form: WebhookFields,
) -> Result<WebhooksPage, Failure> {
    let hooks = app.events.webhooks(viewer.scope()).await;
    let hooks = hooks.map_err(|error| viewer.failure(error))?;
    Ok(WebhooksPage {
        layout: viewer.layout("Webhooks", Area::Webhooks),
        hooks: hooks.iter().map(row).collect(),
        form,
    })
}

pub(super) async fn one(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageWebhooks>,
    Path(id): Path<WebhookId>,
    Query(shown): Query<Shown>,
) -> Result<WebhookPage, Failure> {
    page(&app, &viewer, id, shown).await
}

pub(super) async fn page(
    app: &App,
    viewer: &Viewer,
    id: WebhookId,
    Shown { state, before }: Shown,
) -> Result<WebhookPage, Failure> {
    let fail = |error: EventError| viewer.failure(error);
    let hook = app.events.webhook(viewer.scope(), id).await.map_err(fail)?;
    let standing = Standing::ALL.into_iter().find(|standing| standing.as_str() == state);
    let wanted = Wanted { standing, before };
    let found = app.events.deliveries(viewer.scope(), id, wanted).await.map_err(fail)?;
    let only = standing.map(|it| format!("state={}&", it.as_str())).unwrap_or_default();
    let last =
        found.last().filter(|_| found.len() == MOST_DELIVERIES).map(|delivery| delivery.event_id);
    let label = |standing: Standing| match standing {
        Standing::Waiting => "Waiting",
        Standing::Failed => "Tried again",
        Standing::Sent => "Taken",
        Standing::Dead => "Given up",
    };
    let states = Standing::ALL.into_iter().map(|it| Choice {
        value: it.as_str().to_owned(),
        label: label(it).to_owned(),
        chosen: Some(it) == standing,
    });
    let new =
        NewWebhook { name: hook.name.clone(), url: hook.url.clone(), kinds: hook.kinds.clone() };
    Ok(WebhookPage {
        layout: viewer.layout(hook.name.clone(), Area::Webhooks),
        hook: row(&hook),
        secret: None,
        form: fields(&new, None),
        states: states.collect(),
        older: last.map(|last| format!("/admin/webhooks/{id}?{only}before={last}")),
        deliveries: found.into_iter().map(delivery).collect(),
        since: Field::default(),
    })
}

fn row(hook: &Webhook) -> WebhookRow {
    let count = |count: i64| u64::try_from(count).unwrap_or(0);
    WebhookRow {
        id: hook.id,
        name: hook.name.clone(),
        url: hook.url.clone(),
        kinds: hook.kinds.len(),
        active: hook.active,
        former_until: hook.former_until.map(Into::into),
        made_by: hook.made_by.clone(),
        made: hook.made_at.into(),
        waiting: count(hook.waiting),
        dead: count(hook.dead),
    }
}

fn delivery(delivery: Delivery) -> DeliveryRow {
    let standing = delivery.standing();
    let waits = matches!(standing, Standing::Waiting | Standing::Failed);
    DeliveryRow {
        event: delivery.event_id,
        kind: delivery.kind,
        case: delivery.case_id.map(|case| format!("/cases/{case}")),
        happened: delivery.happened_at.into(),
        state: standing.as_str(),
        attempts: u64::try_from(delivery.attempts).unwrap_or(0),
        next: Some(delivery.next_at.into()).filter(|_| waits),
        error: delivery.last_error,
        // One that is told again waits, though it was taken before.
        sent: delivery.sent_at.filter(|_| standing == Standing::Sent).map(Into::into),
    }
}

/// The form of a webhook as it is filled in, with what was wrong.
pub(super) fn fields(new: &NewWebhook, refused: Option<&EventError>) -> WebhookFields {
    let kind = |kind: EventKind| Choice {
        value: kind.as_str().to_owned(),
        label: kind.words().to_owned(),
        chosen: new.kinds.contains(&kind),
    };
    let words = refused.map(|error| sentence(&error.to_string()));
    let is_name = matches!(refused, Some(EventError::Name));
    let is_url = matches!(refused, Some(EventError::Address(_)));
    let field = |value: &String, wrong: bool| Field {
        value: value.clone(),
        error: words.clone().filter(|_| wrong),
    };
    WebhookFields {
        problem: words.clone().filter(|_| !is_name && !is_url),
        name: field(&new.name, is_name),
        url: field(&new.url, is_url),
        kinds: EventKind::ALL.into_iter().map(kind).collect(),
    }
}
