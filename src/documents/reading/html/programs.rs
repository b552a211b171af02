//! Programs in a web page, and what it shows or sends elsewhere.

use html5ever::tokenizer::Tag;

use crate::documents::reading::FindingKind;
use crate::documents::reading::aside::Asides;

/// The value of an attribute.
pub(super) fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|attr| &*attr.name.local == name).map(|attr| &*attr.value)
}

/// Notes programs, and what shows or sends something elsewhere.
pub(super) fn note(asides: &mut Asides, tag: &Tag) {
    let value = |name| attribute(tag, name).map(str::trim).filter(|value| !value.is_empty());
    for attr in tag.attrs.iter().filter(|attr| attr.name.local.starts_with("on")).take(20) {
        let code = attr.value.trim();
        asides.note(FindingKind::Script, format!("{}: {code}", attr.name.local));
    }
    let link = value("href").unwrap_or_default();
    if link.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("javascript:")) {
        asides.note(FindingKind::Script, link);
    }
    let refresh = value("http-equiv").is_some_and(|e| e.eq_ignore_ascii_case("refresh"));
    let told = match &*tag.name {
        "script" => {
            if let Some(address) = value("src") {
                asides.note(FindingKind::Script, format!("fetched from {address}"));
            }
            None
        }
        "iframe" | "frame" => value("src").map(|at| format!("a frame that shows {at}")),
        "object" => value("data").map(|at| format!("an object that shows {at}")),
        "embed" => value("src").map(|at| format!("an object that shows {at}")),
        "applet" => Some("an applet".to_owned()),
        "form" => value("action").map(|at| format!("a form that sends to {at}")),
        "meta" if refresh => value("content").map(|at| format!("goes on to {at}")),
        _ => None,
    };
    if let Some(told) = told {
        asides.note(FindingKind::Action, told);
    }
}
