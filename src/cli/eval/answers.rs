//! `munshi eval answers`: the documents of a set are received, read and indexed as any
//! are, in a chamber of their own, and its questions are asked as a person asks them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use clap::{Args, ValueEnum};
use secrecy::SecretString;
use serde_json::json;

use super::{admin, open, out};
use crate::app::{App, Duty};
use crate::assistant::evaluation::{AnswerSet, Asked, Figures, Half, Outcome, Ruler, SetQuestion};
use crate::assistant::live::Event;
use crate::assistant::{BUDGET_TOKENS, Question, Within, extractive};
use crate::cases::NewCase;
use crate::cli::progress::Progress;
use crate::config::{Config, VectorStore};
use crate::documents::Target;
use crate::kernel::{DocumentId, Scope};

/// What `eval answers` takes.
#[derive(Debug, Args)]
pub(in crate::cli) struct Options {
    /// The folder of the set: `questions.jsonl`, or what `eval retrieval` takes.
    dir: PathBuf,
    /// The folder of the documents, when they are not beside the questions.
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Ask so many of the questions.
    #[arg(long, value_name = "N")]
    questions: Option<usize>,
    /// Ask so many that have no answer.
    #[arg(long, value_name = "N", default_value_t = 0)]
    unanswerable: usize,
    /// A file of questions that the documents do not answer, one JSON object a line; else
    /// they are made of the set, where that can be.
    #[arg(long, value_name = "FILE")]
    others: Option<PathBuf>,
    /// Which questions are drawn.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Of what each question is asked.
    #[arg(long, value_enum, default_value_t = Of::Everything)]
    of: Of,
    /// Ask only what one half of the documents answers.
    #[arg(long, value_enum)]
    half: Option<HalfOf>,
    /// Keep the chamber in this folder, so that a set is read and embedded once.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Print one JSON document, with each question.
    #[arg(long)]
    json: bool,
}

/// Of what questions are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Of {
    /// All documents of the set.
    Everything,
    /// The documents that answer.
    Document,
}

/// Which half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HalfOf {
    /// The one that things are chosen on.
    Tuning,
    /// The one that is measured on only.
    HeldBack,
}

/// A set's documents in a chamber.
struct Chamber {
    app: App,
    scope: Scope,
    /// The document that each of the set became.
    ids: Vec<DocumentId>,
    /// Each document's place in the set and how its places are measured.
    rulers: BTreeMap<DocumentId, (usize, Option<Ruler>)>,
}

