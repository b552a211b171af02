//! Every operation and every page, called by everyone: one reviewed table.

use std::collections::BTreeMap;
use std::fmt::Write;

use axum::http::Method;

use crate::firm::requests::{Route, operations, pages, ready};
use crate::firm::{CALLERS, Firm, MARKER, STRANGERS};

/// Asks a route as everyone, the least trusted first; after something was changed the
/// next is asked about a fresh case.
async fn row(firm: &mut Firm, route: &Route) -> Vec<String> {
    // What names nothing of a case needs none of its own.
    let needs = (route.changes()
        && (route.takes_an_id() || route.path.ends_with("/walls"))
        && !route.path.contains("/embeddings/"))
        || route.path.contains("/pages/");
    let mut ids = if needs { firm.fresh(&route.path).await } else { firm.ids.clone() };
    let mut statuses = Vec::new();
    for index in 0..CALLERS.len() {
        let seat = firm.seats[index].clone();
        let request = ready(route, &ids, &seat.csrf);
        let body = request.body.as_ref().map(|(kind, bytes)| (kind.as_str(), bytes.clone()));
        let came = firm.send(&seat, request.method, &request.path, body, route.page).await;
        let status = came.status.as_u16();
        assert!(status < 500, "{} {} as {}: {status}", route.method, request.path, seat.name);
        // Strangers learn nothing from being refused.
        if came.status.is_client_error() && STRANGERS.contains(&seat.name) {
            let leak = came.holds(MARKER);
            assert!(!leak, "{} {} as {} shows the marker", route.method, request.path, seat.name);
        }
        let refused = came.to.as_deref().is_some_and(|to| to.starts_with("/sign-in"));
        statuses.push(if refused { "sign in".to_owned() } else { status.to_string() });
        if route.changes() && (came.status.is_success() || came.status.is_redirection()) {
            firm.renew(index).await;
            if index > 0 && index + 1 < CALLERS.len() && needs {
                ids = firm.fresh(&route.path).await;
            }
        }
    }
    // Whose wall was lifted is let in by it, and would be no stranger to what comes next.
    if route.path.ends_with("/lift") {
        firm.keep_out_of(&ids.case).await;
    }
    statuses
}

fn table(rows: &BTreeMap<Route, Vec<String>>) -> String {
    let mut text = String::from(
        "Who gets what from every operation and page, about a case of the advocate inside.\n\
         404 is the answer to whoever may not know that something is there.\n\n",
    );
    for (number, name) in CALLERS.iter().enumerate() {
        let _ = writeln!(text, "{}: {name}", number + 1);
    }
    for page in [false, true] {
        let _ = write!(text, "\n{:<72}", if page { "page" } else { "operation" });
        for number in 1..=CALLERS.len() {
            let _ = write!(text, " {number:>7}");
        }
        text.push('\n');
        for (route, statuses) in rows.iter().filter(|(route, _)| route.page == page) {
            let _ = write!(text, "{:<72}", format!("{:<6} {}", route.method, route.path));
            for status in statuses {
                let _ = write!(text, " {status:>7}");
            }
            text.push('\n');
        }
    }
    text
}

/// The table is `tests/it/choke_point.snap`. A route that is new or answers otherwise
/// fails; to accept a change, run with `MUNSHI_ACCEPT=1` and read the difference.
#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_everyone_as_reviewed() {
    let mut firm = Firm::build().await;
    let all: Vec<Route> = operations().into_iter().chain(pages()).collect();
    assert!(all.len() > 120, "only {} routes were found", all.len());
    let mut rows = BTreeMap::new();
    let (reads, changes): (Vec<Route>, Vec<Route>) =
        all.into_iter().partition(|route| !route.changes());
    for route in reads.into_iter().chain(changes) {
        let statuses = row(&mut firm, &route).await;
        rows.insert(route, statuses);
    }
    let now = table(&rows);
    let path = format!("{}/tests/it/choke_point.snap", env!("CARGO_MANIFEST_DIR"));
    #[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
    if std::env::var("MUNSHI_ACCEPT").is_ok() {
        std::fs::write(&path, &now).unwrap();
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    for (now, reviewed) in now.lines().zip(reviewed.lines()) {
        assert_eq!(now, reviewed, "run with MUNSHI_ACCEPT=1 and review choke_point.snap");
    }
    assert_eq!(now.lines().count(), reviewed.lines().count(), "routes came or went");
}

/// What the table may never say, whatever is accepted.
#[test]
fn the_reviewed_table_lets_no_stranger_in() {
    let path = format!("{}/tests/it/choke_point.snap", env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(path).unwrap();
    let mut checked = 0;
    for line in table.lines().filter(|line| line.contains(" /")) {
        let mut parts: Vec<&str> = line.split_whitespace().collect();
        let (method, path) = (parts.remove(0), parts.remove(0));
        let statuses = parts.join(" ").replace("sign in", "sign-in");
        let statuses: Vec<&str> = statuses.split(' ').collect();
        assert_eq!(statuses.len(), CALLERS.len(), "{line}");
        assert!(method.parse::<Method>().is_ok(), "{line}");
        // The address of a thing of the firm: the other firm's admin, another's client,
        // the advocate outside and the walled one get nothing from it.
        let of_a_case = ["/cases/{id}", "/documents/{id}", "/messages/{id}", "/conversations/{id}"];
        if of_a_case.iter().any(|thing| path.contains(thing)) && !path.contains("/original") {
            for stranger in [1, 2, 4, 5] {
                assert_eq!(statuses[stranger], "404", "{line}");
            }
            checked += 1;
        }
    }
    assert!(checked > 40, "only {checked} lines are about a case");
}
