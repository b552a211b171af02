//! What is embedded: of a passage its text, of a long query several windows.
//!
//! A model reads some 256 tokens. A query longer than that (a whole case, in search of
//! the cases it is like) is embedded as windows of a passage's length, and the mean of
//! their vectors is compared: its dot product with a passage is the mean of theirs.

use super::normalise;

/// The length of a window, in bytes: that of a passage (`documents::passages`), about
/// 200 tokens of English.
const WINDOW: usize = 900;

/// The most windows of one query. More are spread evenly over it.
const MOST_WINDOWS: usize = 32;

/// The windows of a query: itself when it is short.
#[must_use]
pub fn windows(query: &str) -> Vec<String> {
    if query.len() <= WINDOW + WINDOW / 4 {
        return vec![query.to_owned()];
    }
    let mut all = Vec::with_capacity(query.len() / WINDOW + 1);
    let mut window = String::with_capacity(WINDOW);
    for word in query.split_whitespace() {
        if !window.is_empty() && window.len() + word.len() >= WINDOW {
            all.push(std::mem::take(&mut window));
        }
        if !window.is_empty() {
            window.push(' ');
        }
        window.push_str(word);
    }
    // What is left at the end is a window when it is long enough to say something.
    if window.len() >= WINDOW / 4 || all.is_empty() {
        all.push(window);
    }
    let (count, most) = (all.len(), MOST_WINDOWS.min(all.len()));
    let mut kept = Vec::with_capacity(most);
    for (nth, window) in all.into_iter().enumerate() {
        // The first window of each of `most` even stretches.
        if nth == 0 || nth * most / count != (nth - 1) * most / count {
            kept.push(window);
        }
    }
    kept
}

/// One vector for the windows of a query: their mean, of length one.
#[must_use]
pub fn mean(vectors: Vec<Vec<f32>>) -> Vec<f32> {
    let mut vectors = vectors.into_iter();
    let Some(mut sum) = vectors.next() else { return Vec::new() };
    let mut several = false;
    for vector in vectors {
        several = true;
        for (total, x) in sum.iter_mut().zip(vector) {
            *total += x;
        }
    }
    if several {
        normalise(&mut sum);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_query_is_one_window_and_a_long_one_is_covered_evenly() {
        assert_eq!(windows("bail granted"), ["bail granted"]);
        assert_eq!(windows(""), [""]);
        let text: Vec<String> = (0..20_000).map(|n| format!("word{n}")).collect();
        let kept = windows(&text.join(" "));
        assert_eq!(kept.len(), MOST_WINDOWS);
        assert!(kept.iter().all(|window| window.len() <= WINDOW), "{kept:?}");
        assert!(kept[0].starts_with("word0 ") && kept[31].contains("word19"), "{}", kept[31]);
        let middling = windows(&text[..300].join(" "));
        assert_eq!(middling.join(" "), text[..300].join(" "));
    }

    #[test]
    fn the_mean_of_one_is_itself_and_of_several_has_length_one() {
        assert_eq!(mean(vec![vec![0.6, 0.8]]), [0.6, 0.8]);
        let both = mean(vec![vec![1.0, 0.0], vec![0.0, 1.0]]);
        assert!((both[0] - 0.5_f32.sqrt()).abs() < 1e-6 && (both[1] - both[0]).abs() < 1e-6);
        assert!(mean(Vec::new()).is_empty());
    }
}
