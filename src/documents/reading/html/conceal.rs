//! What a web page hides: by attribute, by style, by its style sheet.

use std::collections::HashSet;

/// Rules kept of a style sheet; more hide nothing.
const MOST_RULES: usize = 10_000;
/// Smaller letters, in pixels or points, cannot be read.
const TINY: f32 = 2.0;

/// The selectors whose elements are not shown: `.class`, `#id`, `name`,
/// `name.class`. Others are too rare to matter.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    hiding: HashSet<String>,
}

impl Sheet {
    /// Adds the rules of a style sheet that hold for every medium.
    pub(super) fn add(&mut self, css: &str) {
        let css = without_comments(css);
        let mut depth = 0_usize;
        let mut selector = "";
        let mut from = 0;
        for (at, brace) in css.match_indices(['{', '}']) {
            let piece = &css[from..at];
            from = at + 1;
            if brace == "{" {
                selector = if depth == 0 { piece } else { "" };
                depth += 1;
                continue;
            }
            depth = depth.saturating_sub(1);
            if depth == 0 && hides(piece) {
                let room = MOST_RULES.saturating_sub(self.hiding.len());
                let selectors = selector.split(',').map(|one| one.trim().to_lowercase());
                self.hiding.extend(selectors.filter(|one| !one.is_empty()).take(room));
            }
        }
    }

    /// Whether an element of this name, id and classes is hidden by a rule.
    pub(super) fn hides(&self, name: &str, id: &str, classes: &str) -> bool {
        if self.hiding.is_empty() {
            return false;
        }
        let classes = classes.to_lowercase();
        self.hiding.contains(name)
            || self.hiding.contains(&format!("#{}", id.to_lowercase()))
            || classes.split_whitespace().take(20).any(|class| {
                self.hiding.contains(&format!(".{class}"))
                    || self.hiding.contains(&format!("{name}.{class}"))
            })
    }
}

fn without_comments(css: &str) -> String {
    let mut text = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        text.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text
}

/// Whether declarations hide the text they apply to.
pub(super) fn hides(declarations: &str) -> bool {
    let declarations = declarations.to_lowercase();
    let mut color = None;
    let mut ground = None;
    for (name, value) in declarations.split(';').filter_map(|one| one.split_once(':')) {
        let value = value.replace("!important", "");
        let value = value.trim();
        match name.trim() {
            "display" if value == "none" => return true,
            "visibility" if value == "hidden" || value == "collapse" => return true,
            "opacity" if value.parse() == Ok(0.0_f32) => return true,
            "mso-hide" if value == "all" => return true,
            "font-size" if is_tiny(value) => return true,
            "color" => color = Some(plain_color(value)),
            "background" | "background-color" => ground = Some(plain_color(value)),
            _ => {}
        }
    }
    color.is_some() && color == ground
}

/// Whether declarations write in white.
pub(super) fn is_white(declarations: &str) -> bool {
    let declarations = declarations.to_lowercase();
    let mut pairs = declarations.split(';').filter_map(|one| one.split_once(':'));
    pairs.any(|(name, value)| name.trim() == "color" && plain_color(value.trim()) == WHITE)
}

/// White, as [`plain_color`] writes it.
pub(super) const WHITE: &str = "#ffffff";

/// A colour in one way of writing, as far as that is simple.
pub(super) fn plain_color(value: &str) -> String {
    let value: String = value.to_lowercase().split_whitespace().collect();
    match value.as_str() {
        "white" | "#fff" | "rgb(255,255,255)" | "rgba(255,255,255,1)" => WHITE.into(),
        "black" | "#000" | "rgb(0,0,0)" => "#000000".into(),
        _ => value,
    }
}

fn is_tiny(size: &str) -> bool {
    let end = size.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(size.len());
    let (number, unit) = size.split_at(end);
    let most = if matches!(unit, "px" | "pt") { TINY } else { 0.1 };
    number.parse::<f32>().is_ok_and(|number| number < most && !number.is_sign_negative())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_that_hide_are_known() {
        for hiding in [
            "display:none",
            "DISPLAY : None !important",
            "font-size: 1px",
            "font-size:0",
            "opacity:0.0",
            "color:white;background-color:#FFF",
        ] {
            assert!(hides(hiding), "{hiding}");
        }
        for showing in
            ["display:block", "font-size:1em", "opacity:0.5", "color:red", "font-size:12px"]
        {
            assert!(!hides(showing), "{showing}");
        }
    }

    #[test]
    fn rules_of_a_sheet_hold_for_their_elements() {
        let mut sheet = Sheet::default();
        sheet.add("/* } */ #ad, .Note { display:none } b.x{visibility:hidden} .y { color:red }");
        assert!(sheet.hides("p", "ad", ""));
        assert!(sheet.hides("p", "", "big note"));
        assert!(sheet.hides("b", "", "x"));
        assert!(!sheet.hides("i", "", "x y"));
    }
}
