//! Every operation of the OpenAPI document and every page route, as well-formed
//! requests about a prepared case.

use std::collections::BTreeSet;
use std::path::Path;

use axum::http::Method;
use munshi::kernel::{Clock, SystemClock, day_in_india};
use regex::Regex;
use serde_json::{Value, json};

use super::Ids;
use super::forms::form_of;

pub(super) const NOTHING: &str = "01900000-0000-7000-8000-00000000dead";

/// A way to call the service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Route {
    pub(crate) page: bool,
    pub(crate) path: String,
    pub(crate) method: String,
}

/// A request for it.
pub(crate) struct Ready {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) body: Option<(String, Vec<u8>)>,
}

impl Route {
    pub(crate) fn changes(&self) -> bool {
        self.method != "GET"
    }

    /// Whether its path names a thing; a role is none, everybody has the same.
    pub(crate) fn takes_an_id(&self) -> bool {
        self.path.contains('{') && !self.path.contains("{role}") && !self.path.contains("{rule}")
    }
}

fn document() -> Value {
    serde_json::to_value(munshi::api::openapi()).unwrap()
}

/// Every operation of the OpenAPI document.
pub(crate) fn operations() -> BTreeSet<Route> {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys();
        methods.map(|method| Route {
            page: false,
            path: path.clone(),
            method: method.to_uppercase(),
        })
    });
    operations.collect()
}

/// Every route of the pages, read from where they are put together.
pub(crate) fn pages() -> BTreeSet<Route> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    let mut files = vec![folder.join("assets.rs")];
    let mut folders = vec![folder.join("routes")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    let route = Regex::new(r#"\.route\(\s*"([^"]+)",\s*([^;]*?)\)\s*(?:\.route|\.layer|\.merge|\.nest|\.fallback|;|\n\})"#).unwrap();
    let verb = Regex::new(r"\b(get|post|put|delete)\(").unwrap();
    let mut routes = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        // Each route ends where the next one begins.
        for piece in text.split(".route(").skip(1) {
            let piece = format!(".route({}\n}}", piece.split("\n}").next().unwrap());
            let Some(found) = route.captures(&piece) else {
                panic!("a route that cannot be read: {piece}");
            };
            for verb in verb.captures_iter(&found[2]) {
                let (path, method) = (found[1].to_owned(), verb[1].to_uppercase());
                routes.insert(Route { page: true, path, method });
            }
        }
    }
    routes
}

/// What stands for a part of a path.
fn part(path: &str, name: &str, ids: &Ids) -> String {
    let before = path.split(&format!("{{{name}}}")).next().unwrap();
    let noun = before.trim_end_matches('/').rsplit('/').next().unwrap();
    let id = match noun {
        "cases" => &ids.case,
        "documents" => &ids.document,
        // Staff is in the case, the spare person in the group.
        "members" if path.contains("/cases/") => &ids.staff,
        "members" | "users" => &ids.spare,
        "messages" if path.contains("/portal/messages") => &ids.case,
        "messages" => &ids.message,
        "conversations" | "assistant" => &ids.conversation,
        "saved-searches" | "saved" => &ids.saved,
        "golden" => &ids.golden,
        "jobs" => &ids.job,
        "walls" => &ids.wall,
        "groups" => &ids.group,
        "clients" => &ids.client,
        "preview" => return "client".to_owned(),
        "client" => &ids.things["leaving"],
        "versions" | "pages" | "models" => return "1".to_owned(),
        "devices" => &ids.things["sessions"],
        "sign-in" | "factor-rules" => return "staff".to_owned(),
        "rules" => return "slp".to_owned(),
        "deliveries" if !path.contains("/webhooks/") => &ids.things["sent-files"],
        // Nothing of another kind is there.
        other => return ids.things.get(other).map_or_else(|| NOTHING.to_owned(), String::clone),
    };
    id.clone()
}

