//! Glued references: `4SCC1`, `AIR1973SC1461`, `WP1234`, `u/s138`, `Art226`.

use std::ops::Range;

use super::tables::{self, Mark};

/// A longer word is no reference.
const MAX_LENGTH: usize = 24;

/// The pieces of a word that is a reference written without spaces; none if it is
/// none. `text` is where the word stands, at `span`, in its exact form.
///
/// Letters must be known marks and a number must be last, so that sections such as
/// `376DB` and `80CC` stay whole.
pub(super) fn pieces(text: &str, span: &Range<usize>, form: &str) -> Vec<Range<usize>> {
    let mixed = form.len() <= MAX_LENGTH
        && form.as_bytes().last().is_some_and(u8::is_ascii_digit)
        && form.bytes().any(|byte| byte.is_ascii_lowercase())
        && form.is_ascii();
    if !mixed {
        return Vec::new();
    }
    let runs = runs(form);
    let letters = || runs.iter().map(|run| &form[run.clone()]).filter(|run| is_letters(run));
    let known = letters().all(|run| {
        [Mark::Reporter, Mark::Court, Mark::CaseType]
            .into_iter()
            .any(|mark| tables::is_marked(mark, run))
    });
    let names = letters().any(|run| {
        run.len() > 1
            && (tables::is_marked(Mark::Reporter, run) || tables::is_marked(Mark::CaseType, run))
    });
    let unit = || {
        let [name, _] = runs.as_slice() else { return false };
        let name = &form[name.clone()];
        let slashed = text[..span.start].ends_with("u/") || text[..span.start].ends_with("U/");
        (name.len() > 2 || slashed) && tables::unit(name).is_some()
    };
    if (known && names) || unit() { runs } else { Vec::new() }
}

/// The runs of letters and of digits of a word.
fn runs(form: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, byte) in form.bytes().enumerate() {
        match runs.last_mut() {
            Some(run) if is_letters(&form[run.clone()]) == byte.is_ascii_lowercase() => {
                run.end = at + 1;
            }
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

fn is_letters(run: &str) -> bool {
    run.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::super::words::words;

    #[test]
    fn references_without_spaces_are_cut_and_sections_are_not() {
        for (text, expected) in [
            ("(2019)4SCC1", "2019 4 scc 1"),
            ("AIR1973SC1461", "air 1973 sc 1461"),
            ("2024INSC835", "2024 insc 835"),
            ("WP1234/2023", "wp 1234 2023"),
            ("u/s138", "u s 138"),
            ("Art226", "art 226"),
            ("376DB 80CC 65B 498A 120B", "376db 80cc 65b 498a 120b"),
            ("MHAU019999992015", "mhau019999992015"),
            ("covid19 MP09AB1234 s4 A4", "covid19 mp09ab1234 s4 a4"),
        ] {
            let forms: Vec<String> = words(text).into_iter().map(|word| word.form).collect();
            assert_eq!(forms.join(" "), expected, "{text}");
        }
    }
}
