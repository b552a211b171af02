//! Search quality: the page, and changing the embedding model.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Redirect;
use serde::Deserialize;

use super::viewer::{Nothing, Viewer, sentence};
use super::{Allowed, Failure, Form};
use crate::api::problem::Problem;
use crate::app::App;
use crate::kernel::GenerationId;
use crate::kernel::permission::permit::RunService;
use crate::search::golden::{Batch, Outcome, Question, Run};
use crate::vectors::{Estimate, GenerationError, Spent, Stage, Standing};
use crate::web::Area;
use crate::web::page::Flash;
use crate::web::parts::{Choice, Field};
use crate::web::quality::{EstimateBox, GoldenRow, Previous, QualityPage, RunRow, Shadow, Vectors};
use crate::web::show::{about, counted, grouped};

/// The page itself.
const HERE: &str = "/admin/search-quality";

/// What is shown besides what stands in the tables.
#[derive(Default)]
pub(super) struct Extra {
    pub(super) estimate: Option<EstimateBox>,
    pub(super) flash: Option<Flash>,
    pub(super) lines: Field,
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
) -> Result<QualityPage, Failure> {
    page(&app, &viewer, Extra::default()).await
}

/// The page, as the tables say.
pub(super) async fn page(app: &App, viewer: &Viewer, extra: Extra) -> Result<QualityPage, Failure> {
    let scope = viewer.scope();
    let refused = |error: GenerationError| viewer.failure(error);
    app.vectors.refresh().await.map_err(|error| viewer.failure(error))?;
    let all = app.vectors.generations(scope).await.map_err(refused)?;
    let questions = app.golden.list(scope).await.map_err(|error| viewer.failure(error))?;
    let batches = app.golden.batches(scope).await.map_err(|error| viewer.failure(error))?;
    let mut outcomes = Vec::new();
    let latest = batches.first().map_or(&[][..], |batch| batch.runs.as_slice());
    for run in latest {
        let found = app.golden.outcomes(scope, run.id).await;
        outcomes.push(found.map_err(|error| viewer.failure(error))?);
    }
    let live = all.iter().find(|one| one.generation.stage == Stage::Live);
    let shadow = all.iter().find(|one| one.generation.stage.is_shadow());
    let previous = all.iter().filter(|one| one.generation.stage == Stage::Previous);
    let off = app.vectors.missing().map(|why| format!("Search by meaning is off: {why}"));
    let columns = latest.iter().map(|run| column(run, latest)).collect();
    Ok(QualityPage {
        layout: viewer.layout("Search quality", Area::Quality).with_flash(extra.flash),
        store: app.vectors.store_name().to_owned(),
        notice: off.or_else(|| app.vectors.differs()).map(|words| sentence(&words)),
        live: live.map(vectors),
        shadow: shadow.map(shadow_of),
        previous: previous
            .map(|one| Previous {
                id: one.generation.id,
                model: one.generation.model.clone(),
                live_at: one.generation.live_at.map(Into::into),
            })
            .collect(),
        models: models(app, live),
        estimate: extra.estimate,
        questions: questions.into_iter().map(|one| question(one, &outcomes)).collect(),
        columns,
        runs: batches.into_iter().flat_map(runs).collect(),
        lines: extra.lines,
    })
}

