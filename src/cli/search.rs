//! `munshi search`.

use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::{open, out};
use crate::config::Config;
use crate::search::{FacetName, Hit, Request, Results, Snippet};

/// What `search` takes.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// Words, "phrases", AND OR NOT, w/5: as in the page's search box.
    #[arg(required = true)]
    text: Vec<String>,
    /// Search this case only.
    #[arg(long, value_name = "NAME")]
    case: Option<String>,
    /// Only documents of which this holds, such as `court="High Court of Delhi"`,
    /// `year=2023` or `kind=order`; may be given several times.
    #[arg(long = "only", value_name = "NAME=VALUE", value_parser = filter)]
    only: Vec<(FacetName, String)>,
    /// The order: `relevance`, `newest` or `oldest`.
    #[arg(long, default_value = "relevance", value_name = "ORDER")]
    sort: String,
    /// Show at most this many passages.
    #[arg(long, default_value_t = 10, value_name = "N")]
    limit: usize,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// Reads `court=Delhi`.
fn filter(text: &str) -> Result<(FacetName, String), String> {
    let known = || FacetName::ALL.map(FacetName::key).join(", ");
    let (name, value) = text.split_once('=').ok_or("write it as `court=Delhi`")?;
    let name =
        FacetName::named(name.trim()).ok_or_else(|| format!("`{name}` is none of {}", known()))?;
    Ok((name, value.trim().to_owned()))
}

/// Searches and prints what was found.
pub(super) async fn search(config: Config, options: Options) -> anyhow::Result<ExitCode> {
    let (app, _) = open::alone_or_beside(config).await?;
    let scope = app.auth.local_admin().await?;
    let case = open::within(&app, &scope, options.case.as_deref()).await?;
    let text = options.text.join(" ");
    let mut request = Request::from_address(&format!("sort={}", options.sort))?;
    for (name, value) in &options.only {
        request = request.toggled(*name, value)?;
    }
    request = Request { text: text.clone(), within: case, limit: options.limit, ..request };
    let results = app.search.search(&scope, &request).await?;
    if options.json {
        out::json(&as_json(&text, &results))?;
    } else {
        print(&results)?;
    }
    app.close().await;
    Ok(ExitCode::SUCCESS)
}

fn print(results: &Results) -> anyhow::Result<()> {
    let found = i64::try_from(results.documents).unwrap_or(i64::MAX);
    out::line(&capitalised(&results.reading))?;
    if let Some(notice) = &results.notice {
        out::line(notice)?;
    }
    for slip in &results.suggestions {
        let instead = slip.instead.as_ref().map(|text| format!(" Try: {text}"));
        out::line(&format!("{}.{}", capitalised(&slip.says), instead.unwrap_or_default()))?;
    }
    for other in &results.expansions {
        let caution = other.caution.as_ref().map(|caution| format!(" ({caution})"));
        let caution = caution.unwrap_or_default();
        if other.other.is_empty() {
            out::line(&format!("{}{caution}.", other.typed))?;
        } else {
            out::line(&format!("Also searched for {} for {}{caution}.", other.other, other.typed))?;
        }
    }
    if results.hits.is_empty() {
        out::line("Nothing was found.")?;
        return Ok(());
    }
    out::line(&format!("The words are in {}.", out::count(found, "document")))?;
    for (number, hit) in (1..).zip(&results.hits) {
        let (page, ..) = hit.place();
        let passage = &hit.passage;
        let title = out::bold(&passage.title);
        out::line(&format!("\n{number}. {title}, page {page} ({})", passage.case_title))?;
        out::line(&format!("   {}", shown(&hit.snippet)))?;
    }
    Ok(())
}

/// A sentence with its first letter large.
fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A snippet on one line, what matched in bold.
fn shown(snippet: &Snippet) -> String {
    let mut line = String::new();
    if snippet.cut_before {
        line.push_str("… ");
    }
    for part in &snippet.parts {
        let text = part.text.replace(['\n', '\r', '\t'], " ");
        line.push_str(&if part.marked { out::bold(&text) } else { text });
    }
    if snippet.cut_after {
        line.push_str(" …");
    }
    line
}

fn as_json(text: &str, results: &Results) -> Value {
    json!({
        "query": text,
        "reading": results.reading,
        "notice": results.notice,
        "documents": results.documents,
        "suggestions": results.suggestions.iter().map(|slip| json!({
            "says": slip.says,
            "instead": slip.instead,
        })).collect::<Vec<_>>(),
        "expansions": results.expansions.iter().map(|other| json!({
            "id": other.id,
            "typed": other.typed,
            "other": other.other,
            "caution": other.caution,
        })).collect::<Vec<_>>(),
        "hits": results.hits.iter().map(hit_as_json).collect::<Vec<_>>(),
    })
}

fn hit_as_json(hit: &Hit) -> Value {
    let (page, start, end) = hit.place();
    let passage = &hit.passage;
    let marks: Vec<_> = hit.marks.iter().map(|mark| [mark.start, mark.end]).collect();
    json!({
        "document_id": passage.document,
        "title": passage.title,
        "version": passage.version_number,
        "case_id": passage.case,
        "case": passage.case_title,
        "heading": passage.heading,
        "paragraph": passage.paragraph,
        "page": page,
        "start": start,
        "end": end,
        "by_words": hit.by.words,
        "by_meaning": hit.by.meaning,
        "text": passage.text,
        "marks": marks,
    })
}
