//! Which known names one may be, and how alike they are.

use std::collections::BTreeSet;

use super::asking::{Asked, AskedName, Occasion};
use super::names::{Likeness, Name, POSSIBLE, compare};
use super::store::Known;
use super::{ConflictError, register};
use crate::db::Tx;
use crate::kernel::Scope;

/// The most matches kept of one name.
pub const MOST_HITS: usize = 50;

/// A name of the register and how alike it is.
pub(super) type Match = (uuid::Uuid, Likeness);

/// The names of the register one may be, the most alike first.
pub(super) async fn matches(
    tx: &mut Tx,
    scope: &Scope,
    asked: &Asked,
    name: &AskedName,
) -> Result<Vec<Match>, ConflictError> {
    let read = Name::read(&name.name).child_of(name.father.as_deref());
    let organisation = scope.organisation();
    let mut found = register::candidates(tx, organisation, &read, &name.identifiers).await?;
    found.retain(|known| {
        let unwanted = known.found.source == "counsel" && !asked.with_counsel;
        !unwanted && !is_itself(asked, name, known)
    });
    let name = name.clone();
    // Thousands of names are compared on no thread that answers others.
    match tokio::task::spawn_blocking(move || likely(&name, &read, found)).await {
        Ok(hits) => Ok(hits),
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Those of the names that one may be, the most alike first.
fn likely(name: &AskedName, read: &Name, found: Vec<Known>) -> Vec<Match> {
    let weigh = |known: Known| (weighed(name, read, &known), known);
    let mut hits: Vec<(Likeness, Known)> =
        found.into_iter().map(weigh).filter(|(likeness, _)| likeness.score >= POSSIBLE).collect();
    // A title says nothing beside a party of its case.
    let entered: BTreeSet<_> = hits
        .iter()
        .filter(|(_, known)| !known.found.is_title())
        .filter_map(|(_, known)| known.found.case_id)
        .collect();
    hits.retain(|(_, known)| {
        !known.found.is_title() || known.found.case_id.is_none_or(|case| !entered.contains(&case))
    });
    // Whom the chamber acted against, or would, comes before whom it knows anyhow.
    hits.sort_by_key(|(likeness, known)| {
        (-likeness.score, known.found.ours == name.ours, known.id)
    });
    hits.truncate(MOST_HITS);
    hits.into_iter().map(|(likeness, known)| (known.id, likeness)).collect()
}

/// Whether a known name speaks for no conflict: that of the client the check is for, of
/// the same side of its case, and what on the same side would only say that the chamber
/// acts for somebody again. A client who may be entered twice is told of all the same.
fn is_itself(asked: &Asked, name: &AskedName, known: &Known) -> bool {
    let source = known.found.source.as_str();
    let same_side = known.found.ours == name.ours;
    let of_client = asked.client.is_some_and(|id| known.found.client_id == Some(id.uuid()));
    let of_case = asked.case.is_some_and(|id| known.found.case_id == Some(id.uuid()));
    if known.found.is_title() && of_case {
        return true;
    }
    if !same_side {
        return false;
    }
    let says_nothing = match asked.occasion {
        Occasion::Party => true,
        Occasion::Client => source != "client",
        Occasion::Asked => source == "check",
    };
    says_nothing || of_case || (of_client && matches!(source, "client" | "contact"))
}

/// How alike a name and a known one are, by words, numbers and place.
fn weighed(name: &AskedName, read: &Name, known: &Known) -> Likeness {
    let mut other = known.found.read();
    if let Some(ours) = &known.our_side {
        other = other.without(&Name::read(ours));
    }
    let mut likeness = compare(read, &other);
    let (shared, pans_differ) = name.identifiers.against(&known.found.identifiers());
    if let (Some(one), Some(two)) = (&name.city, &known.found.city)
        && likeness.score > 0
    {
        if one.trim().to_lowercase() == two.trim().to_lowercase() {
            likeness.score = (likeness.score + 10).min(1000);
            likeness.reasons.push("The same city.".to_owned());
        } else {
            likeness.score = likeness.score * 98 / 100;
            likeness.reasons.push("Another city.".to_owned());
        }
    }
    if likeness.score > 0 && read.is_common() && other.is_common() {
        likeness.score = likeness.score * 9 / 10;
        let words = "Many people have this name; compare the father's name and the city.";
        likeness.reasons.push(words.to_owned());
    }
    if pans_differ && shared.is_empty() {
        likeness.score = likeness.score * 6 / 10;
        likeness.reasons.push("Their PANs differ.".to_owned());
    }
    for which in shared {
        likeness.score = likeness.score.max(which.score());
        likeness.reasons.insert(0, which.words().to_owned());
    }
    likeness
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::identifiers::Identifiers;
    use super::super::register::Found;
    use super::*;

    fn known(name: &str, pan: Option<&str>) -> Known {
        let found = Found {
            source: "client".to_owned(),
            source_id: Uuid::nil(),
            client_id: None,
            case_id: None,
            check_id: None,
            name: name.to_owned(),
            role: None,
            ours: true,
            father: None,
            city: Some("Delhi".to_owned()),
            pan: pan.map(str::to_owned),
            gstin: None,
            cin: None,
            phone: None,
            email: None,
        };
        Known { id: Uuid::nil(), found, our_side: None }
    }

    fn score(asked: &AskedName, known: &Known) -> i64 {
        weighed(asked, &Name::read(&asked.name), known).score
    }

    #[test]
    fn a_number_finds_whoever_has_it_under_another_name() {
        let identifiers =
            Identifiers { pan: Some("ABCPK1234L".to_owned()), ..Identifiers::default() };
        let asked = AskedName { name: "R. Verma".to_owned(), identifiers, ..AskedName::default() };
        assert_eq!(score(&asked, &known("Sunita Rao", Some("ABCPK1234L"))), 1000);
        assert_eq!(score(&asked, &known("Sunita Rao", Some("ABCPK1234M"))), 0);
        assert!(score(&asked, &known("R. Verma", Some("ABCPK1234M"))) < POSSIBLE);
    }

    #[test]
    fn of_a_title_the_other_side_is_compared() {
        let mut title = known("Verma Constructions v. Laxmi Textiles", None);
        let case = Uuid::max();
        title.found = Found {
            source: "party".to_owned(),
            source_id: case,
            case_id: Some(case),
            ..title.found
        };
        let asked = |name: &str| AskedName { name: name.to_owned(), ..AskedName::default() };
        let ours = asked("Verma Constructions");
        assert!(score(&ours, &title) >= POSSIBLE);
        title.our_side = Some("M/s Verma Construction".to_owned());
        assert!(score(&ours, &title) < POSSIBLE);
        assert!(score(&asked("Lakshmi Textiles Ltd"), &title) >= POSSIBLE);
    }

    #[test]
    fn a_common_name_and_another_city_weigh_less() {
        let asked = |name: &str, city: &str| AskedName {
            name: name.to_owned(),
            city: Some(city.to_owned()),
            ..AskedName::default()
        };
        let common = score(&asked("Ram Kumar", "Delhi"), &known("Ram Kumar", None));
        let rare = score(&asked("Ramesh Sharma", "Delhi"), &known("Ramesh Sharma", None));
        let far = score(&asked("Ramesh Sharma", "Kochi"), &known("Ramesh Sharma", None));
        assert!(common < rare && far < rare, "{common} {rare} {far}");
    }
}
