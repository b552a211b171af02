//! Makes pages of what the child sends, recognising their pictures if needed.

use std::time::Instant;

use super::frame::{Doubt, PageRecord};
use super::ocr::{self, Look, Picture, Recognised};
use super::{Layout, Method, ReadOptions, ReadPage, Reader, script};

/// Recognition less confident than this is mostly wrong; pages in a known
/// language reach 80 even when the scan is poor.
const UNSURE: f32 = 50.0;
/// Recognition less confident than this deserves a second look, which way up the page
/// is and in which script: pages on their side come to 27, on their head to 40.
const SURE: f32 = 75.0;

/// Makes a page of what the child sent, recognising its picture if needed.
pub(super) async fn finish(
    reader: &Reader,
    options: &ReadOptions,
    record: PageRecord,
    bytes: &[u8],
) -> ReadPage {
    let (layout, picture) = bytes.split_at(record.layout.min(bytes.len()));
    let layout = if record.source { None } else { Layout::unpack(layout).ok() };
    let method = match (record.source, record.text.is_empty()) {
        (true, _) => Method::Source,
        (false, true) => Method::None,
        (false, false) => Method::TextLayer,
    };
    let picture = Picture {
        bytes: picture,
        placement: record.placement,
        page: (record.width, record.height),
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
        reason: record.blank.then(|| "this page is blank".to_owned()),
        furniture: Vec::new(),
        findings: record.findings,
    };
    match record.wants_ocr {
        Some(doubt) if page.error.is_none() && !record.blank => {
            second_opinion(reader, options, page, doubt, picture).await
        }
        _ => page,
    }
}

