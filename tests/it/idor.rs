//! Every id of a firm, asked for at every operation that takes one, by everyone of
//! another firm and by those outside in the same.

use axum::http::StatusCode;

use crate::firm::requests::{operations, pages, ready};
use crate::firm::{Firm, MARKER, STRANGERS};

/// What everybody of a chamber who sees cases may see, whatever their cases.
const OF_THE_CHAMBER: [&str; 1] = ["/api/v1/holiday-calendars/{id}"];

#[tokio::test(flavor = "multi_thread")]
async fn no_id_of_a_firm_opens_anything_to_strangers() {
    let mut firm = Firm::build().await;
    // The pages send everyone to the original's address in the API, which refuses.
    let forwards = "/documents/{id}/versions/{number}/original";
    let (mut asked, mut with_id) = (0_u32, 0_u32);
    let mut wrong = Vec::new();
    for route in operations().into_iter().chain(pages()) {
        for index in 0..firm.seats.len() {
            let seat = firm.seats[index].clone();
            if !STRANGERS.contains(&seat.name) || seat.api.is_none() {
                continue;
            }
            let request = ready(&route, &firm.ids, &seat.csrf);
            let body = request.body.as_ref().map(|(kind, bytes)| (kind.as_str(), bytes.clone()));
            let came = firm.send(&seat, request.method, &request.path, body, route.page).await;
            asked += 1;
            // Signing out is theirs to do, and so is what renews their session.
            if route.changes() && (came.status.is_success() || came.status.is_redirection()) {
                firm.renew(index).await;
            }
            let said = format!("{} {} as {}", route.method, request.path, seat.name);
            assert!(!came.holds(MARKER), "{said} shows the marker");
            if !route.takes_an_id() || route.path.contains("/assets/") {
                continue;
            }
            let of_the_firm = matches!(seat.name, "advocate outside" | "walled advocate");
            if of_the_firm && !route.changes() && OF_THE_CHAMBER.contains(&route.path.as_str()) {
                continue;
            }
            with_id += 1;
            let refused = if route.page && route.path == forwards {
                came.status.is_redirection()
            } else {
                came.status == StatusCode::NOT_FOUND
            };
            if !refused {
                wrong.push(format!("{said}: {}", came.status));
            }
        }
    }
    assert!(wrong.is_empty(), "not refused as unknown:\n{}", wrong.join("\n"));
    println!("{asked} requests of strangers, {with_id} of them with an id: nothing was shown");
    assert!(with_id > 250, "only {with_id} requests carried an id");
    // And nothing was changed by any of them.
    let still = firm.inside.get(&format!("/api/v1/cases/{}", firm.ids.case)).await;
    assert!(still.status.is_success() && still.text.contains(MARKER), "{still:?}");
    let members = firm.inside.get(&format!("/api/v1/cases/{}/members", firm.ids.case)).await;
    assert_eq!(members.body.as_array().map(Vec::len), Some(3), "{members:?}");
}
