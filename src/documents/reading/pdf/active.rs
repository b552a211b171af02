//! What a document could do, or carries, besides showing pages: scripts,
//! actions and files within. Nothing of it is ever run; its reader is told.

use std::collections::BTreeSet;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};

use super::{actual, outline};
use crate::documents::reading::{Finding, FindingKind};

/// No more findings are told.
const MOST: usize = 64;
/// Actions that follow one another are not followed further.
const LONGEST_CHAIN: usize = 32;
/// Notes and form fields looked at, on all pages together.
const MOST_NOTES: usize = 100_000;
/// How much of a script or an address is told, in characters.
const TOLD: usize = 120;
/// A script larger than this is told of without its beginning.
const LARGEST_SCRIPT: usize = 1 << 20;

/// Looks through a document.
pub(super) fn find(pdf: &Pdf) -> Vec<Finding> {
    let xref = pdf.xref();
    let mut search = Search::default();
    if let Some(catalog) = xref.get::<Dict<'_>>(xref.root_id()) {
        search.catalog(&catalog);
    }
    let mut notes = 0;
    for page in pdf.pages().iter() {
        search.triggers(page.raw(), "when a page is opened");
        let Some(all) = page.raw().get::<Array<'_>>(b"Annots") else { continue };
        for note in all.iter::<Dict<'_>>() {
            notes += 1;
            if notes > MOST_NOTES || search.found.len() >= MOST {
                return search.finish();
            }
            search.note(&note);
        }
    }
    search.finish()
}

/// Findings so far, each told once.
#[derive(Default)]
struct Search {
    found: BTreeSet<(FindingKind, String)>,
}

impl Search {
    fn finish(self) -> Vec<Finding> {
        let found = self.found.into_iter().take(MOST);
        found.map(|(kind, detail)| Finding { kind, detail }).collect()
    }

    fn tell(&mut self, kind: FindingKind, detail: String) {
        if self.found.len() < MOST {
            self.found.insert((kind, detail));
        }
    }

    fn catalog(&mut self, catalog: &Dict<'_>) {
        if let Some(action) = catalog.get::<Dict<'_>>(b"OpenAction") {
            self.action(&action, "when the document is opened");
        }
        self.triggers(catalog, "when the document is closed, saved or printed");
        let Some(names) = catalog.get::<Dict<'_>>(b"Names") else { return };
        if let Some(scripts) = names.get::<Dict<'_>>(b"JavaScript") {
            for (_, action) in outline::tree_entries(scripts).into_iter().take(MOST) {
                if let Some(action) = action.into_dict() {
                    self.action(&action, "when the document is opened");
                }
            }
        }
        if let Some(files) = names.get::<Dict<'_>>(b"EmbeddedFiles") {
            for (name, file) in outline::tree_entries(files).into_iter().take(MOST) {
                let own = file.into_dict().and_then(|file| file_name(&file));
                let name = own.unwrap_or_else(|| actual::text_string(&name));
                self.tell(FindingKind::EmbeddedFile, short(&name));
            }
        }
    }

    /// Actions that something sets off: opening, closing, touching.
    fn triggers(&mut self, holder: &Dict<'_>, when: &str) {
        let Some(all) = holder.get::<Dict<'_>>(b"AA") else { return };
        for key in all.keys().take(MOST) {
            if let Some(action) = all.get::<Dict<'_>>(key.as_ref()) {
                self.action(&action, when);
            }
        }
    }

    fn note(&mut self, note: &Dict<'_>) {
        if note.get::<Name<'_>>(b"Subtype").is_some_and(|kind| kind.as_ref() == b"FileAttachment") {
            let file = note.get::<Dict<'_>>(b"FS").and_then(|file| file_name(&file));
            let name = file.unwrap_or_else(|| "without a name".into());
            self.tell(FindingKind::EmbeddedFile, short(&name));
        }
        if let Some(action) = note.get::<Dict<'_>>(b"A") {
            self.action(&action, "when it is clicked");
        }
        self.triggers(note, "when it is touched or changed");
    }

    /// Tells of an action and of those that follow it.
    fn action(&mut self, first: &Dict<'_>, when: &str) {
        let mut waiting = vec![first.clone()];
        for _ in 0..LONGEST_CHAIN {
            let Some(action) = waiting.pop() else { return };
            self.one(&action, when);
            match action.get::<Object<'_>>(b"Next") {
                Some(Object::Dict(next)) => waiting.push(next),
                Some(Object::Array(next)) => {
                    waiting.extend(next.iter::<Dict<'_>>().take(LONGEST_CHAIN));
                }
                _ => {}
            }
        }
    }

    fn one(&mut self, action: &Dict<'_>, when: &str) {
        let Some(kind) = action.get::<Name<'_>>(b"S") else { return };
        let named = |key: &[u8]| match action.get::<Object<'_>>(key) {
            Some(Object::String(text)) => actual::text_string(text.as_bytes()),
            Some(Object::Dict(file)) => file_name(&file).unwrap_or_default(),
            _ => String::new(),
        };
        let what = match kind.as_ref() {
            b"JavaScript" => {
                let told = format!("{when}: {}", short(&script(action)));
                return self.tell(FindingKind::Script, told);
            }
            b"Launch" => format!("starts {}", either(named(b"F"), "a program")),
            b"SubmitForm" => {
                format!("sends what is filled in to {}", either(named(b"F"), "a server"))
            }
            b"ImportData" => format!("takes data from {}", either(named(b"F"), "a file")),
            b"GoToR" => format!("opens {}", either(named(b"F"), "another file")),
            b"GoToE" => "opens a file within the file".to_owned(),
            // A link a reader chooses to follow is nothing to be told of; one
            // that follows itself is.
            b"URI" if when != "when it is clicked" => format!("opens {}", named(b"URI")),
            b"Rendition" | b"Movie" | b"Sound" => "plays a recording".to_owned(),
            _ => return,
        };
        self.tell(FindingKind::Action, format!("{when}: {}", short(&what)));
    }
}

/// The text of a script.
fn script(action: &Dict<'_>) -> String {
    if let Some(text) = action.get::<PdfString<'_>>(b"JS") {
        return actual::text_string(text.as_bytes());
    }
    let stream = action.get::<Stream<'_>>(b"JS");
    let stream = stream.filter(|stream| stream.raw_data().len() < LARGEST_SCRIPT);
    let text = stream.and_then(|stream| Some(stream.decoded_data().ok()?.into_owned()));
    text.map(|text| actual::text_string(&text)).unwrap_or_default()
}

/// The name of a file within the file, or of one outside of it.
fn file_name(file: &Dict<'_>) -> Option<String> {
    let keys: [&[u8]; 5] = [b"UF", b"F", b"Unix", b"DOS", b"Mac"];
    let name = keys.iter().find_map(|key| file.get::<PdfString<'_>>(key))?;
    Some(actual::text_string(name.as_bytes()))
}

fn either(name: String, otherwise: &str) -> String {
    if name.is_empty() { otherwise.to_owned() } else { name }
}

fn short(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(TOLD) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    }
}