/// Runs the measurement.
pub(super) async fn answers(
    config: Config,
    options: Options,
    progress: &Progress,
) -> anyhow::Result<ExitCode> {
    let mut set = AnswerSet::read(&options.dir, options.corpus.as_deref())?;
    let all = set.clone();
    if let Some(half) = options.half {
        set.keep_half(match half {
            HalfOf::Tuning => Half::Tuning,
            HalfOf::HeldBack => Half::HeldBack,
        });
    }
    let mut questions = match &options.others {
        Some(path) => AnswerSet::others(path, options.unanswerable, options.seed)?,
        None => set.unanswerable(&all, options.unanswerable, options.seed),
    };
    if let Some(count) = options.questions {
        set.draw(count, options.seed);
    }
    if options.of == Of::Document {
        set.of_their_documents();
    }
    questions.splice(0..0, set.questions.iter().cloned());
    let temporary;
    let folder = if let Some(folder) = &options.keep {
        folder.as_path()
    } else {
        temporary = tempfile::tempdir().context("making a temporary folder")?;
        temporary.path()
    };
    let waiting = progress.waits();
    waiting.set_message("reading the documents");
    let chamber = Box::pin(chamber(config, folder, &set)).await?;
    waiting.finish_and_clear();
    let bar = progress.counts("asking");
    bar.set_length(questions.len() as u64);
    let (mut outcomes, mut rows) = (Vec::new(), Vec::new());
    for question in &questions {
        let (outcome, row) = ask(&chamber, question).await?;
        outcomes.push(outcome);
        rows.push(row);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let figures = Figures::of(&outcomes);
    let unmeasured = chamber.rulers.values().filter(|(_, ruler)| ruler.is_none()).count();
    let model = chamber.app.assistant.model();
    if options.json {
        let answered_by = model.unwrap_or_else(|| "the documents alone".to_owned());
        let report = json!({ "documents": set.documents.len(), "unmeasured": unmeasured,
            "answered_by": answered_by, "figures": figures, "questions": rows });
        out::json(&report)?;
    } else {
        let by = model.unwrap_or_else(|| "the documents alone, without a model".to_owned());
        out::line(&format!("{} documents; answered by {by}", set.documents.len()))?;
        print(&figures, unmeasured)?;
    }
    chamber.app.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Opens the chamber of a folder, and takes the set's documents in where it is new.
async fn chamber(mut config: Config, folder: &Path, set: &AnswerSet) -> anyhow::Result<Chamber> {
    config.data.dir = folder.join("data");
    config.database.url = SecretString::from(String::new());
    config.vectors.store = VectorStore::Embedded;
    let list = folder.join("documents.json");
    let app = open::open(config, Duty::Work).await?;
    if app.auth.local_admin().await.is_err() {
        app.auth.set_up("Evaluation", admin()).await?;
    }
    let scope = app.auth.local_admin().await?;
    let known: Option<Vec<DocumentId>> =
        std::fs::read_to_string(&list).ok().and_then(|text| serde_json::from_str(&text).ok());
    let ids = if let Some(ids) = known.filter(|ids| ids.len() == set.documents.len()) {
        ids
    } else {
        let ids = receive(&app, &scope, set).await?;
        app.work_off().await.context("reading the documents")?;
        std::fs::write(&list, serde_json::to_string(&ids)?)?;
        ids
    };
    let mut rulers = BTreeMap::new();
    for (place, (id, document)) in ids.iter().zip(&set.documents).enumerate() {
        let mut pages = Vec::new();
        // The pages end where there is none.
        for number in 1.. {
            let Ok(page) = app.documents.page(&scope, *id, 1, number).await else { break };
            pages.push(page.text);
        }
        rulers.insert(*id, (place, Ruler::new(&document.text, pages)));
    }
    Ok(Chamber { app, scope, ids, rulers })
}

async fn receive(app: &App, scope: &Scope, set: &AnswerSet) -> anyhow::Result<Vec<DocumentId>> {
    let new = NewCase {
        title: "Evaluation".to_owned(),
        number: None,
        court: None,
        cnr: None,
        client_id: None,
        summary: None,
        opened_on: None,
    };
    let case = app.cases.open(scope, new).await?;
    let mut ids = Vec::with_capacity(set.documents.len());
    for document in &set.documents {
        let title = if document.title.trim().is_empty() { &document.id } else { &document.title };
        let title: String = title.trim().replace('/', "-").chars().take(120).collect();
        let stream = tokio_stream::iter([Ok(document.text.clone().into())]);
        let name = format!("{title}.txt");
        let received = app.documents.receive(scope, Target::Case(case), &name, stream).await?;
        ids.push(received.document);
    }
    Ok(ids)
}

/// Asks one question and measures what comes.
async fn ask(chamber: &Chamber, question: &SetQuestion) -> anyhow::Result<(Outcome, Asked)> {
    let Chamber { app, scope, ids, rulers } = chamber;
    let documents: BTreeSet<DocumentId> =
        question.within.iter().filter_map(|place| ids.get(*place).copied()).collect();
    let documents = (!documents.is_empty()).then_some(documents);
    let within = Within { case: None, documents: documents.clone().map(std::sync::Arc::new) };
    let gathered = app.assistant.gather(scope, &within, &question.text, &[], BUDGET_TOKENS).await?;
    let place = |document: &DocumentId, page: u32, start: usize, end: usize| {
        let (place, ruler) = rulers.get(document)?;
        Some((*place, ruler.as_ref()?.place(page, start, end)?))
    };
    let mut outcome = Outcome {
        answerable: question.answerable,
        support: gathered.support.score(),
        ..Outcome::default()
    };
    for (nth, span) in &question.spans {
        let ruler = ids.get(*nth).and_then(|id| rulers.get(id)?.1.as_ref());
        outcome.gold.extend(ruler.map(|ruler| (*nth, ruler.span(span))));
    }
    for passage in &gathered.passages {
        let nth = rulers.get(&passage.document).map(|(nth, _)| *nth);
        outcome.document |= nth.is_some_and(|nth| question.relevant.contains(&nth));
        for (page, start, end) in passage.places(&(0..passage.text.len())) {
            outcome.evidence.extend(place(&passage.document, page, start, end));
        }
    }
    let started = Instant::now();
    let asking = Question { text: question.text.clone(), case: None, conversation: None };
    let asked = app.assistant.ask_of(scope, asking, documents).await?;
    let events = app.assistant.events(scope, asked.message).await?;
    let (mut nth, mut text) = (0, String::new());
    while let Some(event) = events.next(nth).await {
        nth += 1;
        match event {
            Event::Delta { text: more } => text.push_str(&more),
            Event::Citation(cited) => {
                let quoted = cited.quote.is_some();
                outcome.quotes += usize::from(quoted);
                outcome.cited.extend(place(&cited.document_id, cited.page, cited.start, cited.end));
            }
            Event::Removed(struck) => outcome.struck += usize::from(struck.what == "quotation"),
            Event::Usage { tokens_in, tokens_out, cost_paise, .. } => {
                outcome.tokens_in += tokens_in;
                outcome.tokens_out += tokens_out;
                outcome.cost_paise += cost_paise;
            }
            Event::Error { detail } => anyhow::bail!("`{}`: {detail}", question.text),
            _ => {}
        }
    }
    outcome.ms = started.elapsed().as_secs_f64() * 1000.0;
    outcome.refused = text.trim_start().starts_with(extractive::NOT_FOUND);
    let citations = outcome.citations();
    let row = Asked {
        id: question.id.clone(),
        question: question.text.clone(),
        answerable: question.answerable,
        refused: outcome.refused,
        support: outcome.support,
        sentence: gathered.support.sentence,
        nearness: gathered.support.nearness,
        clause: gathered.support.clause.map(str::to_owned),
        evidence_recall: outcome.evidence_recall(),
        precision: citations.precision,
        recall: citations.recall,
        answer: text,
    };
    Ok((outcome, row))
}

fn print(figures: &Figures, unmeasured: usize) -> anyhow::Result<()> {
    let Figures {
        answerable,
        unanswerable,
        evidence_recall,
        document_recall,
        citation_precision,
        citation_recall,
        quotes_verified,
        refused,
        refused_wrongly,
        tokens_in,
        tokens_out,
        cost_paise,
        median_ms,
        curve,
    } = figures;
    out::line(&format!("{answerable} questions with an answer, {unanswerable} without\n"))?;
    if unmeasured > 0 {
        out::line(&format!("{unmeasured} documents read otherwise than written: not measured.\n"))?;
    }
    for (name, value) in [
        ("document in the evidence", document_recall),
        ("answer in the evidence (recall)", evidence_recall),
        ("citations, precision", citation_precision),
        ("citations, recall", citation_recall),
        ("quotations verified", quotes_verified),
        ("refused, without an answer", refused),
        ("refused, with an answer", refused_wrongly),
    ] {
        out::line(&format!("{name:<34}{value:>9.4}"))?;
    }
    for (name, value) in [
        ("tokens in", tokens_in),
        ("tokens out", tokens_out),
        ("paise", cost_paise),
        ("ms, the middle one", median_ms),
    ] {
        out::line(&format!("{name:<34}{value:>9.1}"))?;
    }
    if !curve.is_empty() {
        out::line(&format!(
            "\n{:>9}{:>10}{:>10}{:>11}",
            "support", "answered", "refused", "precision"
        ))?;
    }
    for at in curve {
        let (support, answered) = (at.support, at.answered);
        let (refused, precision) = (at.refused, at.precision);
        out::line(&format!("{support:>9.3}{answered:>10.3}{refused:>10.3}{precision:>11.3}"))?;
    }
    Ok(())
}
