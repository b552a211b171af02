//! Filters, facets, orders, pages; who cites; what is alike.

use std::collections::BTreeMap;

use super::*;
use crate::search::request::{FacetName, Filters, Sort, Wanted};

fn date(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

impl Chamber {
    /// Adds a document about something.
    fn tell(&self, text: &str, about: IndexedAbout) -> IndexedVersion {
        let mut version = self.version("Paper", &[text]);
        version.about = about;
        self.index.replace(std::slice::from_ref(&version)).unwrap();
        version
    }

    fn found(&self, typed: &str, wanted: &Wanted) -> Found {
        self.index.find(&self.admin(), &Query::parse(typed), wanted).unwrap()
    }

    /// Every hit of every page, a page of so many at a time.
    fn pages(&self, typed: &str, wanted: &Wanted) -> Vec<LexicalHit> {
        let mut wanted = wanted.clone();
        let mut hits = Vec::new();
        for _ in 0..1000 {
            let found = self.found(typed, &wanted);
            hits.extend(found.hits);
            wanted.after = found.next;
            if wanted.after.is_none() {
                return hits;
            }
        }
        panic!("{typed} has no end");
    }
}

fn about(kind: &str, court: &str, day: &str) -> IndexedAbout {
    IndexedAbout {
        kind: kind.into(),
        court: Some(court.into()),
        date: date(day),
        languages: vec!["English".into()],
        case_title: "Ram v. Shyam".into(),
        ..IndexedAbout::default()
    }
}

fn counts(found: &Found, name: FacetName) -> BTreeMap<String, usize> {
    let facet = found.facets.iter().find(|facet| facet.name == name).unwrap();
    facet.values.iter().map(|value| (value.label.clone(), value.count)).collect()
}

#[test]
fn a_filter_keeps_documents_out_of_hits_counts_and_other_facets_but_not_its_own() {
    let chamber = Chamber::new();
    let judgment =
        chamber.tell("bail granted", about("judgment", "High Court of Delhi", "2024-03-12"));
    chamber.tell("bail refused", about("order", "High Court of Delhi", "2023-01-02"));
    chamber.tell("bail refused", about("order", "High Court of Kerala", "2023-05-06"));
    let filters = Filters { kinds: vec!["judgment".into()], ..Filters::default() };
    let wanted = Wanted { filters, limit: 10, facets: true, ..Wanted::default() };
    for typed in ["bail", "\"bail granted\" OR refused", ""] {
        let found = chamber.found(typed, &wanted);
        assert_eq!(found.documents, 1, "{typed}");
        assert_eq!(found.hits.len(), 1, "{typed}");
        assert_eq!(found.hits[0].document, judgment.document, "{typed}");
        let kinds = BTreeMap::from([("judgment".to_owned(), 1), ("order".to_owned(), 2)]);
        assert_eq!(counts(&found, FacetName::Kind), kinds, "{typed}");
        let courts = BTreeMap::from([("High Court of Delhi".to_owned(), 1)]);
        assert_eq!(counts(&found, FacetName::Court), courts, "{typed}");
        let years = BTreeMap::from([("2024".to_owned(), 1)]);
        assert_eq!(counts(&found, FacetName::Year), years, "{typed}");
        let cases = BTreeMap::from([("Ram v. Shyam".to_owned(), 1)]);
        assert_eq!(counts(&found, FacetName::Case), cases, "{typed}");
    }
}

#[test]
fn every_filter_filters() {
    let chamber = Chamber::new();
    let client = ClientId::new();
    let full = IndexedAbout {
        judges: vec!["A. Sharma".into()],
        parties: vec!["Ram Lal".into()],
        client: Some((client, "Ram Lal".into())),
        statutes: vec!["NI Act s. 138".into()],
        cited: vec![vec!["(2019) 4 SCC 1".into()]],
        ..about("order", "High Court of Delhi", "2023-01-02")
    };
    let mine = chamber.tell("bail", full);
    chamber.tell("bail", IndexedAbout::default());
    let of = |value: &str| vec![value.to_owned()];
    let base = Filters::default;
    for filters in [
        Filters { clients: vec![client], ..base() },
        Filters { kinds: of("order"), ..base() },
        Filters { courts: of("High Court of Delhi"), ..base() },
        Filters { judges: of("A. Sharma"), ..base() },
        Filters { years: vec![2023], ..base() },
        Filters { parties: of("Ram Lal"), ..base() },
        Filters { languages: of("English"), ..base() },
        Filters { statutes: of("NI Act s. 138"), ..base() },
        Filters { cited: of("(2019) 4 SCC 1"), ..base() },
    ] {
        let wanted = Wanted { filters: filters.clone(), limit: 10, ..Wanted::default() };
        assert_eq!(chamber.found("bail", &wanted).documents, 1, "{filters:?}");
        let matching = chamber.index.matching_documents(&chamber.admin(), None, &filters).unwrap();
        assert_eq!(matching, BTreeSet::from([mine.document]), "{filters:?}");
    }
    let filters = Filters { cases: vec![CaseId::new()], ..base() };
    for facets in [true, false] {
        let wanted = Wanted { filters: filters.clone(), limit: 10, facets, ..Wanted::default() };
        assert_eq!(chamber.found("bail", &wanted).documents, 0);
    }
    let filters = Filters { cases: vec![chamber.case], ..base() };
    let wanted = Wanted { filters, limit: 10, ..Wanted::default() };
    assert_eq!(chamber.found("bail", &wanted).documents, 2);
}

#[test]
fn by_date_the_newest_or_the_oldest_come_first_and_undated_ones_last() {
    let chamber = Chamber::new();
    let days = ["2023-01-02", "2021-05-06", "", "2024-03-12"];
    let ids: Vec<_> =
        days.iter().map(|day| chamber.tell("bail", about("order", "", day)).document).collect();
    for (sort, order) in [(Sort::Newest, [3, 0, 1, 2]), (Sort::Oldest, [1, 0, 3, 2])] {
        let wanted = Wanted { sort, limit: 3, ..Wanted::default() };
        for typed in ["bail", ""] {
            let hits = chamber.pages(typed, &wanted);
            let found: Vec<_> = hits.iter().map(|hit| hit.document).collect();
            assert_eq!(found, order.map(|nth: usize| ids[nth]), "{typed} {sort:?}");
        }
    }
}

#[test]
fn pages_neither_repeat_nor_drop_a_passage() {
    let chamber = Chamber::new();
    let mut versions = Vec::new();
    for nth in 0_usize..90 {
        let more = "court ".repeat(nth % 7);
        let texts = [
            format!("bail was cancelled {more}"),
            format!("bail {more} was, after much, cancelled"),
            format!("cancelled {more}"),
            format!("{more} bail"),
        ];
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut version = chamber.version(&format!("Bail {}", nth % 3), &texts[..=nth % 4]);
        version.about.date = date(&format!("20{:02}-01-01", nth % 20));
        versions.push(version);
    }
    for part in versions.chunks(30) {
        chamber.index.replace(part).unwrap();
    }
    for typed in ["bail", "bail cancelled", "\"bail was\" OR court", "bail AND cancelled", "-court"]
    {
        for sort in [Sort::Relevance, Sort::Newest, Sort::Oldest] {
            let whole = chamber.found(typed, &Wanted { sort, limit: 1000, ..Wanted::default() });
            assert!(whole.next.is_none() && whole.hits.len() > 12, "{typed} {sort:?}");
            for limit in [1, 7, 50] {
                let paged = chamber.pages(typed, &Wanted { sort, limit, ..Wanted::default() });
                assert_eq!(paged.len(), whole.hits.len(), "{typed} {sort:?} {limit}");
                assert_eq!(paged, whole.hits, "{typed} {sort:?} {limit}");
            }
        }
    }
}

#[test]
fn a_cursor_goes_on_sensibly_after_a_change_and_an_unreadable_one_is_the_beginning() {
    let chamber = Chamber::with(&["bail bail bail", "bail bail now", "bail then again", "bail"]);
    let wanted = Wanted { limit: 2, ..Wanted::default() };
    let first = chamber.found("bail", &wanted);
    chamber.index.remove_document(first.hits[1].document).unwrap();
    let rest = chamber.found("bail", &Wanted { after: first.next.clone(), ..wanted.clone() });
    assert!(rest.hits.iter().all(|hit| hit.document != first.hits[0].document));
    let odd = Wanted { after: Some(Cursor("h-zz-1-1".into())), ..wanted };
    assert_eq!(chamber.found("bail", &odd).hits[0].document, first.hits[0].document);
}

#[test]
fn who_cites_is_learned_from_what_the_caller_may_see() {
    let chamber = Chamber::new();
    let cites = |groups: &[&[&str]]| IndexedAbout {
        cited: groups.iter().map(|group| group.iter().map(|one| (*one).into()).collect()).collect(),
        ..IndexedAbout::default()
    };
    let both = chamber.tell(
        "held in 2024 INSC 835 : (2024) 9 SCC 1 that",
        cites(&[&["2024 INSC 835", "(2024) 9 SCC 1"]]),
    );
    let reporter = chamber.tell("see (2024) 9 SCC 1", cites(&[&["(2024) 9 SCC 1"]]));
    chamber.tell("see (2019) 4 SCC 1", cites(&[&["(2019) 4 SCC 1"]]));
    let mut walled = chamber.version("Walled", &["2024 INSC 835 : (2019) 4 SCC 1"]);
    walled.case = CaseId::new();
    walled.about = cites(&[&["2024 INSC 835", "(2019) 4 SCC 1"]]);
    chamber.index.replace(std::slice::from_ref(&walled)).unwrap();
    let mine = scope(chamber.organisation, Reach::Cases(Arc::new(BTreeSet::from([chamber.case]))));
    let citing = chamber.index.citing(&mine, None, "2024 INSC 835", 10, None).unwrap();
    assert_eq!(citing.citations, ["2024 INSC 835", "(2024) 9 SCC 1"]);
    assert_eq!(citing.found.documents, 2);
    let found: BTreeSet<_> = citing.found.hits.iter().map(|hit| hit.passage.unwrap()).collect();
    assert_eq!(found, BTreeSet::from([both.passages[0].id, reporter.passages[0].id]));
    let all = chamber.index.citing(&chamber.admin(), None, "2024 insc 835", 10, None).unwrap();
    assert_eq!((all.citations.len(), all.found.documents), (3, 4));
}

#[test]
fn a_passage_is_like_those_with_its_telling_words() {
    let chamber = Chamber::with(&[
        "the dishonoured cheque was presented within its validity",
        "the cheque was dishonoured for want of funds",
        "the lease of the shop was determined by notice",
        "the court of the district heard the parties",
    ]);
    let own = chamber.found("validity", &Wanted { limit: 1, ..Wanted::default() }).hits[0].document;
    let text = "the dishonoured cheque was presented within its validity";
    let like = chamber.index.similar(&chamber.admin(), None, text, Some(own), 2).unwrap();
    let funds = chamber.documents("funds");
    assert_eq!(like[0].document, funds[0]);
    assert!(like.iter().all(|hit| hit.document != own));
    let stranger = scope(OrganisationId::new(), Reach::Organisation);
    assert_eq!(chamber.index.similar(&stranger, None, text, None, 2).unwrap(), []);
}
