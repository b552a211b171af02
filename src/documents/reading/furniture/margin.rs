//! Letters and figures down the margin of a page.
//!
//! The official reports set A to H beside the text so that a place can be cited;
//! pleadings in some courts number their lines. Both are a column of single marks
//! that count on down the page at even distances, with nothing outside it.

use super::super::{Layout, ReadPage, TextSpan, Word};

/// Fewer letters than this are no marginal column.
const FEWEST_LETTERS: usize = 5;
/// Fewer figures than this do not count the lines of a page.
const FEWEST_LINES: usize = 15;
/// Marks in one column differ by less in their middles, in points.
const COLUMN: f32 = 9.0;
/// The part of the page's height a column must reach over.
const REACH: f32 = 0.55;
/// How far distances between marks may differ from their mean.
const UNEVEN: f32 = 0.35;

/// The letters A to H down the margin.
pub(super) fn letters(page: &ReadPage) -> Vec<TextSpan> {
    let letter = |text: &str| match text.as_bytes() {
        [letter @ b'A'..=b'H'] => Some(usize::from(letter - b'A') + 1),
        _ => None,
    };
    match &page.layout {
        Some(layout) => column(layout, &page.text, letter, FEWEST_LETTERS),
        None => letter_lines(&page.text),
    }
}

/// The figures that count the lines of a page from one.
pub(super) fn line_numbers(page: &ReadPage) -> Vec<TextSpan> {
    let figure = |text: &str| {
        let small = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        small.then(|| text.parse().ok()).flatten()
    };
    let Some(layout) = &page.layout else { return Vec::new() };
    column(layout, &page.text, figure, FEWEST_LINES)
}

/// The marks counting 1, 2, 3 … down the margin, or nothing.
fn column(
    layout: &Layout,
    text: &str,
    value: impl Fn(&str) -> Option<usize>,
    fewest: usize,
) -> Vec<TextSpan> {
    let mut marks: Vec<(usize, &Word)> = layout
        .words
        .iter()
        .filter_map(|word| {
            let text = text.get(word.start as usize..word.end as usize)?;
            value(text).map(|value| (value, word))
        })
        .collect();
    marks.sort_by(|(_, a), (_, b)| a.y0.total_cmp(&b.y0));
    for (place, &(_, first)) in
        marks.iter().enumerate().filter(|(_, (value, _))| *value == 1).take(8)
    {
        let run = count_on(&marks[place..], first);
        if run.len() >= fewest && is_even(&run, layout.height) && is_outside(&run, layout) {
            return run.iter().map(|word| TextSpan { start: word.start, end: word.end }).collect();
        }
    }
    Vec::new()
}

/// The marks below the first and in its column that count on from it.
fn count_on<'a>(marks: &[(usize, &'a Word)], first: &Word) -> Vec<&'a Word> {
    let middle = |word: &Word| f32::midpoint(word.x0, word.x1);
    let mut run: Vec<&Word> = Vec::new();
    for &(value, word) in marks {
        if value == run.len() + 1 && (middle(word) - middle(first)).abs() < COLUMN {
            run.push(word);
        }
    }
    run
}

#[expect(clippy::cast_precision_loss, reason = "a page has few lines")]
fn is_even(run: &[&Word], height: f32) -> bool {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return false };
    let reach = last.y0 - first.y0;
    let mean = reach / (run.len() - 1).max(1) as f32;
    reach > height * REACH
        && run.windows(2).all(|pair| ((pair[1].y0 - pair[0].y0) - mean).abs() < mean * UNEVEN)
}

/// Whether nearly all other words stand on one side of a column.
fn is_outside(run: &[&Word], layout: &Layout) -> bool {
    let left = run.iter().map(|word| word.x0).fold(f32::MAX, f32::min);
    let right = run.iter().map(|word| word.x1).fold(f32::MIN, f32::max);
    let before = layout.words.iter().filter(|word| word.x1 < left).count();
    let after = layout.words.iter().filter(|word| word.x0 > right).count();
    let others = layout.words.len().saturating_sub(run.len());
    before.max(after) * 50 >= others * 49
}

/// Lines of a single letter that follow each other from A, where there are no boxes.
fn letter_lines(text: &str) -> Vec<TextSpan> {
    let mut run = Vec::new();
    let mut at = 0_u32;
    for line in text.split_inclusive('\n') {
        let start = at;
        at = at.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
        match line.trim().as_bytes() {
            [] => {}
            &[letter] if usize::from(letter.wrapping_sub(b'A')) == run.len() && run.len() < 8 => {
                let indent = line.len() - line.trim_start().len();
                let start = start.saturating_add(u32::try_from(indent).unwrap_or(u32::MAX));
                run.push(TextSpan { start, end: start.saturating_add(1) });
            }
            _ if run.len() >= FEWEST_LETTERS => break,
            _ => run.clear(),
        }
    }
    if run.len() >= FEWEST_LETTERS { run } else { Vec::new() }
}
