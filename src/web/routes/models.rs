//! The language models: the page, trying one, having one asked again.

use axum::extract::{Path, State};
use axum::response::Redirect;

use super::viewer::{Nothing, Viewer, sentence};
use super::{Allowed, Failure, Form};
use crate::app::App;
use crate::assistant::chain::{Now, Outage, Standing, State as Breaker, Status, Switch, Tried};
use crate::kernel::permission::permit::RunService;
use crate::web::Area;
use crate::web::models::{ModelRow, ModelsPage, OutageRow, SwitchRow};
use crate::web::page::Flash;
use crate::web::show::{Moment, about, counted};

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
) -> Result<ModelsPage, Failure> {
    page(&app, &viewer, None).await
}

pub(super) async fn test(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Path(place): Path<usize>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<ModelsPage, Failure> {
    let tried = app.chain.test(viewer.scope(), place).await;
    let Tried { works, words, ms } = tried.map_err(|error| viewer.failure(error))?;
    let text = sentence(&format!("model {place}: {words} ({})", seconds(ms)));
    page(&app, &viewer, Some(Flash { done: works, text })).await
}

pub(super) async fn reset(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Path(place): Path<usize>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let done = app.chain.reset(viewer.scope(), place).await;
    done.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/admin/models"))
}

async fn page(app: &App, viewer: &Viewer, flash: Option<Flash>) -> Result<ModelsPage, Failure> {
    app.notice_outages().await.map_err(|error| viewer.failure(error))?;
    let status = app.chain.status(viewer.scope()).await;
    let Status { now, deadline, models, outages, switches } =
        status.map_err(|error| viewer.failure(error))?;
    let (model, why) = match now {
        Now::Model(model) => (Some(model), String::new()),
        Now::Documents(why) => (None, sentence(&why)),
    };
    Ok(ModelsPage {
        layout: viewer.layout("Language models", Area::Models).with_flash(flash),
        model,
        why,
        deadline: about(deadline.as_secs()),
        models: models.into_iter().map(row).collect(),
        outages: outages.into_iter().map(outage).collect(),
        switches: switches.into_iter().map(switch).collect(),
    })
}

fn row(standing: Standing) -> ModelRow {
    let Standing { place, provider, model, state, last_success, last_failure, .. } = standing;
    let calls = counted(standing.calls as u64, "call", "calls");
    let failed = match standing.failed {
        0 => "none failed".to_owned(),
        failed => format!("{failed} failed"),
    };
    let took = standing.p50_ms.zip(standing.p95_ms).map(|(half, most)| {
        let ms = |ms: i64| seconds(u64::try_from(ms).unwrap_or(0));
        format!("{} or less by half, {} or less by 95 %", ms(half), ms(most))
    });
    let is_away = state != Breaker::Closed;
    let (health, words, reason) = match state {
        Breaker::Closed => ("working", "working".to_owned(), None),
        Breaker::Open { until, reason } => {
            ("missing", format!("left alone until {}", Moment(until)), Some(reason))
        }
        Breaker::Probing { reason, .. } => {
            ("limited", "being tried again".to_owned(), Some(reason))
        }
        Breaker::Out { reason } => {
            ("missing", "needs its settings mended".to_owned(), Some(reason))
        }
    };
    ModelRow {
        place,
        model,
        provider,
        health,
        state: words,
        reason: reason.map(|reason| sentence(&reason)),
        is_away,
        last_success: last_success.map(Moment),
        last_failure: last_failure.map(|(at, why)| (Moment(at), sentence(&why))),
        calls: format!("{calls}, {failed}"),
        took,
    }
}

/// Milliseconds as seconds with one decimal.
fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1_000, ms % 1_000 / 100)
}

fn outage(outage: Outage) -> OutageRow {
    let Outage { part, name, reason, failures: _, began_at, ended_at } = outage;
    let name = match part.as_str() {
        "model" => name,
        "embeddings" => format!("Embedding model {name}"),
        _ => format!("Search by meaning ({name})"),
    };
    let (reason, began, ended) = (sentence(&reason), Moment(began_at), ended_at.map(Moment));
    OutageRow { name, reason, began, ended }
}

fn switch(switch: Switch) -> SwitchRow {
    let Switch { hour, from_model, to_model, reason, answers } = switch;
    SwitchRow { hour: Moment(hour), from: from_model, to: to_model, reason, answers }
}
