//! Settings: defaults, mistakes, secrets.

use super::*;

#[test]
fn the_reference_file_is_the_defaults() {
    let config = Config::from_toml("").unwrap();
    assert!(config.jobs.run);
    assert_eq!(config.database_address(), "sqlite:data/munshi.db");
}

#[test]
fn a_typo_is_an_error() {
    let error = Config::from_toml("[http]\nlisen = \"127.0.0.1:1\"").unwrap_err();
    assert!(error.to_string().contains("lisen"), "{error}");
}

#[test]
fn every_mistake_is_reported_at_once() {
    let error = Config::from_toml("[jobs]\nworkers = 0\n[llm]\nbase_url = \"x\"").unwrap_err();
    let text = error.to_string();
    assert!(text.contains("jobs.workers") && text.contains("llm.model"), "{text}");
}

#[test]
fn the_masked_settings_parse_and_show_no_secret() {
    let text = "[llm]\nbase_url = \"https://host/v1\"\nmodel = \"m\"\napi_key = \"sk-1\"";
    let masked = Config::from_toml(text).unwrap().masked();
    assert!(!masked.contains("sk-1"));
    Config::from_toml(&masked).unwrap();
}

#[test]
fn candidates_are_shown_without_their_keys() {
    let text = "[[embeddings.candidates]]\nname = \"large\"\nbase_url = \"https://host/v1\"\nmodel = \"m\"\ndimensions = 8\napi_key = \"sk-2\"";
    let masked = Config::from_toml(text).unwrap().masked();
    assert!(masked.contains("name = \"large\"") && !masked.contains("sk-2"), "{masked}");
    assert_eq!(Config::from_toml(&masked).unwrap().embeddings.candidates.len(), 1);
}

#[test]
fn a_candidate_without_an_address_is_a_mistake() {
    let text =
        "[[embeddings.candidates]]\nname = \"a\"\nbase_url = \"\"\nmodel = \"m\"\ndimensions = 8";
    let error = Config::from_toml(text).unwrap_err().to_string();
    assert!(error.contains("embeddings.candidates"), "{error}");
}
