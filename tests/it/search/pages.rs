//! The search pages in a real browser.

use munshi::db::Dialect;
use thirtyfour::prelude::*;

use crate::support::browser::{Browser, serve};
use crate::support::{PASSWORD, TestApp};

/// Narrowing, saving, running again, and how a query is read.
#[tokio::test(flavor = "multi_thread")]
async fn results_are_narrowed_saved_and_explained() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let admin = app.admin().await;
    let case = admin.open_case("Sharma v. Kapoor").await;
    let other = admin.open_case("State v. Rao").await;
    for (case, name, text) in [
        (&case, "order.txt", "ORDER dated 12.03.2024. The arbitrator was appointed."),
        (&case, "reply.txt", "The arbitrator has not replied to the notice."),
        (
            &other,
            "charge.txt",
            "He is charged under Section 103 of the Bharatiya Nyaya Sanhita. The arbitrator is no witness.",
        ),
    ] {
        admin.upload(&format!("/api/v1/cases/{case}/documents"), name, text.as_bytes()).await;
    }
    app.settle().await;
    let address = serve(&app).await;
    let browser = Browser::open(&address).await;
    browser.sign_in("admin@example.in", PASSWORD).await;

    browser.go("/search?q=arbitrator").await;
    browser.sees("3 documents").await;
    let facet =
        browser.driver.find(By::XPath("//aside//a[contains(., 'State v. Rao')]")).await.unwrap();
    facet.click().await.unwrap();
    browser.sees("1 document").await;
    browser.sees("Narrowed to").await;

    browser.click("details.save summary").await;
    browser.type_into("#save-name", " in Rao").await;
    browser.click("details.save button").await;
    browser.sees("Saved searches").await;
    let kept = browser.driver.find(By::XPath("//section[@class='saved']//a")).await.unwrap();
    kept.click().await.unwrap();
    browser.sees("1 document").await;

    browser.go("/search?q=302+IPC").await;
    browser.sees("the other code").await;
    let off = browser.driver.find(By::LinkText("leave out")).await.unwrap();
    off.click().await.unwrap();
    browser.sees("search for it again").await;

    browser.go("/search/help?q=tribunal+AND").await;
    browser.sees("“tribunal”").await;
    browser.sees("Near each other").await;
    browser.close().await;
}
