//! What was typed into a form, and what is wrong with one of its fields.

use std::collections::HashMap;

use crate::web::parts::{Choice, Field};

/// The fields of a form as they were typed, so that nothing is lost when one is wrong.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    values: HashMap<String, String>,
    wrong: Option<(String, String)>,
}

impl Typed {
    /// What was typed.
    #[must_use]
    pub const fn new(values: HashMap<String, String>) -> Self {
        Self { values, wrong: None }
    }

    /// A form that holds these.
    #[must_use]
    pub fn of<const N: usize>(values: [(&str, String); N]) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value));
        Self::new(values.collect())
    }

    /// The same with what is wrong with a field.
    #[must_use]
    pub fn refused(mut self, field: &str, words: String) -> Self {
        self.wrong = Some((field.to_owned(), words));
        self
    }

    /// What was typed into a field, without the space around it.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.values.get(name).map_or("", |value| value.trim())
    }

    /// Whether a box was ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// A field with what was typed and what is wrong with it.
    #[must_use]
    pub fn field(&self, name: &str) -> Field {
        let value = self.values.get(name).cloned().unwrap_or_default();
        match &self.wrong {
            Some((field, words)) if field == name => Field::refused(value, words.clone()),
            _ => Field::of(value),
        }
    }

    /// What is wrong, where the form has no such field.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        self.wrong.as_ref().map(|(_, words)| words.clone())
    }

    /// Choices of which the typed one is chosen.
    #[must_use]
    pub fn choices<'a>(
        &self,
        name: &str,
        all: impl IntoIterator<Item = (String, &'a str)>,
    ) -> Vec<Choice> {
        let typed = self.text(name);
        let choice = |(value, label): (String, &str)| Choice {
            chosen: value == typed,
            value,
            label: label.to_owned(),
        };
        all.into_iter().map(choice).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_is_lost_and_the_wrong_field_says_why() {
        let typed = Typed::of([("minutes", " 1:75 ".to_owned()), ("what", "reading".to_owned())]);
        let typed = typed.refused("minutes", "write 1:30".to_owned());
        assert_eq!(typed.text("minutes"), "1:75");
        assert_eq!(typed.field("minutes").error.as_deref(), Some("write 1:30"));
        assert_eq!(typed.field("what").value, "reading");
        assert_eq!(typed.field("what").error, None);
        assert!(!typed.ticked("billable"));
        let choices = typed.choices("what", [("reading".to_owned(), "Reading")]);
        assert!(choices[0].chosen);
    }
}
