//! A page in the viewer and in its ledger.

/// A row of the page ledger.
#[derive(Debug, Clone, Default)]
pub struct PageRow {
    /// The page, from one.
    pub number: u32,
    /// Its width in points.
    pub width: u32,
    /// Its height in points.
    pub height: u32,
    /// Whether there is an image of it; otherwise its text is shown.
    pub has_image: bool,
    /// How it was read: `text in the file`, `recognised from the picture`.
    pub method: String,
    /// Its language, in English.
    pub language: Option<String>,
    /// How sure the OCR was, in percent.
    pub confidence: Option<u8>,
    /// How long reading took, in words; empty when it took no time to speak of.
    pub took: String,
    /// Why it could not be read.
    pub error: Option<String>,
    /// Why the text stored in the file was not relied on.
    pub reason: Option<String>,
    /// What its reader should know: hidden text, invisible characters.
    pub findings: Vec<String>,
    /// Whether it waits to be read anew.
    pub being_reread: bool,
    /// Its text around the marked span, for pages without an image.
    pub text: Option<MarkedText>,
}

/// A page's text, cut at the marked span.
#[derive(Debug, Clone, Default)]
pub struct MarkedText {
    /// What comes before the span.
    pub before: String,
    /// The span; empty when nothing is marked.
    pub marked: String,
    /// What follows it.
    pub after: String,
}

/// Below this the OCR's reading is shown as doubtful, in percent.
const DOUBTFUL: u8 = 75;

impl PageRow {
    /// Whether the reader should look twice: an error, doubtful OCR, something found.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.error.is_some()
            || !self.findings.is_empty()
            || self.confidence.is_some_and(|percent| percent < DOUBTFUL)
    }

    /// The ledger's words for the page.
    #[must_use]
    pub fn words(&self) -> String {
        if self.being_reread {
            return String::from("being read again");
        }
        match (&self.error, self.confidence) {
            (Some(_), _) => String::from("not read"),
            (None, Some(percent)) => format!("{}, {percent}% sure", self.method),
            (None, None) => self.method.clone(),
        }
    }

    /// What else the ledger says: language and time.
    #[must_use]
    pub fn details(&self) -> String {
        let parts = [self.language.as_deref().unwrap_or(""), &self.took];
        parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", ")
    }
}

/// A language's English name from its code; the code itself when it is not known.
#[must_use]
pub fn language_name(code: &str) -> &str {
    match code {
        "en" => "English",
        "hi" => "Hindi",
        "bn" => "Bengali",
        "mr" => "Marathi",
        "te" => "Telugu",
        "ta" => "Tamil",
        "gu" => "Gujarati",
        "ur" => "Urdu",
        "kn" => "Kannada",
        "or" => "Odia",
        "ml" => "Malayalam",
        "pa" => "Punjabi",
        "as" => "Assamese",
        "ne" => "Nepali",
        "sa" => "Sanskrit",
        _ => code,
    }
}

/// A stretch of time as the ledger says it: `40 ms`, `2.4 s`; empty below a
/// millisecond.
#[must_use]
pub fn took(milliseconds: i64) -> String {
    match milliseconds {
        ..=0 => String::new(),
        1..=999 => format!("{milliseconds} ms"),
        _ => format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_with_hidden_text_deserves_a_second_look() {
        let page = PageRow { findings: vec![String::from("Hidden text")], ..PageRow::default() };
        assert!(page.is_doubtful());
        assert!(!PageRow::default().is_doubtful());
        assert!(PageRow { confidence: Some(74), ..PageRow::default() }.is_doubtful());
    }

    #[test]
    fn the_ledger_says_language_and_time() {
        let language = Some(language_name("hi").to_owned());
        let page = PageRow { language, took: took(2_449), ..PageRow::default() };
        assert_eq!(page.details(), "Hindi, 2.4 s");
        assert_eq!(PageRow { took: took(40), ..PageRow::default() }.details(), "40 ms");
        assert_eq!(PageRow::default().details(), "");
    }
}
