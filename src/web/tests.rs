//! Every page is rendered from its samples and held to the rules all pages keep.

use std::fs;

use askama::Template;

use super::admin::{SystemPage, UsersPage, WorkPage};
use super::api_docs::ApiDocsPage;
use super::assistant::{AssistantPage, TalkPage};
use super::audit::RecordPage;
use super::budgets::{BillsPage, BudgetsPage, CallPage, CallsPage, PricesPage, ReconcilePage};
use super::cases::{CasePage, CasesPage, FailedPage, NewCasePage};
use super::changes::ChangesPage;
use super::costs::CostsPage;
use super::devices::{DevicesPage, TokensPage};
use super::entry::{
    ChoosePasswordPage, CodePage, EmailPage, ForgottenPage, LinkGonePage, LinkPage, PasswordPage,
    SetupPage, SignInPage, VerifyEmailPage,
};
use super::errors::ErrorPage;
use super::feedback::FeedbackPage;
use super::home::HomePage;
use super::letters::{LetterPage, LettersPage};
use super::models::ModelsPage;
use super::office::OfficePage;
use super::page::{POLICY, render};
use super::portal::PortalPage;
use super::practice::{DiaryPage, DuesPage};
use super::privacy::{CertificatePage, ClientPrivacyPage, ErasePage, PrivacyPage};
use super::proposals::ProposalsPage;
use super::quality::{GoldenPage, QualityPage};
use super::search::{SearchHelpPage, SearchPage};
use super::security::{AppPage, CodesPage, SecondPage, SecurityPage, SignInRulesPage};
use super::tasks::TasksPage;
use super::viewer::DocumentPage;
use super::walls::{AccessPage, PermissionsPage, WallsPage};
use super::{assets, page};

fn html(page: &impl Template) -> String {
    page.render().unwrap()
}

/// Every sample, rendered, with a name.
fn rendered() -> Vec<(String, String)> {
    let mut all = vec![
        ("sign-in", html(&SignInPage::sample())),
        ("setup", html(&SetupPage::sample())),
        ("password", html(&PasswordPage::sample())),
        ("code", html(&CodePage::sample())),
        ("forgotten", html(&ForgottenPage::sample())),
        ("forgotten-sent", html(&ForgottenPage::sample_sent())),
        ("choose-password", html(&ChoosePasswordPage::sample())),
        ("verify-email", html(&VerifyEmailPage::sample())),
        ("verify-email-done", html(&VerifyEmailPage::sample_done())),
        ("link-gone", html(&LinkGonePage::sample())),
        ("email", html(&EmailPage::sample())),
        ("office", html(&OfficePage::sample())),
        ("letters", html(&LettersPage::sample())),
        ("letters-empty", html(&LettersPage::sample_empty())),
        ("letter", html(&LetterPage::sample())),
        ("code-start", html(&CodePage::sample_start())),
        ("link", html(&LinkPage::sample())),
        ("link-refused", html(&LinkPage::sample_refused())),
        ("devices", html(&DevicesPage::sample())),
        ("tokens", html(&TokensPage::sample())),
        ("tokens-empty", html(&TokensPage::sample_empty())),
        ("second", html(&SecondPage::sample())),
        ("second-app", html(&AppPage::sample())),
        ("second-codes", html(&CodesPage::sample())),
        ("security", html(&SecurityPage::sample())),
        ("security-bare", html(&SecurityPage::sample_bare())),
        ("sign-in-rules", html(&SignInRulesPage::sample())),
        ("home", html(&HomePage::sample())),
        ("home-empty", html(&HomePage::sample_empty())),
        ("cases", html(&CasesPage::sample())),
        ("cases-empty", html(&CasesPage::sample_empty())),
        ("case-new", html(&NewCasePage::sample())),
        ("case", html(&CasePage::sample())),
        ("case-empty", html(&CasePage::sample_empty())),
        ("case-register", html(&CasePage::sample_register())),
        ("diary", html(&DiaryPage::sample())),
        ("diary-empty", html(&DiaryPage::sample_empty())),
        ("dues", html(&DuesPage::sample())),
        ("dues-empty", html(&DuesPage::sample_empty())),
        ("walls", html(&WallsPage::sample())),
        ("walls-empty", html(&WallsPage::sample_empty())),
        ("access", html(&AccessPage::sample())),
        ("permissions", html(&PermissionsPage::sample())),
        ("failed", html(&FailedPage::sample())),
        ("document", html(&DocumentPage::sample())),
        ("document-mail", html(&DocumentPage::sample_mail())),
        ("document-locked", html(&DocumentPage::sample_locked())),
        ("document-portal", html(&DocumentPage::sample_portal())),
        ("changes", html(&ChangesPage::sample())),
        ("changes-none", html(&ChangesPage::sample_same())),
        ("search", html(&SearchPage::sample())),
        ("search-help", html(&SearchHelpPage::sample())),
        ("search-start", html(&SearchPage::sample_start())),
        ("search-nothing", html(&SearchPage::sample_nothing())),
        ("assistant", html(&AssistantPage::sample())),
        ("assistant-start", html(&AssistantPage::sample_start())),
        ("talk", html(&TalkPage::sample())),
        ("feedback", html(&FeedbackPage::sample())),
        ("feedback-empty", html(&FeedbackPage::sample_empty())),
        ("tasks", html(&TasksPage::sample())),
        ("tasks-empty", html(&TasksPage::sample_empty())),
        ("costs", html(&CostsPage::sample())),
        ("costs-empty", html(&CostsPage::sample_empty())),
        ("budgets", html(&BudgetsPage::sample())),
        ("budgets-empty", html(&BudgetsPage::sample_empty())),
        ("prices", html(&PricesPage::sample())),
        ("calls", html(&CallsPage::sample())),
        ("calls-empty", html(&CallsPage::sample_empty())),
        ("call", html(&CallPage::sample())),
        ("reconcile", html(&ReconcilePage::sample())),
        ("bills", html(&BillsPage::sample())),
        ("users", html(&UsersPage::sample())),
        ("quality", html(&QualityPage::sample())),
        ("quality-empty", html(&QualityPage::sample_empty())),
        ("golden", html(&GoldenPage::sample())),
        ("models", html(&ModelsPage::sample())),
        ("models-empty", html(&ModelsPage::sample_empty())),
        ("work", html(&WorkPage::sample())),
        ("record", html(&RecordPage::sample())),
        ("record-empty", html(&RecordPage::sample_empty())),
        ("system", html(&SystemPage::sample())),
        ("proposals", html(&ProposalsPage::sample())),
        ("proposals-empty", html(&ProposalsPage::sample_empty())),
        ("portal", html(&PortalPage::sample())),
        ("portal-empty", html(&PortalPage::sample_empty())),
        ("privacy", html(&PrivacyPage::sample())),
        ("privacy-erase", html(&ErasePage::sample())),
        ("privacy-certificate", html(&CertificatePage::sample())),
        ("privacy-client", html(&ClientPrivacyPage::sample())),
        ("api-docs", html(&ApiDocsPage::sample())),
    ]
    .into_iter()
    .map(|(name, html)| (name.to_owned(), html))
    .collect::<Vec<_>>();
    for (number, page) in ErrorPage::samples().iter().enumerate() {
        all.push((format!("error-{number}-{}", page.status.as_u16()), html(page)));
    }
    all
}

