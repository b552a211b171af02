//! Values of forms: what is kept of them, and why one does not fit.

use super::CaseError;

/// The longest value of a field of one line, in characters.
const LINE: usize = 300;

/// What is said of a case number record that does not have the usual form.
pub(super) fn cnr_warning(cnr: &str) -> String {
    format!(
        "The CNR `{cnr}` does not have the usual form: 16 characters, the last four a year, as \
         in DLHC010012342023."
    )
}

/// A case number record as it is kept: in capitals, without spaces and hyphens.
pub(super) fn plain_cnr(written: &str) -> String {
    written.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_uppercase()
}

/// A field that does not fit.
pub(super) fn wrong(field: &'static str, words: &str) -> CaseError {
    CaseError::Wrong { field, words: words.to_owned() }
}

/// A value of one line without the space around it; none where nothing is left.
pub(super) fn line(
    field: &'static str,
    value: Option<String>,
) -> Result<Option<String>, CaseError> {
    let value = text(field, value, LINE)?;
    Ok(value.map(|value| value.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// A value without the space around it; none where nothing is left.
pub(super) fn text(
    field: &'static str,
    value: Option<String>,
    longest: usize,
) -> Result<Option<String>, CaseError> {
    let value = value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    match value {
        Some(value) if value.chars().count() > longest => {
            Err(wrong(field, &format!("this is too long; keep it under {longest} characters")))
        }
        Some(value) if value.contains('\0') => {
            Err(wrong(field, "this holds a character of no text"))
        }
        value => Ok(value),
    }
}
