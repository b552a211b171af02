//! What the document says of itself: only its title.

use super::{place, u16_at, u32_at};
use crate::documents::reading::code_page;

/// The number of the code page among the properties, and of the title.
const CODE_PAGE: u32 = 1;
const TITLE: u32 = 2;
/// Properties looked at.
const MOST: u32 = 100;
/// Bytes of a title kept.
const LONGEST: usize = 1000;

/// The title in a stream of properties; `None` when there is none.
pub(super) fn title(stream: &[u8]) -> Option<String> {
    let set = stream.get(place(u32_at(stream, 44))..)?;
    let property = |wanted: u32| {
        let mut rows = (0..u32_at(set, 4).min(MOST)).map(|row| 8 + 8 * place(row));
        let row = rows.find(|row| u32_at(set, *row) == wanted)?;
        set.get(place(u32_at(set, row + 4))..)
    };
    let value = property(TITLE)?;
    let text = value.get(8..)?;
    let length = place(u32_at(value, 4));
    let title = match u16_at(value, 0) {
        0x1e => {
            let page = property(CODE_PAGE).map_or(1252, |value| i32::from(u16_at(value, 4)));
            let bytes = &text[..length.min(text.len()).min(LONGEST)];
            code_page::of_page(page).decode_without_bom_handling(bytes).0.into_owned()
        }
        0x1f => {
            let bytes = &text[..length.saturating_mul(2).min(text.len()).min(LONGEST)];
            encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0.into_owned()
        }
        _ => return None,
    };
    let title = title.split('\0').next().unwrap_or_default().trim();
    (!title.is_empty()).then(|| title.to_owned())
}
