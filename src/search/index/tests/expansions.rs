//! Expansions: found with them, not found without.

use super::*;
use crate::search::{ExpansionKind, Switches};

/// A query, a text it finds only by an expansion, and one it must not find.
const EXPANDED: &[(&str, ExpansionKind, &str, &str)] = &[
    (
        "302 IPC",
        ExpansionKind::Crosswalk,
        "convicted under Section 103(1) of the Bharatiya Nyaya Sanhita",
        "Section 103 of the Companies Act",
    ),
    ("u/s 302 IPC", ExpansionKind::Crosswalk, "an offence u/s 103 BNS", "s. 1030 BNS"),
    (
        "section 302 of the Indian Penal Code AND bail",
        ExpansionKind::Crosswalk,
        "bail refused, Section 103 BNS",
        "no relief, Section 103 BNS",
    ),
    ("482 CrPC", ExpansionKind::Crosswalk, "petition under Section 528 BNSS", "page 528, BNSS"),
    ("482 BNSS", ExpansionKind::Crosswalk, "section 438 of the Cr.P.C.", "section 438 of the Act"),
    (
        "cheque bounce -parole",
        ExpansionKind::Synonym,
        "a case of dishonour of cheque",
        "honour your word",
    ),
    (
        "dishonour of cheque -parole",
        ExpansionKind::Synonym,
        "his cheques bounced twice",
        "the ball bounced",
    ),
    ("FIR AND delay", ExpansionKind::Synonym, "delay in the first information report", "delay"),
    ("bail", ExpansionKind::Synonym, "अभियुक्त को जमानत दी गई", "अभियुक्त उपस्थित"),
    (
        "अग्रिम जमानत -parole",
        ExpansionKind::Synonym,
        "anticipatory bail granted",
        "anticipatory relief",
    ),
    ("zamanat", ExpansionKind::Script, "अभियुक्त को ज़मानत दी गई", "अभियुक्त उपस्थित"),
    ("vakaalatnaama", ExpansionKind::Script, "वकालतनामा दाखिल", "नामांतरण"),
    ("रमेश", ExpansionKind::Script, "deposed by Ramesh Yadav", "deposed by Ram"),
];

#[test]
fn what_means_the_same_is_found_and_can_be_switched_off() {
    for (typed, kind, text, other) in EXPANDED {
        let chamber = Chamber::with(&[text, other]);
        let find = |switches: &Switches| {
            let query = Query::parse(typed).expanded(switches);
            let found = chamber.index.search(&chamber.admin(), None, &query, 10).unwrap();
            (found.documents, query)
        };
        let (documents, query) = find(&Switches::default());
        assert_eq!(documents, 1, "{typed}: {query:?}");
        assert!(!highlight(text, &query).is_empty(), "{typed} marks nothing in {text}");
        assert!(
            highlight(other, &query).is_empty() || typed.contains("AND"),
            "{typed} marks {other}"
        );
        assert!(query.expansions().iter().any(|expansion| expansion.kind == *kind), "{typed}");
        let (without, query) = find(&Switches { kinds: [*kind].into(), ..Switches::default() });
        assert_eq!(without, 0, "{typed}: {query:?}");
    }
}
