//! `munshi ask`.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::progress::Progress;
use super::{open, out};
use crate::app::App;
use crate::assistant::live::{Cited, Event, Source, Struck};
use crate::assistant::{Asked, Fact, Question};
use crate::config::Config;
use crate::kernel::Scope;

/// What `ask` takes.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The question.
    #[arg(required = true)]
    text: Vec<String>,
    /// Answer from this case only.
    #[arg(long, value_name = "NAME")]
    case: Option<String>,
    /// Print one JSON document when the answer is complete.
    #[arg(long)]
    json: bool,
}

/// What an answer stood on, gathered while it streamed by.
#[derive(Default)]
struct Gathered {
    sources: Vec<Source>,
    facts: Vec<Fact>,
    cited: Vec<Cited>,
    removed: Vec<Struck>,
    label: String,
    coverage: String,
    verified: String,
    failed: Option<String>,
}

/// Asks and prints the answer with its sources.
pub(super) async fn ask(
    config: Config,
    options: Options,
    progress: &Progress,
) -> anyhow::Result<ExitCode> {
    let (app, _) = open::alone_or_beside(config).await?;
    let scope = app.auth.local_admin().await?;
    let case = open::within(&app, &scope, options.case.as_deref()).await?;
    let question = Question { text: options.text.join(" "), case, conversation: None };
    let failed = if options.json {
        let answer = app.assistant.ask_and_wait(&scope, question).await?;
        out::json(&json!(answer))?;
        (answer.status == "failed").then_some(answer.text)
    } else {
        let asked = app.assistant.ask(&scope, question).await?;
        let gathered = follow(&app, &scope, asked, progress).await?;
        print_sources(&gathered)?;
        gathered.failed
    };
    app.close().await;
    match failed {
        Some(reason) => anyhow::bail!(reason),
        None => Ok(ExitCode::SUCCESS),
    }
}

/// Prints the answer's text as it comes and keeps the rest for afterwards.
async fn follow(
    app: &App,
    scope: &Scope,
    asked: Asked,
    progress: &Progress,
) -> anyhow::Result<Gathered> {
    let waiting = progress.waits();
    let events = app.assistant.events(scope, asked.message).await?;
    let mut gathered = Gathered::default();
    let mut place = 0;
    while let Some(event) = events.next(place).await {
        place += 1;
        match event {
            Event::Status { text } => waiting.set_message(text),
            Event::Passages { passages } => gathered.sources = passages,
            Event::Facts { facts } => gathered.facts.extend(facts),
            Event::Delta { text } => {
                waiting.finish_and_clear();
                out::text(&text)?;
            }
            Event::Citation(cited) => gathered.cited.push(cited),
            Event::Removed(struck) => gathered.removed.push(struck),
            Event::Verified { summary, .. } => gathered.verified = summary,
            Event::Usage { .. } => {}
            Event::Done { label, coverage } => {
                gathered.label = label;
                gathered.coverage = coverage;
            }
            Event::Error { detail } => gathered.failed = Some(detail),
        }
    }
    waiting.finish_and_clear();
    out::line("")?;
    Ok(gathered)
}

fn print_sources(gathered: &Gathered) -> anyhow::Result<()> {
    let mut lines = source_lines(&gathered.sources, &gathered.cited);
    lines.extend(gathered.facts.iter().map(|fact| format!("[{}] {}", fact.number, fact.title)));
    if !lines.is_empty() {
        out::line(&format!("\n{}", out::bold("Sources")))?;
        for line in lines {
            out::line(&line)?;
        }
    }
    if !gathered.removed.is_empty() {
        out::line(&format!("\n{}", out::bold("Removed, because it could not be verified")))?;
        for Struck { what, text, reason } in &gathered.removed {
            out::line(&format!("  {what}: {text} ({reason})"))?;
        }
    }
    for line in [&gathered.label, &gathered.verified, &gathered.coverage] {
        if !line.is_empty() {
            out::line(&format!("\n{line}"))?;
        }
    }
    Ok(())
}

/// One line for each place cited, in the order of the passages' numbers.
fn source_lines(sources: &[Source], cited: &[Cited]) -> Vec<String> {
    let mut places: Vec<(u32, u32)> =
        cited.iter().map(|cited| (cited.number, cited.page)).collect();
    places.sort_unstable();
    places.dedup();
    places
        .into_iter()
        .filter_map(|(number, page)| {
            let source = sources.iter().find(|source| source.number == number)?;
            let Source { title, case_title, .. } = source;
            Some(format!("  [{number}] {title}, page {page} ({case_title})"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::DocumentId;

    #[test]
    fn a_page_cited_twice_is_listed_once() {
        let document_id = DocumentId::new();
        let source = Source {
            number: 2,
            title: "Plaint".into(),
            case_title: "A v. B".into(),
            page: 3,
            document_id,
            version: 1,
            start: 0,
            end: 9,
            excerpt: "the prayer".into(),
            newer: None,
        };
        let cited = |page| Cited {
            number: 2,
            quote: None,
            document_id,
            version: 1,
            page,
            start: 0,
            end: 9,
            differs: 0,
        };
        let lines = source_lines(&[source], &[cited(4), cited(3), cited(4)]);
        assert_eq!(lines, ["  [2] Plaint, page 3 (A v. B)", "  [2] Plaint, page 4 (A v. B)"]);
    }
}
