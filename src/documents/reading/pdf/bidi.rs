//! Lines of scripts written from right to left.
//!
//! Files store them in the order they stand on the page, from the left, so
//! that the letters of Urdu and Arabic come last to first. Here they are put
//! in the order they are read; numbers and Latin words within keep theirs.

use crate::documents::reading::Word;

/// Whether a character is a letter written from right to left.
pub(super) fn is_from_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        && !c.is_numeric()
}

fn is_from_left(c: char) -> bool {
    c.is_alphabetic() && !is_from_right(c)
}

/// Puts a line in reading order.
///
/// `pieces` are the places in `text` where what one glyph stands for begins;
/// the words change their order with the text.
pub(super) fn reorder(text: &str, pieces: &[u32], words: &mut Vec<Word>) -> String {
    let from_right = text.chars().filter(|c| is_from_right(*c)).count();
    let from_left = text.chars().filter(|c| is_from_left(*c)).count();
    let right_first = from_right > from_left;
    let within = |word: &Word| text.get(word.start as usize..word.end as usize).unwrap_or("");
    let mut order: Vec<Word> = words.clone();
    let mut spans: Vec<(usize, usize)> = Vec::new();
    if right_first {
        order.reverse();
    }
    // What runs against the line keeps its own order.
    let mut start = 0;
    while start < order.len() {
        let against = |word: &Word| {
            let right = within(word).contains(is_from_right);
            let left = within(word).contains(is_from_left);
            if right_first { left && !right } else { right }
        };
        let length = order[start..].iter().take_while(|word| against(word)).count();
        if length > 1 {
            spans.push((start, start + length));
        }
        start += length.max(1);
    }
    for (from, to) in spans {
        order[from..to].reverse();
    }
    let mut out = String::with_capacity(text.len());
    for word in &mut order {
        if !out.is_empty() {
            out.push(' ');
        }
        let begin = out.len();
        if within(word).contains(is_from_right) {
            turn(text, pieces, word, &mut out);
        } else {
            out.push_str(within(word));
        }
        (word.start, word.end) = (short(begin), short(out.len()));
    }
    *words = order;
    out
}

/// Writes a word glyph by glyph from its end; numbers within keep their order.
fn turn(text: &str, pieces: &[u32], word: &Word, out: &mut String) {
    let first = pieces.partition_point(|piece| *piece < word.start);
    let last = pieces.partition_point(|piece| *piece < word.end);
    let mut ends = word.end as usize;
    let mut number: Vec<&str> = Vec::new();
    for piece in pieces[first..last].iter().rev() {
        let Some(part) = text.get(*piece as usize..ends) else { continue };
        ends = *piece as usize;
        if part.chars().all(|c| c.is_numeric() || c.is_ascii_alphanumeric()) {
            number.push(part);
            continue;
        }
        out.extend(number.drain(..).rev());
        match part {
            "(" => out.push(')'),
            ")" => out.push('('),
            "[" => out.push(']'),
            "]" => out.push('['),
            "«" => out.push('»'),
            "»" => out.push('«'),
            part => out.push_str(part),
        }
    }
    out.extend(number.drain(..).rev());
}

fn short(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line as it stands on the page, a glyph for each character.
    fn read(line: &str) -> String {
        let mut words = Vec::new();
        let mut at = 0;
        for word in line.split(' ') {
            let (start, end) = (short(at), short(at + word.len()));
            let (x0, x1) = (0.0, 1.0);
            words.push(Word { start, end, x0, y0: 0.0, x1, y1: 1.0, confidence: None });
            at += word.len() + 1;
        }
        let pieces: Vec<u32> = line.char_indices().map(|(at, _)| short(at)).collect();
        let out = reorder(line, &pieces, &mut words);
        for word in &words {
            assert!(!out[word.start as usize..word.end as usize].contains(' '));
        }
        out
    }

    #[test]
    fn urdu_is_read_from_the_right() {
        assert_eq!(read("ةمكحم ايلع"), "عليا محكمة");
        assert_eq!(read("دمحم"), "محمد");
        assert_eq!(read("، : ."), ". : ،");
        assert_eq!(read("ـــن"), "نـــ");
    }

    #[test]
    fn numbers_and_latin_words_keep_their_order() {
        assert_eq!(read("2019 ةنس"), "سنة 2019");
        assert_eq!(read("ةمكحم (2019) High Court ةرقوملا"), "الموقرة High Court (2019) محكمة");
        assert_eq!(read("Hello دمحم World"), "Hello محمد World");
    }
}
