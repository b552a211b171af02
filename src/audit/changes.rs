//! What a change did to values, as the record keeps it.

use serde::Serialize;
use serde_json::{Map, Value, json};

/// The values a change made other than they were. They stand in a row's details as
/// `{"changed": {"role": {"before": "lead", "after": "viewer"}}}`; of a value that is
/// personal or secret only that it changed: `{"changed": {"email": "withheld"}}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes(Map<String, Value>);

impl Changes {
    /// Begins with one value.
    #[must_use]
    pub fn of(field: &str, before: impl Serialize, after: impl Serialize) -> Self {
        Self::default().and(field, before, after)
    }

    /// Adds a value; one that stayed as it was is left out.
    #[must_use]
    pub fn and(mut self, field: &str, before: impl Serialize, after: impl Serialize) -> Self {
        let (before, after) = (json_of(&before), json_of(&after));
        if before != after {
            self.0.insert(field.to_owned(), json!({ "before": before, "after": after }));
        }
        self
    }

    /// Adds a value of which the record says only that it changed, if it did.
    #[must_use]
    pub fn and_withheld(mut self, field: &str, did_change: bool) -> Self {
        if did_change {
            self.0.insert(field.to_owned(), json!("withheld"));
        }
        self
    }

    /// A row's details with the changes among them.
    #[must_use]
    pub fn onto(self, mut details: Value) -> Value {
        details["changed"] = Value::Object(self.0);
        details
    }
}

/// A value as it stands in the record; nothing for one JSON has no form of.
fn json_of(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stayed_is_left_out_and_what_is_personal_withheld() {
        let changes = Changes::of("role", "lead", "viewer")
            .and("years", 7, 7)
            .and("until", None::<i64>, Some(3))
            .and_withheld("email", true)
            .and_withheld("phone", false);
        assert_eq!(
            changes.onto(json!({ "case": 1 })),
            json!({ "case": 1, "changed": {
                "role": { "before": "lead", "after": "viewer" },
                "until": { "before": null, "after": 3 },
                "email": "withheld",
            } })
        );
        assert_eq!(Changes::default().onto(json!({})), json!({ "changed": {} }));
    }
}
