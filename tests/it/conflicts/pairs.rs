//! How well names are told apart, on pairs that people labelled.

use munshi::conflicts::names::{Name, POSSIBLE, compare, keys};
use serde::Deserialize;

/// Two names, whether they may be one, and why.
type Pair = (String, String, bool, String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pairs {
    tuned: Vec<Pair>,
    held_out: Vec<Pair>,
}

fn pairs() -> Pairs {
    toml::from_str(include_str!("pairs.toml")).unwrap()
}

/// What part of the matches said are right, and what part of the right ones are said.
fn measured(name: &str, pairs: &[Pair]) -> (f64, f64) {
    let (mut right, mut wrong, mut missed) = (0_u32, 0_u32, 0_u32);
    for (one, other, same, note) in pairs {
        let likeness = compare(&Name::read(one), &Name::read(other));
        let said = likeness.score >= POSSIBLE;
        match (said, same) {
            (true, true) => right += 1,
            (true, false) => wrong += 1,
            (false, true) => missed += 1,
            (false, false) => {}
        }
        if said != *same {
            println!("{name}: {one} | {other}: {} ({note})", likeness.score);
        }
    }
    let precision = f64::from(right) / f64::from(right + wrong);
    let recall = f64::from(right) / f64::from(right + missed);
    println!("{name}: {} pairs, precision {precision:.3}, recall {recall:.3}", pairs.len());
    (precision, recall)
}

#[test]
fn names_are_told_apart_as_people_do() {
    let Pairs { tuned, held_out } = pairs();
    assert!(tuned.len() + held_out.len() >= 240 && held_out.len() >= 80);
    let (precision, recall) = measured("tuned", &tuned);
    assert!(precision >= 0.95 && recall >= 0.95, "tuned: {precision} {recall}");
    let (precision, recall) = measured("held out", &held_out);
    assert!(precision >= 0.90 && recall >= 0.85, "held out: {precision} {recall}");
}

#[test]
fn whatever_may_be_the_same_is_found_among_many() {
    let Pairs { tuned, held_out } = pairs();
    for (one, other, same, _) in tuned.iter().chain(&held_out) {
        let (first, second) = (Name::read(one), Name::read(other));
        let shared = !keys(&first).is_disjoint(&keys(&second));
        assert!(shared || !same, "{one} and {other} share no key");
        assert_eq!(compare(&first, &second).score, compare(&second, &first).score);
        assert!(compare(&first, &first).score >= 850, "{one} is not like itself");
    }
}
