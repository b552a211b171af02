//! The bookmarks of a document.

use std::collections::{HashMap, HashSet};

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{
    Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, String as PdfString,
};

use super::actual;
use crate::documents::reading::OutlineEntry;

/// No outline has more entries.
const MOST: usize = 20_000;
/// No outline is deeper.
const DEEPEST: u32 = 32;
/// A title is cut here, in characters.
const LONGEST: usize = 300;
/// Trees of names are not searched further than this.
const MOST_NAMES: usize = 100_000;

/// Reads the bookmarks that lead to a page, in order.
pub(super) fn read(pdf: &Pdf) -> Vec<OutlineEntry> {
    let xref = pdf.xref();
    let catalog = xref.get::<Dict<'_>>(xref.root_id());
    let Some(catalog) = catalog else { return Vec::new() };
    let Some(root) = catalog.get::<Dict<'_>>(b"Outlines") else { return Vec::new() };
    let Some(first) = root.get::<Dict<'_>>(b"First") else { return Vec::new() };
    let pages = pdf.pages().iter().zip(1_u32..);
    let pages = pages.filter_map(|(page, number)| Some((page.raw().obj_id()?, number))).collect();
    let mut reader = Reader { pages, names: None, catalog, entries: Vec::new(), known: 0 };
    reader.walk(first);
    reader.entries
}

struct Reader<'d> {
    pages: HashMap<ObjectIdentifier, u32>,
    names: Option<HashMap<Vec<u8>, Object<'d>>>,
    catalog: Dict<'d>,
    entries: Vec<OutlineEntry>,
    /// Entries looked at, those that lead nowhere included.
    known: usize,
}

impl<'d> Reader<'d> {
    /// Goes through entries and, below each, its own; each once.
    fn walk(&mut self, first: Dict<'d>) {
        let mut seen = HashSet::new();
        let mut waiting = vec![(first, 0)];
        while let Some((entry, depth)) = waiting.pop() {
            self.known += 1;
            let again = entry.obj_id().is_some_and(|id| !seen.insert(id));
            if again || self.known > MOST {
                continue;
            }
            self.add(&entry, depth);
            waiting.extend(entry.get::<Dict<'d>>(b"Next").map(|next| (next, depth)));
            if depth < DEEPEST {
                waiting.extend(entry.get::<Dict<'d>>(b"First").map(|below| (below, depth + 1)));
            }
        }
    }

    fn add(&mut self, entry: &Dict<'d>, depth: u32) {
        let Some(title) = entry.get::<PdfString<'_>>(b"Title") else { return };
        let title = actual::text_string(title.as_bytes());
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        let title: String = title.chars().take(LONGEST).collect();
        let target = entry.get::<Object<'d>>(b"Dest").or_else(|| {
            let action = entry.get::<Dict<'d>>(b"A")?;
            let kind = action.get::<Name<'_>>(b"S")?;
            (kind.as_ref() == b"GoTo").then(|| action.get::<Object<'d>>(b"D")).flatten()
        });
        let page = target.and_then(|target| self.page(target));
        if let (Some(page), false) = (page, title.is_empty()) {
            self.entries.push(OutlineEntry { title, page, depth });
        }
    }

    /// The page a destination means: given outright or by name.
    fn page(&mut self, target: Object<'d>) -> Option<u32> {
        let place = match target {
            Object::Name(name) => self.named(name.as_ref())?,
            Object::String(name) => self.named(name.as_bytes())?,
            place => place,
        };
        let array = match place {
            Object::Array(array) => array,
            Object::Dict(dict) => dict.get::<Array<'d>>(b"D")?,
            _ => return None,
        };
        match array.raw_iter().next()? {
            MaybeRef::Ref(page) => self.pages.get(&page.into()).copied(),
            // Some writers count pages from 0 instead.
            MaybeRef::NotRef(object) => {
                let index = u32::try_from(object.into_i32()?).ok()?;
                let count = u32::try_from(self.pages.len()).unwrap_or(u32::MAX);
                (index < count).then_some(index + 1)
            }
        }
    }

    fn named(&mut self, name: &[u8]) -> Option<Object<'d>> {
        let catalog = &self.catalog;
        let names = self.names.get_or_insert_with(|| all_names(catalog));
        names.get(name).cloned()
    }
}

/// The destinations a document names, of both kinds.
fn all_names<'d>(catalog: &Dict<'d>) -> HashMap<Vec<u8>, Object<'d>> {
    let mut names = HashMap::new();
    if let Some(old) = catalog.get::<Dict<'d>>(b"Dests") {
        for key in old.keys().take(MOST_NAMES) {
            if let Some(place) = old.get::<Object<'d>>(key.as_ref()) {
                names.insert(key.as_ref().to_vec(), place);
            }
        }
    }
    let tree = catalog.get::<Dict<'d>>(b"Names").and_then(|names| names.get::<Dict<'d>>(b"Dests"));
    for (name, place) in tree.map(tree_entries).unwrap_or_default() {
        names.insert(name, place);
    }
    names
}

/// The entries of a tree of names; each node once.
pub(super) fn tree_entries<'d>(root: Dict<'d>) -> Vec<(Vec<u8>, Object<'d>)> {
    let (mut entries, mut seen, mut waiting) = (Vec::new(), HashSet::new(), vec![root]);
    while let Some(node) = waiting.pop() {
        let again = node.obj_id().is_some_and(|id| !seen.insert(id));
        if again || entries.len() > MOST_NAMES || seen.len() > MOST_NAMES {
            continue;
        }
        if let Some(pairs) = node.get::<Array<'d>>(b"Names") {
            let mut items = pairs.iter::<Object<'d>>();
            while let (Some(key), Some(value)) = (items.next(), items.next()) {
                if let Some(key) = key.into_string() {
                    entries.push((key.as_bytes().to_vec(), value));
                }
            }
        }
        if let Some(below) = node.get::<Array<'d>>(b"Kids") {
            let most = MOST_NAMES.saturating_sub(waiting.len());
            let mut below: Vec<Dict<'d>> = below.iter::<Dict<'d>>().take(most).collect();
            below.reverse();
            waiting.extend(below);
        }
    }
    entries
}
