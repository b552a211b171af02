//! Layers (optional content): parts of a page that a viewer does not show.

use std::collections::HashSet;

use hayro::hayro_syntax::object::{Array, Dict, Name, ObjectIdentifier};
use hayro::hayro_syntax::xref::XRef;

/// Marked content is not nested deeper than this.
const DEEPEST: usize = 1024;

/// The layers that are off, and the marked content that is open.
#[derive(Debug, Default, Clone)]
pub(super) struct Layers {
    off: HashSet<ObjectIdentifier>,
    open: Vec<bool>,
}

impl Layers {
    /// Reads which layers of a document are off when it is opened.
    pub(super) fn of(xref: &XRef) -> Self {
        let mut layers = Self::default();
        let catalog = xref.get::<Dict<'_>>(xref.root_id());
        let Some(all) = catalog.and_then(|catalog| catalog.get::<Dict<'_>>(b"OCProperties")) else {
            return layers;
        };
        let Some(usual) = all.get::<Dict<'_>>(b"D") else { return layers };
        if usual.get::<Name<'_>>(b"BaseState").is_some_and(|state| state.as_ref() == b"OFF") {
            layers.off.extend(references(all.get::<Array<'_>>(b"OCGs").as_ref()));
        }
        for on in references(usual.get::<Array<'_>>(b"ON").as_ref()) {
            layers.off.remove(&on);
        }
        layers.off.extend(references(usual.get::<Array<'_>>(b"OFF").as_ref()));
        layers
    }

    /// Whether what is drawn now is shown.
    pub(super) fn shown(&self) -> bool {
        self.open.last().copied().unwrap_or(true)
    }

    /// Opens marked content that belongs to no layer.
    pub(super) fn begin(&mut self) {
        self.push(true);
    }

    /// Opens marked content of the layer that `key` of `holder` names.
    pub(super) fn begin_layer(&mut self, holder: &Dict<'_>, key: &[u8]) {
        let shown = self.off.is_empty() || self.is_on(holder, key);
        self.push(shown);
    }

    /// Closes marked content.
    pub(super) fn end(&mut self) {
        self.open.pop();
    }

    fn push(&mut self, shown: bool) {
        if self.open.len() < DEEPEST {
            let shown = shown && self.shown();
            self.open.push(shown);
        }
    }

    /// Whether a layer, or a group of layers with its rule, is on.
    fn is_on(&self, holder: &Dict<'_>, key: &[u8]) -> bool {
        let off = |id: &ObjectIdentifier| self.off.contains(id);
        let Some(group) = holder.get::<Dict<'_>>(key) else { return true };
        if group.get::<Name<'_>>(b"Type").is_none_or(|kind| kind.as_ref() != b"OCMD") {
            return holder.get_ref(key).is_none_or(|reference| !off(&reference.into()));
        }
        let mut members: Vec<ObjectIdentifier> =
            references(group.get::<Array<'_>>(b"OCGs").as_ref()).collect();
        members.extend(group.get_ref(b"OCGs").map(ObjectIdentifier::from));
        if members.is_empty() {
            return true;
        }
        match group.get::<Name<'_>>(b"P").as_deref() {
            Some(b"AllOn") => !members.iter().any(off),
            Some(b"AnyOff") => members.iter().any(off),
            Some(b"AllOff") => members.iter().all(off),
            _ => !members.iter().all(off),
        }
    }
}

/// The objects an array refers to.
fn references(array: Option<&Array<'_>>) -> impl Iterator<Item = ObjectIdentifier> {
    let items = array.map(Array::raw_iter).into_iter().flatten();
    items.filter_map(|item| item.as_obj_ref()).map(ObjectIdentifier::from)
}