/// What a parameter of the query, or a field of a body, is filled with.
fn named(name: &str, schema: &Value, ids: &Ids) -> Option<Value> {
    let id = |id: &str| Some(json!(id));
    match name {
        "case" | "case_id" => id(&ids.case),
        "user" | "user_id" => id(&ids.spare),
        "document" | "document_id" => id(&ids.document),
        "client" | "client_id" => id(&ids.client),
        "passage" => id(&ids.passage),
        "agreed_fee_id" => id(&ids.things["agreed-fees"]),
        "wording_id" => id(&ids.things["wordings"]),
        "required" => Some(json!(false)),
        "authority" => id("(2019) 4 SCC 1"),
        "q" | "question" => id("Jaipur"),
        "email" => id("new@example.in"),
        "against" => Some(json!(1)),
        "rule" => id("slp"),
        "hash" => id(&munshi::deadlines::limitation::rule("slp").unwrap().hash()),
        "kind" if schema["enum"].is_null() && schema["$ref"].is_null() => id("section"),
        _ => None,
    }
}

/// A value that fits a schema, with what is needed and nothing else.
fn value(document: &Value, schema: &Value, name: &str, ids: &Ids) -> Value {
    if let Some(known) = named(name, schema, ids) {
        return known;
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let target = reference.trim_start_matches('#');
        return value(document, document.pointer(target).unwrap(), name, ids);
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema[choice].as_array() {
            let real = choices.iter().find(|one| one["type"] != "null").unwrap();
            return value(document, real, name, ids);
        }
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds[0].as_str().unwrap_or("null").to_owned(),
        kind => kind.as_str().unwrap_or("object").to_owned(),
    };
    match (kind.as_str(), schema["format"].as_str()) {
        ("string", Some("uuid")) => json!(NOTHING),
        ("string", Some("date")) => json!("2026-12-31"),
        ("string", Some("date-time")) => json!("2126-12-31T00:00:00Z"),
        ("string", _) => json!("well formed words"),
        ("integer" | "number", _) => json!(1),
        ("boolean", _) => json!(true),
        ("array", _) => json!([value(document, &schema["items"], "", ids)]),
        _ => {
            let needed = schema["required"].as_array().cloned().unwrap_or_default();
            let field = |name: &Value| {
                let name = name.as_str().unwrap();
                (name.to_owned(), value(document, &schema["properties"][name], name, ids))
            };
            let mut body: serde_json::Map<String, Value> = needed.iter().map(field).collect();
            overrides(&mut body, schema, ids);
            Value::Object(body)
        }
    }
}

/// Fields that are not needed by the schema and are by the sense of it.
fn overrides(body: &mut serde_json::Map<String, Value>, schema: &Value, ids: &Ids) {
    let has = |name: &str| schema["properties"][name].is_object();
    if has("english") && has("hindi") {
        body.insert("english".into(), json!("The court heard the case."));
    }
    if has("group_id") && has("client_id") {
        body.insert("user_id".into(), json!(ids.spare));
        body.insert("case_id".into(), json!(ids.case));
    }
    if has("question") && has("expected") {
        body.insert("expected".into(), json!([{ "document": ids.document }]));
        body.insert("case".into(), json!(ids.case));
    }
    if has("kind") && has("id") {
        body.insert("kind".into(), json!("client"));
        body.insert("id".into(), json!(ids.things["leaving"]));
        body.insert("name".into(), json!("Leaving"));
    }
    if has("case_id") && has("client_id") && has("reason") && !has("user_id") {
        body.insert("case_id".into(), json!(ids.case));
    }
    if has("question") && has("conversation_id") {
        body.insert("case_id".into(), json!(ids.case));
    }
    if has("parent_id") && has("kind") {
        body.insert("parent_id".into(), json!(ids.things["links"]));
    }
    if has("hard_paise") && has("span") {
        body.insert("hard_paise".into(), json!(900_000_000));
    }
    if has("url") && has("kinds") {
        body.insert("url".into(), json!("https://hooks.example.in/munshi"));
        body.insert("kinds".into(), json!(["case.created"]));
    }
    if has("digest_at") {
        body.insert("digest_at".into(), json!("08:00"));
    }
    if has("since") && !has("until") {
        body.insert("since".into(), json!(day_in_india(SystemClock.now())));
    }
    if has("password") && has("role") {
        body.insert("role".into(), json!("staff"));
        body.remove("client_id");
    }
    if has("model") && has("basis_points") {
        body.insert("amount".into(), json!(100_000));
    }
    if has("names") && has("with_counsel") {
        body.insert("names".into(), json!([{ "name": "Nobody Known", "ours": true }]));
    }
    if has("revision") && has("details") {
        body.insert("revision".into(), json!(1));
    }
    if has("supplier_kind") && has("prefix") {
        body.insert("state_code".into(), json!("07"));
        body.insert("prefix".into(), json!("MR"));
    }
    if has("all_charges") && has("case_id") {
        body.insert("case_id".into(), json!(ids.case));
    }
    if has("quarter") && has("year") {
        body.insert("year".into(), json!("2026-27"));
    }
    if has("search") && has("name") {
        body.insert("search".into(), json!("q=Jaipur"));
    }
}

