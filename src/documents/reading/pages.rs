//! Makes pages of what the child sends, recognising their pictures if needed.

use std::time::Instant;

use super::frame::{Doubt, PageRecord};
use super::ocr::{self, Recognised};
use super::{Layout, Method, ReadPage, Reader, script};

/// Recognition less confident than this is mostly wrong; pages in a known
/// language reach 80 even when the scan is poor.
const UNSURE: f32 = 50.0;

/// Makes a page of what the child sent, recognising its picture if needed.
pub(super) async fn finish(reader: &Reader, record: PageRecord, bytes: &[u8]) -> ReadPage {
    let (layout, picture) = bytes.split_at(record.layout.min(bytes.len()));
    let layout = if record.source { None } else { Layout::unpack(layout).ok() };
    let method = match (record.source, record.text.is_empty()) {
        (true, _) => Method::Source,
        (false, true) => Method::None,
        (false, false) => Method::TextLayer,
    };
    let page = ReadPage {
        number: record.number,
        language: script::language(&record.text).map(str::to_owned),
        text: record.text,
        layout,
        method,
        confidence: None,
        took_ms: record.took_ms,
        error: record.error,
    };
    match record.wants_ocr {
        Some(doubt) if page.error.is_none() => {
            second_opinion(reader, page, doubt, picture, (record.width, record.height)).await
        }
        _ => page,
    }
}

/// Puts recognised text in the place of a doubtful text layer.
async fn second_opinion(
    reader: &Reader,
    mut page: ReadPage,
    doubt: Doubt,
    picture: &[u8],
    (width, height): (f32, f32),
) -> ReadPage {
    let started = Instant::now();
    match recognise(reader, &page, doubt, picture, width).await {
        Ok(found) if is_better(&found.text, &page.text, doubt) => {
            page.language = script::language(&found.text).map(str::to_owned);
            page.text = found.text;
            page.layout = Some(Layout { width, height, words: found.words });
            page.method = Method::Ocr;
            page.confidence = found.confidence;
            let unsure = found.confidence.is_some_and(|sure| sure < UNSURE);
            page.error = unsure.then(|| unsure_of(&reader.ocr().languages));
        }
        Ok(_) if doubt == Doubt::Picture => {}
        Ok(_) => page.error = Some(format!("{}; check it against the page", complaint(doubt))),
        Err(why) => page.error = Some(format!("{}; {why}", complaint(doubt))),
    }
    let took = u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX);
    page.took_ms = page.took_ms.saturating_add(took);
    page
}

fn unsure_of(languages: &str) -> String {
    format!(
        "text recognition is unsure of this page; check it, and if it is in a language other \
         than {languages}, install that: apt-get install tesseract-ocr-…"
    )
}

async fn recognise(
    reader: &Reader,
    page: &ReadPage,
    doubt: Doubt,
    picture: &[u8],
    width: f32,
) -> Result<Recognised, String> {
    let status = reader.ocr_status().await;
    let installed = status.languages();
    if installed.is_empty() {
        return Err(ocr::not_installed(status));
    }
    let knows = |name: &str| installed.iter().any(|language| language == name);
    let mut languages: Vec<&str> =
        reader.ocr().languages.split('+').filter(|name| knows(name)).collect();
    if doubt != Doubt::Picture
        && let Some(own) = page.language.as_deref().map(script::tesseract_name)
        && !languages.contains(&own)
    {
        if !knows(own) {
            return Err(format!("to recognise it: apt-get install tesseract-ocr-{own}"));
        }
        languages.push(own);
    }
    if languages.is_empty() {
        return Err(ocr::not_installed(status));
    }
    reader.ocr().recognise(picture, &languages.join("+"), width).await
}

/// What is the matter with a page that needs recognition.
fn complaint(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Picture => "this page is a picture",
        Doubt::Unmapped => "parts of the text of this page cannot be read from the file",
        Doubt::Garbled => "the text stored with this page is not what the page shows",
    }
}

/// Whether recognised text should replace the text layer.
fn is_better(found: &str, stored: &str, doubt: Doubt) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    match doubt {
        Doubt::Picture => letters(found) > letters(stored),
        Doubt::Unmapped | Doubt::Garbled => letters(found) * 2 > letters(stored),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::reading::{Limits, Ocr};

    fn reader() -> Reader {
        let ocr = Ocr { enabled: false, ..Ocr::default() };
        Reader::new("/bin/false".into(), Limits::default(), ocr)
    }

    fn record(text: &str) -> PageRecord {
        PageRecord { number: 1, text: text.into(), ..PageRecord::default() }
    }

    #[tokio::test]
    async fn a_picture_without_recognition_says_what_is_missing() {
        let wants_ocr = Some(Doubt::Picture);
        let layout = Layout { width: 595.0, height: 842.0, words: Vec::new() }.pack();
        let record = PageRecord { wants_ocr, layout: layout.len(), ..record("") };
        let page = finish(&reader(), record, &layout).await;
        assert_eq!(page.method, Method::None);
        let error = page.error.unwrap();
        assert!(error.starts_with("this page is a picture; text recognition is"), "{error}");
    }

    #[tokio::test]
    async fn a_good_page_keeps_its_text_layer() {
        let page = finish(&reader(), record("The appeal is allowed."), &[]).await;
        assert_eq!((page.method, page.language.as_deref()), (Method::TextLayer, Some("en")));
        assert_eq!(page.error, None);
    }

    #[test]
    fn recognition_replaces_only_what_it_betters() {
        assert!(is_better("the whole page", "stamp", Doubt::Picture));
        assert!(!is_better("~", "a page of text", Doubt::Picture));
        assert!(is_better("अधिनियम", "vf/kfu;e", Doubt::Garbled));
    }
}
