//! Imports go down only, areas import only the areas named here, and only `auth`
//! grants scopes.

use std::fs;
use std::path::{Path, PathBuf};

/// Each module and the modules it may import besides `kernel`.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("db", &[]),
    ("audit", &["db", "vault"]),
    ("vault", &[]),
    ("outside", &[]),
    ("paper", &[]),
    ("outbox", &["db", "audit", "outside", "vault"]),
    ("auth", &["db", "audit", "outbox", "outside", "vault"]),
    ("events", &["db", "audit", "outside", "vault"]),
    ("notices", &["db", "audit", "outbox"]),
    ("jobs", &["db"]),
    ("usage", &["db", "audit", "outbox"]),
    ("walls", &["db", "audit"]),
    ("clients", &["db", "audit", "events"]),
    ("cases", &["db", "audit", "events"]),
    ("hearings", &["db", "audit", "events", "notices", "outbox", "cases"]),
    ("deadlines", &["db", "audit", "events", "notices", "cases"]),
    ("conflicts", &["db", "audit", "events", "notices", "cases", "clients"]),
    ("documents", &["db", "audit", "events", "jobs", "cases", "paper", "vault"]),
    ("fees", &["db", "audit", "events", "notices", "cases", "clients", "vault"]),
    ("messages", &["db", "audit", "events", "notices", "cases", "documents", "vault"]),
    ("vectors", &["db", "audit", "jobs", "usage", "documents", "outside"]),
    ("search", &["db", "audit", "jobs", "documents", "vectors"]),
    (
        "billing",
        &[
            "db", "audit", "vault", "events", "notices", "cases", "clients", "fees", "paper",
            "usage",
        ],
    ),
    (
        "assistant",
        &[
            "db",
            "audit",
            "auth",
            "usage",
            "clients",
            "cases",
            "documents",
            "hearings",
            "deadlines",
            "fees",
            "messages",
            "outside",
            "paper",
            "search",
            "billing",
        ],
    ),
    (
        "portal",
        &[
            "db",
            "audit",
            "events",
            "notices",
            "cases",
            "clients",
            "documents",
            "hearings",
            "billing",
            "deadlines",
            "messages",
            "paper",
        ],
    ),
    ("privacy", &["db", "audit", "jobs", "vault", "documents", "search", "vectors"]),
];

/// Modules above the areas: they may import everything but each other's insides.
const ABOVE: &[&str] = &["app", "config", "api", "web", "edge", "cli"];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every `crate::module` a text names, with its line.
fn imports(text: &str) -> Vec<(usize, String)> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let mut found = Vec::new();
    for (line, content) in code.lines().enumerate() {
        if content.trim_start().starts_with("//") {
            continue;
        }
        for part in content.split("crate::").skip(1) {
            let name: String =
                part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            found.push((line + 1, name));
        }
    }
    found
}

#[test]
fn imports_go_down_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let known: Vec<&str> =
        MAY_IMPORT.iter().map(|(name, _)| *name).chain(ABOVE.iter().copied()).collect();
    let mut broken = Vec::new();
    for (module, allowed) in MAY_IMPORT {
        let mut files = Vec::new();
        sources(&root.join(module), &mut files);
        assert!(!files.is_empty(), "src/{module} is empty");
        for file in files {
            for (line, name) in imports(&fs::read_to_string(&file).unwrap()) {
                let fine = name == *module
                    || name == "kernel"
                    || allowed.contains(&name.as_str())
                    || !known.contains(&name.as_str());
                if !fine {
                    broken.push(format!("{}:{line}: {module} imports {name}", file.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn only_auth_grants_scopes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    for file in files {
        let inside = file.strip_prefix(&root).unwrap();
        if inside.starts_with("auth") || inside == Path::new("kernel/scope.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let test_only = file.to_string_lossy().contains("tests");
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        assert!(
            test_only || !code.contains("Scope::granted"),
            "{} grants a scope; only `auth` may",
            file.display()
        );
    }
}

#[test]
fn each_engine_is_named_in_one_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let homes: &[(&str, &[&str])] = &[
        ("tantivy::", &["search"]),
        ("qdrant_client::", &["vectors"]),
        ("hayro", &["documents/reading"]),
        ("async_openai::", &["assistant/llm", "vectors/openai"]),
        ("faer::", &["vectors"]),
        ("sqlx::query", &["db"]),
        ("askama::", &["web", "notices"]),
        ("lettre::", &["outbox"]),
        ("harfrust::", &["paper"]),
        ("Client::builder", &["outside"]),
    ];
    let mut files = Vec::new();
    sources(&root, &mut files);
    for (engine, folders) in homes {
        for file in &files {
            let inside = file.strip_prefix(&root).unwrap();
            if folders.iter().any(|folder| inside.starts_with(folder)) {
                continue;
            }
            let text = fs::read_to_string(file).unwrap();
            let named = text
                .lines()
                .any(|line| !line.trim_start().starts_with("//") && line.contains(engine));
            assert!(!named, "{} names {engine}, which belongs in {folders:?}", file.display());
        }
    }
}