#[test]
fn no_page_holds_what_the_policy_forbids() {
    for (name, html) in rendered() {
        for forbidden in [" style=", "<style", " onclick=", " onload=", "javascript:", "<iframe"] {
            assert!(!html.contains(forbidden), "{name} holds `{forbidden}`");
        }
        for script in html.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains("src=\"/assets/"), "{name} holds an inline script");
        }
        assert!(!html.contains("//www.") || !html.contains("src=\"http"), "{name} loads from afar");
    }
}

#[test]
fn every_page_says_what_it_is_and_can_be_skipped_into() {
    for (name, html) in rendered() {
        assert!(html.starts_with("<!doctype html>"), "{name}");
        assert!(html.contains("<html lang=\"en\""), "{name}");
        assert!(html.contains("href=\"#main\"") && html.contains("id=\"main\""), "{name}");
        assert_eq!(html.matches("<h1").count(), 1, "{name} needs one main heading");
    }
}

#[test]
fn every_form_that_changes_something_carries_the_token() {
    for (name, html) in rendered() {
        for form in html.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            if form.contains("method=\"post\"") {
                assert!(form.contains("name=\"csrf\""), "{name}: a form without its token");
            }
        }
    }
}

/// Checks that each control can be named by a screen reader.
#[test]
fn every_control_has_a_label() {
    for (name, html) in rendered() {
        for kind in ["<input", "<select", "<textarea"] {
            for rest in html.split(kind).skip(1) {
                let tag = rest.split('>').next().unwrap();
                if tag.contains("type=\"hidden\"") || tag.contains("aria-label") {
                    continue;
                }
                let id = tag.split(" id=\"").nth(1).and_then(|rest| rest.split('"').next());
                let id = id.unwrap_or_else(|| panic!("{name}: `{kind}{tag}>` has no id"));
                assert!(html.contains(&format!("for=\"{id}\"")), "{name}: `{id}` has no label");
            }
        }
    }
}

#[test]
fn a_page_asks_only_for_files_that_exist() {
    for (name, html) in rendered() {
        for rest in html.split("\"/assets/").skip(1) {
            let url = rest.split('"').next().unwrap();
            let path = url.split_once('/').unwrap().1;
            assert!(assets::all().any(|asset| asset.path == path), "{name} asks for `{path}`");
        }
    }
}

#[test]
fn every_icon_used_is_drawn() {
    let drawn = include_str!("../../templates/parts/icons.html");
    for (name, html) in rendered() {
        for rest in html.split("href=\"#i-").skip(1) {
            let icon = rest.split('"').next().unwrap();
            assert!(drawn.contains(&format!("id=\"i-{icon}\"")), "{name} uses icon `{icon}`");
        }
    }
}

#[test]
fn a_client_sees_nothing_of_the_chamber() {
    for (name, html) in rendered() {
        if name.contains("portal") {
            for closed in ["/cases", "/search", "/assistant", "/admin", "/original"] {
                let link = format!("href=\"{closed}");
                assert!(!html.contains(&link), "{name} links to `{closed}`");
            }
        }
    }
}

#[test]
fn a_response_carries_the_policy_and_is_not_stored() {
    let response = render(axum::http::StatusCode::OK, &HomePage::sample());
    let headers = response.headers();
    assert_eq!(headers["content-security-policy"], POLICY);
    assert_eq!(headers["cache-control"], "no-store");
    assert!(!page::POLICY.contains("unsafe"));
}

/// Writes the samples and the assets out, to be looked at in a browser.
#[test]
#[ignore = "writes files; run it to look at the pages"]
fn write_the_samples_out() {
    let folder = std::env::temp_dir().join("munshi-pages");
    for asset in assets::all() {
        let path = folder.join(assets::url(asset.path).trim_start_matches('/'));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, asset.content).unwrap();
    }
    for (name, html) in rendered() {
        fs::write(folder.join(format!("{name}.html")), html).unwrap();
    }
    println!("{}", folder.display());
}
