//! The API, made readable: a page over the `OpenAPI` document.

use askama::Template;
use serde_json::Value;

use super::page::{Layout, pages};

/// The reference of the JSON API.
#[derive(Debug, Clone, Template)]
#[template(path = "api/docs.html")]
pub struct ApiDocsPage {
    /// The frame.
    pub layout: Layout,
    /// The API's title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// What it is.
    pub description: String,
    /// Where the document itself is.
    pub document: String,
    /// The operations, by subject.
    pub groups: Vec<OperationGroup>,
}

/// Operations on one subject.
#[derive(Debug, Clone)]
pub struct OperationGroup {
    /// The subject.
    pub tag: String,
    /// Its operations.
    pub operations: Vec<Operation>,
}

/// An operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The method, in capitals.
    pub method: String,
    /// The path.
    pub path: String,
    /// What it does, in a sentence.
    pub summary: String,
    /// More about it.
    pub description: String,
    /// What it takes.
    pub parameters: Vec<Parameter>,
    /// What its body is: a media type and a schema's name.
    pub body: Option<String>,
    /// What it answers.
    pub responses: Vec<Answer>,
}

/// A parameter of an operation.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it goes: `path`, `query`, `header`.
    pub place: String,
    /// Its type.
    pub kind: String,
    /// Whether it must be given.
    pub required: bool,
    /// What it means.
    pub description: String,
}

/// An answer of an operation.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status, or a class such as `4XX`.
    pub status: String,
    /// What it means.
    pub description: String,
    /// What its body is.
    pub body: Option<String>,
}

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

impl ApiDocsPage {
    /// Reads an `OpenAPI` document; what it leaves out stays empty.
    #[must_use]
    pub fn read(layout: Layout, document: String, openapi: &Value) -> Self {
        let info = &openapi["info"];
        Self {
            layout,
            title: text(&info["title"]),
            version: text(&info["version"]),
            description: text(&info["description"]),
            document,
            groups: groups(openapi),
        }
    }
}

/// The operations of a document, grouped by their first tag in order of appearance.
fn groups(openapi: &Value) -> Vec<OperationGroup> {
    let mut groups: Vec<OperationGroup> = Vec::new();
    for (path, item) in openapi["paths"].as_object().into_iter().flatten() {
        for (method, raw) in METHODS.iter().filter_map(|m| Some((m, item.get(*m)?))) {
            let tag = raw["tags"][0].as_str().unwrap_or("other");
            let operation = operation(method, path, raw);
            match groups.iter_mut().find(|group| group.tag == tag) {
                Some(group) => group.operations.push(operation),
                None => {
                    groups
                        .push(OperationGroup { tag: tag.to_owned(), operations: vec![operation] });
                }
            }
        }
    }
    groups
}

fn operation(method: &str, path: &str, raw: &Value) -> Operation {
    let responses = raw["responses"].as_object().into_iter().flatten();
    Operation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&raw["summary"]),
        description: text(&raw["description"]),
        parameters: raw["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
        body: body(&raw["requestBody"]),
        responses: responses
            .map(|(status, answer)| Answer {
                status: status.clone(),
                description: text(&answer["description"]),
                body: body(answer),
            })
            .collect(),
    }
}

fn parameter(raw: &Value) -> Parameter {
    Parameter {
        name: text(&raw["name"]),
        place: text(&raw["in"]),
        kind: schema(&raw["schema"]),
        required: raw["required"].as_bool().unwrap_or(false),
        description: text(&raw["description"]),
    }
}

/// The first body of a request or an answer: `CaseView (application/json)`.
fn body(raw: &Value) -> Option<String> {
    let (media, content) = raw["content"].as_object()?.iter().next()?;
    Some(format!("{} ({media})", schema(&content["schema"])))
}

/// A schema in a word: the name it refers to, or its type.
fn schema(raw: &Value) -> String {
    if let Some(name) = raw["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or(name).to_owned();
    }
    if raw["type"] == "array" {
        return format!("list of {}", schema(&raw["items"]));
    }
    match &raw["type"] {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => {
            let kinds: Vec<_> = kinds.iter().filter_map(Value::as_str).collect();
            kinds.join(" or ")
        }
        _ => String::from("object"),
    }
}

fn text(raw: &Value) -> String {
    raw.as_str().unwrap_or_default().to_owned()
}

pages!(ApiDocsPage);

#[cfg(test)]
mod samples {
    use serde_json::json;

    use super::super::page::Area;
    use super::*;
    use crate::kernel::Role;

    impl ApiDocsPage {
        pub(crate) fn sample() -> Self {
            let problem = json!({ "description": "What went wrong", "content": {
                "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } });
            let case = json!({ "name": "id", "in": "path", "required": true,
                "schema": { "type": "string" }, "description": "The case" });
            let openapi = json!({
                "info": { "title": "Munshi", "version": "1", "description": "Cases, documents, search and answers." },
                "paths": {
                    "/api/v1/cases": { "get": { "tags": ["cases"], "summary": "List the cases open to you",
                        "parameters": [{ "name": "after", "in": "query", "schema": { "type": ["string", "null"] } }],
                        "responses": { "200": { "description": "The cases", "content": { "application/json": {
                            "schema": { "type": "array", "items": { "$ref": "#/components/schemas/CaseView" } } } } } } } },
                    "/api/v1/cases/{id}/documents": { "post": { "tags": ["documents"],
                        "summary": "Upload a document", "parameters": [case],
                        "requestBody": { "content": { "multipart/form-data": { "schema": { "type": "object" } } } },
                        "responses": { "202": { "description": "Taken; reading has begun" }, "4XX": problem } } },
                },
            });
            let layout = Layout::sample("API", Area::ApiDocs, Role::Advocate);
            Self::read(layout, String::from("/api/v1/openapi.json"), &openapi)
        }
    }

    #[test]
    fn a_document_is_read_by_subject() {
        let page = ApiDocsPage::sample();
        let tags: Vec<_> = page.groups.iter().map(|group| group.tag.as_str()).collect();
        assert_eq!(tags, ["cases", "documents"]);
        let list = &page.groups[0].operations[0];
        assert_eq!(list.responses[0].body.as_deref(), Some("list of CaseView (application/json)"));
        assert_eq!(list.parameters[0].kind, "string or null");
    }
}