fn whole(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn vectors(one: &Standing) -> Vectors {
    Vectors {
        model: one.generation.model.clone(),
        provider: one.generation.provider.clone(),
        documents: whole(one.held.versions),
        documents_held: whole(one.held.versions_held),
        passages_held: whole(one.held.passages_held),
    }
}

fn shadow_of(one: &Standing) -> Shadow {
    let stage = match one.generation.stage {
        _ if one.complete => "complete",
        Stage::Paused => "paused",
        Stage::Failed => "stopped by a failure",
        _ => "being made",
    };
    let reason = one.generation.reason.as_deref().or(one.unusable.as_deref());
    Shadow {
        vectors: vectors(one),
        stage: stage.to_owned(),
        reason: reason.map(sentence),
        percent: whole(one.held.percent()),
        spent: spent(one.generation.spent),
        estimated: one.generation.estimated.map(spent),
        left: one.secs_left.map(about),
        complete: one.complete,
        stopped: matches!(one.generation.stage, Stage::Paused | Stage::Failed),
    }
}

fn spent(spent: Spent) -> String {
    let tokens = counted(spent.tokens, "token", "tokens");
    match (spent.paise, spent.microdollars) {
        (Some(paise), Some(dollars)) => format!("{tokens} for {paise} ({dollars})"),
        (None, Some(dollars)) => format!("{tokens} for {dollars}"),
        _ => tokens,
    }
}

/// The models that can be changed to.
fn models(app: &App, live: Option<&Standing>) -> Vec<Choice> {
    let sources = app.vectors.models().iter();
    let others = sources.filter(|source| {
        let same = |one: &&Standing| {
            let live = &one.generation;
            source.makes(&live.provider, &live.model, live.dimensions)
        };
        live.as_ref().is_some_and(|live| !same(live))
    });
    others
        .map(|source| Choice {
            value: source.name.clone(),
            label: format!("{} ({}, {})", source.name, source.provider, source.model),
            chosen: false,
        })
        .collect()
}

fn question(question: Question, outcomes: &[Vec<Outcome>]) -> GoldenRow {
    let rank = |outcomes: &Vec<Outcome>| {
        let outcome = outcomes.iter().find(|outcome| outcome.id == question.id);
        let rank = outcome.and_then(|outcome| outcome.first_rank);
        rank.map_or_else(|| "–".to_owned(), grouped)
    };
    GoldenRow {
        ranks: outcomes.iter().map(rank).collect(),
        id: question.id,
        expected: question.expected.len() as u64,
        question: question.question,
        note: question.note,
    }
}

/// What a run is called above its ranks; with its model when there is more than one.
fn column(run: &Run, all: &[Run]) -> String {
    let model = run.model.as_deref().filter(|_| all.iter().any(|run| run.is_shadow));
    model.map_or_else(|| run.way.to_string(), |model| format!("{}, {model}", run.way))
}

fn runs(batch: Batch) -> impl Iterator<Item = RunRow> {
    let percent = |score: f64| format!("{:.1}", score * 100.0);
    batch.runs.into_iter().map(move |run| RunRow {
        at: run.at.into(),
        way: run.way.to_string(),
        model: run.model.unwrap_or_else(|| "words only".to_owned()),
        is_shadow: run.is_shadow,
        questions: run.questions,
        recall_10: percent(run.recall_10),
        recall_100: percent(run.recall_100),
        mrr: percent(run.mrr),
        ndcg_10: percent(run.ndcg_10),
    })
}

#[derive(Deserialize)]
pub(super) struct ModelForm {
    model: String,
}

pub(super) async fn estimate(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Form(ModelForm { model }): Form<ModelForm>,
) -> Result<Result<QualityPage, Undone>, Failure> {
    match app.vectors.estimate(viewer.scope(), &model).await {
        Ok(estimate) => {
            let extra = Extra { estimate: Some(estimate_box(estimate)), ..Extra::default() };
            page(&app, &viewer, extra).await.map(Ok)
        }
        Err(error) => undone(&app, &viewer, error).await.map(Err),
    }
}

fn estimate_box(estimate: Estimate) -> EstimateBox {
    let Estimate { name, versions, passages, tokens, sampled, cost, rate: _, secs } = estimate;
    let documents = counted(versions, "document", "documents");
    let passages = counted(passages, "passage", "passages");
    let tokens = counted(tokens, "token", "tokens");
    EstimateBox {
        name,
        size: format!("{documents}, {passages}"),
        tokens: if sampled { format!("about {tokens}") } else { tokens },
        cost: cost.map_or_else(
            || "not in the price book".to_owned(),
            |cost| format!("{} ({})", cost.paise, cost.microdollars),
        ),
        time: secs.map_or_else(|| "not known".to_owned(), about),
    }
}

pub(super) async fn start(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Form(ModelForm { model }): Form<ModelForm>,
) -> Result<Result<Redirect, Undone>, Failure> {
    let done = app.vectors.start(viewer.scope(), &model).await.map(drop);
    settled(&app, &viewer, done).await
}

pub(super) async fn pause(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Result<Redirect, Undone>, Failure> {
    let done = app.vectors.pause(viewer.scope()).await;
    settled(&app, &viewer, done).await
}

pub(super) async fn resume(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Result<Redirect, Undone>, Failure> {
    let done = app.vectors.resume(viewer.scope()).await;
    settled(&app, &viewer, done).await
}

pub(super) async fn cancel(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Result<Redirect, Undone>, Failure> {
    let done = app.vectors.cancel(viewer.scope()).await;
    settled(&app, &viewer, done).await
}

pub(super) async fn switch(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Result<Redirect, Undone>, Failure> {
    let done = app.vectors.switch(viewer.scope()).await;
    settled(&app, &viewer, done).await
}

pub(super) async fn roll_back(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Result<Redirect, Undone>, Failure> {
    let done = app.vectors.roll_back(viewer.scope()).await;
    settled(&app, &viewer, done).await
}

pub(super) async fn drop_kept(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Path(id): Path<GenerationId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Result<Redirect, Undone>, Failure> {
    let done = app.vectors.drop_previous(viewer.scope(), id).await;
    settled(&app, &viewer, done).await
}

/// Back to the page, or the page with what went wrong.
async fn settled(
    app: &App,
    viewer: &Viewer,
    done: Result<(), GenerationError>,
) -> Result<Result<Redirect, Undone>, Failure> {
    match done {
        Ok(()) => Ok(Ok(Redirect::to(HERE))),
        Err(error) => undone(app, viewer, error).await.map(Err),
    }
}

/// The page with why something was not done.
pub(super) type Undone = (StatusCode, QualityPage);

pub(super) async fn undone(
    app: &App,
    viewer: &Viewer,
    error: impl Into<Problem>,
) -> Result<Undone, Failure> {
    let problem: Problem = error.into();
    let Some(detail) = problem.detail.clone() else { return Err(viewer.failure(problem)) };
    let flash = Flash { done: false, text: sentence(&detail) };
    let page = page(app, viewer, Extra { flash: Some(flash), ..Extra::default() }).await?;
    Ok((problem.status(), page))
}
