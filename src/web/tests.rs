//! Every page is rendered from its samples and held to the rules all pages keep.

use std::fs;

use super::home::HomePage;
use super::page::{POLICY, render};
use super::samples::rendered;
use super::{assets, page};

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
        let lang = if name.ends_with("-hindi") { "hi" } else { "en" };
        assert!(html.contains(&format!("<html lang=\"{lang}\"")), "{name}");
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
