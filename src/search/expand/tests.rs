//! Expansion, through queries.

use super::*;
use crate::search::Query;

fn expansions(typed: &str) -> Vec<Expansion> {
    Query::parse(typed).expanded(&Switches::default()).expansions().to_vec()
}

fn ids(typed: &str) -> Vec<String> {
    expansions(typed).into_iter().map(|expansion| expansion.id).collect()
}

#[test]
fn a_section_has_its_number_in_the_other_code() {
    for typed in
        ["302 IPC", "section 302 of the Indian Penal Code", "u/s 302 IPC", "302 I.P.C. AND bail"]
    {
        assert!(
            ids(typed).contains(&"crosswalk:ipc-302:bns-103-1".to_owned()),
            "{typed}: {:?}",
            ids(typed)
        );
    }
    for (typed, id) in [
        ("482 CrPC", "crosswalk:crpc-482:bnss-528"),
        ("482 BNSS", "crosswalk:bnss-482:crpc-438"),
        ("103 BNS", "crosswalk:bns-103-1:ipc-302"),
        ("356 BNS", "crosswalk:bns-356:ipc-500"),
        ("Section 65B Evidence Act", "crosswalk:evidence-act-65b:bsa-63"),
        ("धारा 302 भारतीय दंड संहिता", "crosswalk:ipc-302:bns-103-1"),
        ("377 IPC", "crosswalk:ipc-377:none"),
        ("section 482", "crosswalk:section-482:ambiguous"),
    ] {
        assert!(ids(typed).contains(&id.to_owned()), "{typed}: {:?}", ids(typed));
    }
    for typed in ["section 302", "\"302 IPC\"", "302 Companies Act", "NOT 302 IPC"] {
        assert!(
            !ids(typed).iter().any(|id| id.starts_with("crosswalk:")),
            "{typed}: {:?}",
            ids(typed)
        );
    }
}

#[test]
fn the_trap_of_482_is_told() {
    let caution = |typed: &str| {
        expansions(typed)
            .into_iter()
            .find(|found| found.kind == ExpansionKind::Crosswalk)
            .unwrap()
            .caution
            .unwrap()
    };
    assert!(caution("482 CrPC").contains("anticipatory bail"));
    assert!(caution("482 BNSS").contains("inherent powers"));
    assert!(
        caution("section 482").contains("528 BNSS") && caution("section 482").contains("438 CrPC")
    );
}

#[test]
fn an_expansion_is_not_expanded_and_can_be_switched_off() {
    let all = ids("cheque bounce");
    assert!(all.contains(&"synonym:cheque-bounc:dishonour-of-cheque".to_owned()), "{all:?}");
    let off =
        |switches: &Switches| Query::parse("cheque bounce").expanded(switches).expansions().len();
    let one = Switches { ids: [all[0].clone()].into(), ..Switches::default() };
    assert_eq!(off(&one), all.len() - 1);
    let kind = Switches { kinds: [ExpansionKind::Synonym].into(), ..Switches::default() };
    assert_eq!(off(&kind), 0);
}
