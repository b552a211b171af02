//! A second way into files that the first reader cannot open.
//!
//! `lopdf` knows kinds of encryption `hayro` does not, and finds its way in some
//! broken files. What it can load is written anew, without the encryption, and
//! opened as usual. When even that cannot be drawn, `lopdf`'s own text is taken.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Document, LoadOptions};
use unicode_normalization::UnicodeNormalization;

/// Text of one page taken without its places is no longer than this, in bytes.
const LARGEST_PAGE: usize = 16 << 20;

/// A file larger than this, in bytes, does not fit into the memory of the child
/// twice over.
const LARGEST_FILE: usize = 128 << 20;

/// What a second try gave.
pub(super) enum Second {
    /// The file, written anew.
    File(Vec<u8>),
    /// It needs another password.
    Locked,
    /// Nothing can be done.
    Hopeless,
}

/// Writes a file anew, without its encryption.
pub(super) fn rewrite(bytes: &[u8], password: Option<&str>) -> Second {
    let mut document = match load(bytes, password) {
        Ok(document) => document,
        Err(why) => return why,
    };
    let saved = catch_unwind(AssertUnwindSafe(|| {
        let mut out = Vec::with_capacity(bytes.len());
        document.save_to(&mut out).map(|()| out)
    }));
    match saved {
        Ok(Ok(out)) if !document.get_pages().is_empty() => Second::File(out),
        _ => Second::Hopeless,
    }
}

/// The text of each page, without the places of its words.
pub(super) fn bare_pages(bytes: &[u8], password: Option<&str>) -> Vec<String> {
    let Ok(document) = load(bytes, password) else { return Vec::new() };
    let read = |page: u32| {
        let text = catch_unwind(AssertUnwindSafe(|| {
            document.extract_text_with_limit(&[page], LARGEST_PAGE)
        }));
        let text = text.ok().and_then(Result::ok).unwrap_or_default();
        text.lines().map(str::trim).collect::<Vec<_>>().join("\n").trim().to_owned()
    };
    document.get_pages().into_keys().map(read).collect()
}

/// Loads a file, with the password as given and as newer files prepare it.
fn load(bytes: &[u8], password: Option<&str>) -> Result<Document, Second> {
    let password = password.unwrap_or_default();
    let mut why = Second::Hopeless;
    if bytes.len() > LARGEST_FILE {
        return Err(why);
    }
    for password in [password.to_owned(), prepared(password)] {
        let options = LoadOptions::with_password(&password);
        match catch_unwind(|| Document::load_mem_with_options(bytes, options)) {
            Ok(Ok(document)) if !document.is_encrypted() => return Ok(document),
            Ok(Ok(_) | Err(lopdf::Error::InvalidPassword)) => why = Second::Locked,
            _ => {}
        }
    }
    Err(why)
}

/// A password as newer files prepare it: unusual spaces made plain, signs
/// without a shape left out, compatibility forms folded.
pub(super) fn prepared(password: &str) -> String {
    let shown = |c: &char| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{feff}');
    let plain = |c: char| if c.is_whitespace() { ' ' } else { c };
    password.chars().filter(shown).map(plain).nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_prepared() {
        assert_eq!(prepared("S\u{aa}SL\u{ad}prep"), "SaSLprep");
        assert_eq!(prepared("a\u{a0}b"), "a b");
    }

    #[test]
    fn what_is_no_pdf_is_hopeless() {
        assert!(matches!(rewrite(b"%PDF-1.4 nothing", None), Second::Hopeless));
        assert!(bare_pages(b"", None).is_empty());
    }
}