pub(super) const BOUNDARY: &str = "multipart/form-data; boundary=XX";

pub(super) fn file(csrf: Option<&str>) -> Vec<u8> {
    let token = csrf.map(|token| {
        format!("--XX\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n")
    });
    format!(
        "{}--XX\r\ncontent-disposition: form-data; name=\"file\"; filename=\"n.txt\"\r\n\r\nJaipur\r\n--XX--\r\n",
        token.unwrap_or_default()
    )
    .into_bytes()
}

/// A client's file for a case.
pub(super) fn delivery(csrf: Option<&str>, case: &str) -> Vec<u8> {
    let part = |name: &str, value: &str| {
        format!("--XX\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let token = csrf.map(|token| part("csrf", token)).unwrap_or_default();
    let (case, case_id) = (part("case", case), part("case_id", case));
    let mut body = format!("{token}{case}{case_id}").into_bytes();
    body.extend(file(None));
    body
}

/// A well-formed request for a route about these things.
pub(crate) fn ready(route: &Route, ids: &Ids, csrf: &str) -> Ready {
    let mut path = route.path.clone();
    while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
        let name = path[from + 1..to].trim_start_matches('*').to_owned();
        let value = part(&path, &path[from + 1..to], ids);
        let value = if name == "path" || name == "file" { "nothing.css".to_owned() } else { value };
        path.replace_range(from..=to, &value);
    }
    let method: Method = route.method.parse().unwrap();
    if route.page {
        let body = route.changes().then(|| form_of(route, csrf, ids));
        let query = match route.path.as_str() {
            "/money/download" => "?report=ageing&format=csv".to_owned(),
            "/access" => format!("?case={}&user={}", ids.case, ids.spare),
            "/search" | "/cases/{id}/search" => "?q=Jaipur".to_owned(),
            "/search/similar" => format!("?passage={}", ids.passage),
            "/search/citing" => "?authority=AIR+1973+SC+1461".to_owned(),
            "/admin/privacy/erase" => format!("?subject=client:{}", ids.things["leaving"]),
            "/documents/{id}/changes" => "?from=1&to=1".to_owned(),
            _ => String::new(),
        };
        return Ready { method, path: format!("{path}{query}"), body };
    }
    let document = document();
    let operation = &document["paths"][&route.path][route.method.to_lowercase()];
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        let about_a_case = matches!(name, "case") || (name == "q" && path.ends_with("/search"));
        if parameter["in"] == "query" && (parameter["required"] == true || about_a_case) {
            let value = value(&document, &parameter["schema"], name, ids);
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            query.append_pair(name, &text);
        }
    }
    if route.path == "/api/v1/groups/{id}/members/{user_id}" && route.method == "DELETE" {
        query.append_pair("reason", "well considered");
    }
    let query = query.finish();
    let path = if query.is_empty() { path } else { format!("{path}?{query}") };
    let content = operation["requestBody"]["content"].as_object();
    let body = content.and_then(|content| content.iter().next()).map(|(kind, content)| {
        if route.path == "/api/v1/portal/deliveries" {
            (BOUNDARY.to_owned(), delivery(None, &ids.case))
        } else if kind == "multipart/form-data" {
            (BOUNDARY.to_owned(), file(None))
        } else if kind == "application/jsonl" {
            let line = json!({
                "question": "Jaipur?", "expected": [{ "document": ids.document }],
            });
            (kind.clone(), line.to_string().into_bytes())
        } else {
            let body = value(&document, &content["schema"], "", ids);
            (kind.clone(), body.to_string().into_bytes())
        }
    });
    Ready { method, path, body }
}
