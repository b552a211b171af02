//! Who is named with an `@` in a message.

use super::folding::folded;
use crate::kernel::UserId;

/// The people named with an `@`, by their whole name, or by their first where nobody else
/// has it.
pub(super) fn named(text: &str, people: &[(UserId, String)]) -> Vec<UserId> {
    let text = folded(text);
    if !text.contains('@') {
        return Vec::new();
    }
    let known: Vec<(UserId, String)> =
        people.iter().map(|(user, name)| (*user, folded(name))).collect();
    let first = |name: &str| name.split(' ').next().unwrap_or_default().to_owned();
    let is_named = |(_, name): &&(UserId, String)| {
        let alone = first(name);
        let shared = known.iter().filter(|(_, other)| first(other) == alone).count() > 1;
        follows(&text, name) || (!shared && follows(&text, &alone))
    };
    known.iter().filter(is_named).map(|(user, _)| *user).collect()
}

/// Whether a name stands after an `@` as a whole.
fn follows(text: &str, name: &str) -> bool {
    if name.is_empty() {
        return false;
    }
    let mark = format!("@{name}");
    text.match_indices(&mark).any(|(at, _)| {
        let after = text.get(at + mark.len()..).and_then(|rest| rest.chars().next());
        let before = text.get(..at).and_then(|rest| rest.chars().next_back());
        // An address such as ravi@iyer.in names nobody.
        !after.is_some_and(char::is_alphanumeric) && !before.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_named_by_their_name_or_an_only_first_name() {
        let [ravi, asha, meera] = [1, 2, 3].map(|_| UserId::new());
        let people = [
            (ravi, String::from("Ravi Iyer")),
            (asha, String::from("Asha Rao")),
            (meera, String::from("Asha Menon")),
        ];
        assert_eq!(named("@ravi please file", &people), [ravi]);
        assert_eq!(named("Ask @Asha Rao, and @RAVI IYER.", &people), [ravi, asha]);
        assert_eq!(named("@Asha, please", &people), Vec::new());
        assert_eq!(named("write to office@ravi.in or @ravindra", &people), Vec::new());
        assert_eq!(named("Ravi Iyer", &people), Vec::new());
    }
}
