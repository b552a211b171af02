//! What `tesseract` says of a picture's orientation and script.

/// Less certainty than this about the script is a guess: its own threshold for words
/// in mixed scripts is of this size.
const CERTAIN: f32 = 0.5;

/// Which way up a picture is, and in which script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::documents::reading) struct Seen {
    /// Whether it has to be turned to be read.
    pub(in crate::documents::reading) turned: bool,
    /// The language that stands for its script, as `tesseract` names it, if certain.
    pub(in crate::documents::reading) language: Option<&'static str>,
}

/// Reads the answer: lines of a name, a colon and a value.
pub(super) fn parse(answer: &str) -> Option<Seen> {
    let value = |name: &str| {
        let mut lines = answer.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(before, _)| before.trim() == name).map(|(_, value)| value.trim())
    };
    let certain = value("Script confidence")?.parse::<f32>().ok()? >= CERTAIN;
    let language = if certain { value("Script").and_then(language) } else { None };
    Some(Seen { turned: value("Rotate")? != "0", language })
}

/// The language that stands for a script in Indian courts.
fn language(script: &str) -> Option<&'static str> {
    Some(match script {
        "Latin" => "eng",
        "Devanagari" => "hin",
        "Bengali" => "ben",
        "Gurmukhi" => "pan",
        "Gujarati" => "guj",
        "Oriya" => "ori",
        "Tamil" => "tam",
        "Telugu" => "tel",
        "Kannada" => "kan",
        "Malayalam" => "mal",
        "Arabic" => "urd",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "Page number: 0\nOrientation in degrees: 270\nRotate: 90\n\
        Orientation confidence: 6.66\nScript: Bengali\nScript confidence: 3.20\n";

    #[test]
    fn orientation_and_script_are_read() {
        assert_eq!(parse(ANSWER), Some(Seen { turned: true, language: Some("ben") }));
        let upright = ANSWER.replace("Rotate: 90", "Rotate: 0").replace("3.20", "0.10");
        assert_eq!(parse(&upright), Some(Seen { turned: false, language: None }));
        assert_eq!(parse("Too few characters. Skipping this page"), None);
    }
}
