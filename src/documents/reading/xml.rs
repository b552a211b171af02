//! The little of XML that office documents need.
//!
//! Names are compared without their prefix: every producer means the same
//! `w:p`. No entity but the five predefined ones and character references is
//! ever resolved, so nothing can grow or be fetched.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// The value of an attribute, by local name.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element
        .attributes()
        .with_checks(false)
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.local_name().into_inner() == name)?;
    let value = quick_xml::escape::unescape(&found.value).ok();
    Some(value.map_or_else(|| found.value.clone().into_owned(), std::borrow::Cow::into_owned))
}

/// The `w:val` of an element.
pub(super) fn val(element: &BytesStart<'_>) -> Option<String> {
    attribute(element, "val")
}

/// The `w:val` of an element as a number.
pub(super) fn number<T: std::str::FromStr>(element: &BytesStart<'_>) -> Option<T> {
    val(element)?.trim().parse().ok()
}

/// Whether an on-off element says on: present without a value, or true.
pub(super) fn is_on(element: &BytesStart<'_>) -> bool {
    !matches!(val(element).as_deref(), Some("0" | "false" | "off" | "none"))
}

/// The character of a reference, if it is one that may be resolved.
pub(super) fn character(reference: &BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten();
    }
    match reference.xml10_content().as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// The text of the first element of a name; `None` when absent or empty.
pub(super) fn text_of(xml: &str, name: &str) -> Option<String> {
    let mut reader = Reader::from_str(xml);
    let mut inside = false;
    let mut text = String::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) if element.local_name().into_inner() == name => inside = true,
            Event::Text(part) if inside => text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) if inside => text.extend(character(&reference)),
            Event::End(_) if inside => {
                let text = text.trim();
                return (!text.is_empty()).then(|| text.to_owned());
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}