/// Puts recognised text in the place of a doubtful text layer.
async fn second_opinion(
    reader: &Reader,
    options: &ReadOptions,
    mut page: ReadPage,
    doubt: Doubt,
    picture: Picture<'_>,
) -> ReadPage {
    let started = Instant::now();
    let own = page.language.as_deref().filter(|_| doubt != Doubt::Picture);
    match recognise(reader, options, own, picture).await {
        Ok(found) if is_better(&found.text, &page.text, doubt) => {
            let (width, height) = picture.page;
            page.language = script::language(&found.text).map(str::to_owned);
            page.text = found.text;
            page.layout = Some(Layout { width, height, words: found.words });
            page.method = Method::Ocr;
            page.reason = Some(complaint(doubt).to_owned());
            page.confidence = found.confidence;
            let unsure = found.confidence.is_some_and(|sure| sure < UNSURE);
            let languages = options.languages.as_ref().unwrap_or(&reader.ocr().languages);
            page.error = unsure.then(|| unsure_of(languages));
        }
        Ok(_) if matches!(doubt, Doubt::Picture | Doubt::Asked | Doubt::Layer) => {}
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

/// Recognises a picture; `own` is the language the page is known to be in.
async fn recognise(
    reader: &Reader,
    options: &ReadOptions,
    own: Option<&str>,
    picture: Picture<'_>,
) -> Result<Recognised, String> {
    let status = reader.ocr_status().await;
    let installed = status.languages();
    if installed.is_empty() {
        return Err(ocr::not_installed(status));
    }
    let knows = |name: &str| installed.iter().any(|language| language == name);
    let wanted = options.languages.as_deref().unwrap_or(&reader.ocr().languages);
    let mut languages: Vec<&str> = wanted.split('+').filter(|name| knows(name)).collect();
    if let Some(own) = own.map(script::tesseract_name)
        && !languages.contains(&own)
    {
        if !knows(own) {
            return Err(missing(own));
        }
        languages.insert(0, own);
    }
    if languages.is_empty() {
        return Err(ocr::not_installed(status));
    }
    let first = reader.recognise(picture, &languages.join("+"), Look::Upright).await?;
    if first.confidence.is_some_and(|confidence| confidence >= SURE) {
        return Ok(first);
    }
    let Some(seen) = reader.see(picture).await else { return Ok(first) };
    // Languages a person has chosen are not second-guessed.
    let other = seen
        .language
        .filter(|name| options.languages.is_none() && own.is_none() && !languages.contains(name));
    if let Some(other) = other {
        if !knows(other) {
            return Err(missing(other));
        }
        languages.insert(0, other);
    }
    if other.is_none() && !seen.turned {
        return Ok(first);
    }
    let look = if seen.turned { Look::AnyWayUp } else { Look::Upright };
    let second = reader.recognise(picture, &languages.join("+"), look).await?;
    Ok(if weight(&second) > weight(&first) { second } else { first })
}

/// What to install to recognise a language.
fn missing(language: &str) -> String {
    format!("to recognise it: apt-get install tesseract-ocr-{language}")
}

/// How much was recognised, and how surely.
#[expect(clippy::cast_precision_loss, reason = "a page has some thousands of letters")]
fn weight(found: &Recognised) -> f32 {
    found.confidence.unwrap_or(0.0)
        * found.text.chars().filter(|c| c.is_alphanumeric()).count() as f32
}

/// What is the matter with a page that needs recognition.
fn complaint(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Picture => "this page is a picture",
        Doubt::Unmapped => "parts of the text of this page cannot be read from the file",
        Doubt::Garbled => "the text stored with this page is not what the page shows",
        Doubt::Font => "this page is set in a font from before Unicode that stores other letters",
        Doubt::Layer => "the text recognised in this scan before is poor",
        Doubt::Asked => "recognition of this page was asked for",
    }
}

/// Whether recognised text should replace the text layer.
fn is_better(found: &str, stored: &str, doubt: Doubt) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    match doubt {
        Doubt::Picture => letters(found) > letters(stored),
        Doubt::Asked => letters(found) * 2 > letters(stored),
        Doubt::Layer => {
            letters(found) * 10 > letters(stored) * 9
                && script::oddity(found) < script::oddity(stored)
        }
        Doubt::Unmapped | Doubt::Garbled | Doubt::Font => {
            letters(found) * 2 > letters(stored) && !script::is_garbled(found)
        }
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
        let page = finish(&reader(), &ReadOptions::default(), record, &layout).await;
        assert_eq!(page.method, Method::None);
        let error = page.error.unwrap();
        assert!(error.starts_with("this page is a picture; text recognition is"), "{error}");
    }

    #[tokio::test]
    async fn a_good_page_keeps_its_text_layer() {
        let page =
            finish(&reader(), &ReadOptions::default(), record("The appeal is allowed."), &[]).await;
        assert_eq!((page.method, page.language.as_deref()), (Method::TextLayer, Some("en")));
        assert_eq!(page.error, None);
    }

    /// A stand-in for `tesseract` that reads a page badly unless it may turn it, and
    /// says what `seen` is when asked which way up the page is.
    #[cfg(unix)]
    fn program(folder: &std::path::Path, seen: &str) -> std::path::PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let row = |confidence: u8, text: &str| {
            format!("printf '5\\t1\\t1\\t1\\t1\\t1\\t9\\t9\\t90\\t20\\t{confidence}\\t{text}\\n'")
        };
        let script = format!(
            "#!/bin/sh\ncase \"$*\" in\n--version) echo tesseract 5 ;;\n\
             --list-langs) printf 'List:\\neng\\nhin\\n' ;;\n\
             *'psm 0'*) cat >/dev/null; printf '{seen}' ;;\n\
             *'psm 1'*) cat >/dev/null; {} ;;\n\
             *) cat >/dev/null; {} ;;\nesac\n",
            row(96, "judgment"),
            row(30, "1uauBpnf"),
        );
        let file = folder.join("tesseract");
        std::fs::write(&file, script).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        file
    }

    #[cfg(unix)]
    async fn recognised(seen: &str, options: ReadOptions) -> ReadPage {
        let folder = tempfile::tempdir().unwrap();
        let ocr = Ocr { binary: program(folder.path(), seen), ..Ocr::default() };
        let reader = ocr::unlimited(folder.path(), ocr);
        let record = PageRecord {
            wants_ocr: Some(Doubt::Picture),
            width: 595.0,
            height: 842.0,
            ..record("")
        };
        finish(&reader, &options, record, b"P5 picture").await
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_page_on_its_side_is_looked_at_again() {
        let seen = "Rotate: 90\\nScript: Latin\\nScript confidence: 3.0\\n";
        let page = recognised(seen, ReadOptions::default()).await;
        assert_eq!((page.text.as_str(), page.method), ("judgment", Method::Ocr));
        assert_eq!((page.confidence, page.error), (Some(96.0), None));
        let upright = recognised(&seen.replace("90", "0"), ReadOptions::default()).await;
        assert_eq!(upright.text, "1uauBpnf");
        assert!(upright.error.unwrap().contains("unsure"));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_script_that_is_not_installed_is_named() {
        let seen = "Rotate: 0\\nScript: Bengali\\nScript confidence: 3.0\\n";
        let page = recognised(seen, ReadOptions::default()).await;
        assert_eq!((page.text.as_str(), page.method), ("", Method::None));
        let error = page.error.unwrap();
        assert!(error.contains("apt-get install tesseract-ocr-ben"), "{error}");
        // A language somebody has chosen is not second-guessed.
        let options = ReadOptions { languages: Some("eng".into()), ..ReadOptions::default() };
        assert_eq!(recognised(seen, options).await.text, "1uauBpnf");
    }

    #[tokio::test]
    async fn a_blank_page_says_so_and_nothing_is_started() {
        let wants_ocr = Some(Doubt::Picture);
        let record = PageRecord { wants_ocr, blank: true, ..record("") };
        let page = finish(&reader(), &ReadOptions::default(), record, &[]).await;
        assert_eq!((page.method, page.error), (Method::None, None));
        assert_eq!(page.reason.as_deref(), Some("this page is blank"));
    }

    #[test]
    fn recognition_replaces_only_what_it_betters() {
        assert!(is_better("the whole page", "stamp", Doubt::Picture));
        assert!(!is_better("~", "a page of text", Doubt::Picture));
        assert!(is_better("अधिनियम", "vf/kfu;e", Doubt::Garbled));
        let drawn = "िक उसका अिधकार है और िजस िदन से यह अिधिनयम लागू होता है";
        assert!(!is_better(drawn, drawn, Doubt::Garbled), "no better than what was stored");
        let poor = "The cgfiamg of tbe appellamt is allowed wjth costs";
        let good = "The claim of the appellant is allowed with costs";
        assert!(is_better(good, poor, Doubt::Layer) && !is_better(poor, good, Doubt::Layer));
    }
}
