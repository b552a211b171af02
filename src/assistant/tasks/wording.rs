//! The list of dates with a model: the rules list the sentences, the model says of each what
//! happened; the quotations stay what they are.

use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::material::in_words;
use super::plain::{Dated, Dates, Page, Rendered, dated, write_uncertain};
use super::prompt::Stage;
use super::reading::whole_lines;
use super::work::{Ended, Work, broken};
use crate::assistant::answer::{AnswerError, Finished};
use crate::assistant::chain::ChainError;

/// How many dated lines are worded at once.
const LINES: usize = 30;

impl Work<'_> {
    /// Lists the dated sentences by rule and has the models say of each what happened.
    pub(super) async fn chronology(
        &self,
        model: &mut String,
        finished: &mut Finished,
    ) -> Result<Ended, AnswerError> {
        let (pages, _) = self.material.page_of(usize::MAX);
        self.answering.status(&format!("Reading {pages} pages"));
        let material = Arc::clone(&self.material);
        let found = tokio::task::spawn_blocking(move || dated(&material)).await.map_err(broken)?;
        let Dates { lines, uncertain } = found;
        let mut wordings: Vec<Option<String>> = vec![None; lines.len()];
        let mut failed: Option<ChainError> = None;
        let mut cut = false;
        for (batch, some) in lines.chunks(LINES).enumerate() {
            let from = batch * LINES;
            let status = format!("Wording line {} of {}", from + 1, lines.len());
            self.answering.status(&status);
            let days: Vec<String> =
                some.iter().map(|it| in_words(&it.date).unwrap_or_default()).collect();
            let shown = (1..).zip(some).zip(&days);
            let shown = shown.map(|((at, line), day)| (at, day.as_str(), line.said.words.as_str()));
            let prompt = self.prompt(Stage::Whole, "").lines(shown);
            let said = self.ask(&prompt, None, model, finished).await;
            if said.stopped {
                return Ok(Ended::Stopped);
            }
            cut |= said.cut;
            let text = if said.cut { whole_lines(&said.text) } else { said.text.as_str() };
            for (at, words) in worded(text) {
                if let Some(slot) = wordings.get_mut(from..).and_then(|rest| rest.get_mut(at - 1)) {
                    *slot = Some(words);
                }
            }
            if let Some(error) = said.broke {
                let over = matches!(error, ChainError::OverBudget(_));
                failed = Some(error);
                if over {
                    break;
                }
            }
        }
        if let Some(error) = failed {
            if wordings.iter().all(Option::is_none) {
                return Ok(Ended::Broke(error, Vec::new()));
            }
            finished.label = format!("; some lines stand without its wording: {error}");
        } else if cut {
            "; some lines stand without its wording: it reached the longest length set for answers"
                .clone_into(&mut finished.label);
        }
        let mut page = listed(&lines, &wordings);
        write_uncertain(&uncertain, &mut page);
        let Rendered { text, passages, grounds } = page.render(&self.material, &self.context());
        self.write_out(&text, &passages, grounds, finished);
        Ok(Ended::Written(passages))
    }
}

/// The list of dates, each line with its wording where there is one.
fn listed(lines: &[Dated], wordings: &[Option<String>]) -> Page {
    let mut page = Page::default();
    if lines.is_empty() {
        page.words("No sentence dated to the day was found in these documents.");
    }
    for (line, wording) in lines.iter().zip(wordings) {
        let date = in_words(&line.date).unwrap_or_else(|| line.date.clone());
        page.words(&format!("\n- **{date}**: "));
        if let Some(wording) = wording {
            page.claim(wording).words(" ");
        }
        page.quote(&line.said);
    }
    page
}

static NUMBERED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^\s*(\d{1,3})\s*[:.)]\s*(\S.*)$").ok());

/// The wordings of numbered lines; what is a dash, or quotes or cites, is none.
fn worded(text: &str) -> Vec<(usize, String)> {
    let Some(pattern) = NUMBERED.as_ref() else { return Vec::new() };
    let found = pattern.captures_iter(text).filter_map(|found| {
        let number: usize = found[1].parse().ok().filter(|&number| number > 0)?;
        let words = found[2].trim();
        let fine = words.chars().any(char::is_alphabetic)
            && !words.contains(['"', '“', '”', '[', ']', '*', '<', '«'])
            && words.split_whitespace().count() <= 40;
        fine.then(|| (number, words.to_owned()))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wordings_that_quote_or_cite_are_left_out() {
        let text =
            "1: The suit was filed.\n2) \"Quoted\" words\n3. -\n 4: Notice [3] was sent.\n0: x y";
        assert_eq!(worded(text), [(1, "The suit was filed.".to_owned())]);
    }
}
