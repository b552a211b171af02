//! Places on pages, measured along the text a document was made of.
//!
//! Reading a text cuts it into pages and takes white space away at their ends, and
//! nothing else. So both are measured by what is not white space.

use std::ops::Range;

/// Measures places along a document's text, by the characters that are no white space.
#[derive(Debug, Clone)]
pub struct Ruler {
    /// How many such characters stand before each character of the text.
    before: Vec<usize>,
    /// The pages, each with how many stand before it.
    pages: Vec<(usize, String)>,
}

impl Ruler {
    /// Lays a document's pages, in order, along its text; none when they say something
    /// else than the text.
    #[must_use]
    pub fn new(text: &str, pages: Vec<String>) -> Option<Self> {
        let mut before = Vec::with_capacity(text.len() + 1);
        let mut count = 0;
        for c in text.chars() {
            before.push(count);
            count += usize::from(solid(c));
        }
        before.push(count);
        let mut laid = Vec::with_capacity(pages.len());
        let mut so_far = 0;
        for page in pages {
            let size = page.chars().filter(|c| solid(*c)).count();
            laid.push((so_far, page));
            so_far += size;
        }
        (so_far == count).then_some(Self { before, pages: laid })
    }

    /// A span of the text, given in characters.
    #[must_use]
    pub fn span(&self, span: &Range<usize>) -> Range<usize> {
        let at = |place: usize| self.before.get(place).or(self.before.last()).copied();
        at(span.start).unwrap_or(0)..at(span.end).unwrap_or(0)
    }

    /// A place on a page, given in bytes of its text; the first page is 1.
    #[must_use]
    pub fn place(&self, page: u32, start: usize, end: usize) -> Option<Range<usize>> {
        let nth = usize::try_from(page).ok()?.checked_sub(1)?;
        let (before, text) = self.pages.get(nth)?;
        let at = |byte: usize| {
            let byte = text.floor_char_boundary(byte);
            before + text[..byte].chars().filter(|c| solid(*c)).count()
        };
        Some(at(start)..at(end))
    }
}

/// Whether a character is measured.
fn solid(c: char) -> bool {
    !c.is_whitespace() && c != '\u{feff}' && c != '\0'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_on_pages_are_places_of_the_text() {
        let text = "One é two.\n\n  Three four.";
        let pages = vec!["One é two.".to_owned(), "Three four.".to_owned()];
        let ruler = Ruler::new(text, pages).unwrap();
        // `two.` in characters of the text, and in bytes of the page.
        assert_eq!(ruler.span(&(6..10)), ruler.place(1, 7, 11).unwrap());
        assert_eq!(ruler.span(&(20..25)), ruler.place(2, 6, 11).unwrap());
        assert_eq!(ruler.place(3, 0, 1), None);
        assert!(Ruler::new(text, vec!["One two.".to_owned()]).is_none());
    }
}
