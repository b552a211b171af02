//! Courts to choose from while typing.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Deserialize)]
struct Court {
    name: String,
}

#[derive(Deserialize)]
struct File {
    court: Vec<Court>,
}

/// The names of `index/courts.toml`. Where it could not be read, which a test rules out,
/// none are suggested.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let file: Result<File, _> = toml::from_str(include_str!("../../../../index/courts.toml"));
    file.map(|file| file.court.into_iter().map(|court| court.name).collect()).unwrap_or_default()
});

/// Those the chamber's cases are in, and then every court that is known.
pub(super) fn suggested(mut own: Vec<String>) -> Vec<String> {
    let known: BTreeSet<&String> = own.iter().collect();
    let others: Vec<String> = NAMES.iter().filter(|name| !known.contains(name)).cloned().collect();
    own.extend(others);
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chambers_own_courts_come_first_and_none_twice() {
        let own = vec![String::from("Tis Hazari"), String::from("Supreme Court of India")];
        let names = suggested(own.clone());
        assert_eq!(names[..2], own[..]);
        assert!(names.len() > 20);
        let distinct: BTreeSet<&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
    }
}
