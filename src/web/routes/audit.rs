//! The page of the record.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;

use super::viewer::Nothing;
use super::{Allowed, Failure, Form};
use crate::api::audit::days;
use crate::app::App;
use crate::audit::{Entry, Filter, GROUPS, words};
use crate::kernel::UserId;
use crate::kernel::permission::permit::ReadRecord;
use crate::web::Area;
use crate::web::audit::{RecordCheck, RecordPage, RecordRow, Typed};
use crate::web::page::Link;
use crate::web::parts::Choice;
use crate::web::show::{Moment, counted};

/// How many rows a page shows.
const ROWS: i64 = 50;

/// The filters as a form sends them: empty where nothing was chosen.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    user: String,
    action: String,
    case: String,
    document: String,
    address: String,
    from: String,
    to: String,
    before: Option<i64>,
}

impl Wanted {
    /// What of it can be understood. An id or a day that cannot be read fits nothing,
    /// rather than everything.
    fn filter(&self) -> Option<Filter> {
        let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let day = |text: &str| match given(text) {
            Some(text) => text.parse::<NaiveDate>().ok().map(Some),
            None => Some(None),
        };
        let (from, until) = days(day(&self.from)?, day(&self.to)?);
        Some(Filter {
            user: id(&self.user).ok()?,
            action: given(&self.action),
            case: id(&self.case).ok()?,
            document: id(&self.document).ok()?,
            address: given(&self.address),
            from,
            until,
            before: self.before,
            limit: ROWS,
        })
    }

    /// An address with these filters.
    fn address(&self, path: &str, before: Option<i64>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("user", &self.user),
            ("action", &self.action),
            ("case", &self.case),
            ("document", &self.document),
            ("address", &self.address),
            ("from", &self.from),
            ("to", &self.to),
        ] {
            if !value.trim().is_empty() {
                query.append_pair(name, value.trim());
            }
        }
        if let Some(before) = before {
            query.append_pair("before", &before.to_string());
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// An id as typed, or at the end of a pasted address; none where nothing was.
fn id<T: serde::de::DeserializeOwned>(text: &str) -> Result<Option<T>, serde_json::Error> {
    match text.trim() {
        "" => Ok(None),
        text => {
            let path = text.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
            let last = path.rsplit('/').next().unwrap_or_default();
            serde_json::from_value(Value::from(last)).map(Some)
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadRecord>,
    Query(wanted): Query<Wanted>,
) -> Result<RecordPage, Failure> {
    let scope = viewer.scope();
    let entries = match wanted.filter() {
        Some(filter) => app.audit.list(scope, &filter).await,
        None => Ok(Vec::new()),
    };
    let entries = entries.map_err(|error| viewer.failure(error))?;
    let checked = app.audit.last_check(scope).await.map_err(|error| viewer.failure(error))?;
    let users = app.auth.users(scope).await.map_err(|error| viewer.failure(error))?;
    let names: HashMap<UserId, String> =
        users.into_iter().map(|user| (user.id, user.name)).collect();
    let full = i64::try_from(entries.len()).is_ok_and(|count| count == ROWS);
    let last = entries.last().map(|entry| entry.number).filter(|_| full);
    let link = |label, path| Link::new(label, wanted.address(path, None));
    Ok(RecordPage {
        layout: viewer.layout("Record", Area::Record),
        people: people(&names, &wanted.user),
        actions: GROUPS
            .iter()
            .map(|(noun, label)| choice(noun, label, *noun == wanted.action))
            .collect(),
        rows: entries.into_iter().map(|entry| row(entry, &names)).collect(),
        older: last.map(|last| wanted.address("/admin/record", Some(last))),
        exports: [
            link("Download as CSV", "/api/v1/audit.csv"),
            link("Download as JSON", "/api/v1/audit.jsonl"),
        ],
        checked: checked.map(|checked| RecordCheck {
            at: Moment(checked.at),
            rows: counted(u64::try_from(checked.row_count).unwrap_or(0), "row", "rows"),
            finding: checked.finding,
        }),
        typed: Typed {
            case: wanted.case,
            document: wanted.document,
            address: wanted.address,
            from: wanted.from,
            to: wanted.to,
        },
    })
}

fn choice(value: &str, label: &str, chosen: bool) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), chosen }
}

fn people(names: &HashMap<UserId, String>, chosen: &str) -> Vec<Choice> {
    let mut people: Vec<Choice> = names
        .iter()
        .map(|(id, name)| {
            let id = id.to_string();
            choice(&id, name, id == chosen)
        })
        .collect();
    people.sort_by(|one, other| (&one.label, &one.value).cmp(&(&other.label, &other.value)));
    people
}

fn row(entry: Entry, names: &HashMap<UserId, String>) -> RecordRow {
    let Entry { number, at, user_id, action, details, address, request_id, .. } = entry;
    let who = match user_id {
        Some(id) => names.get(&id).cloned().unwrap_or_else(|| "Somebody".to_owned()),
        None => "Munshi".to_owned(),
    };
    let (mut about, mut rest) = (Vec::new(), Vec::new());
    for (name, value) in details.as_object().into_iter().flatten() {
        let value = match value {
            Value::Null => continue,
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        match name.as_str() {
            "case" => about.push(Link::new("the case", format!("/cases/{value}"))),
            "document" => about.push(Link::new("the document", format!("/documents/{value}"))),
            "changed" => {
                let fields = serde_json::from_str(&value).unwrap_or_default();
                rest.extend(changes(fields));
            }
            "user" | "member" => {
                let name = value.parse::<UserId>().ok().and_then(|id| names.get(&id).cloned());
                rest.push(("person".to_owned(), name.unwrap_or(value)));
            }
            name => rest.push((name.replace('_', " "), value)),
        }
    }
    RecordRow {
        number,
        at: Moment(at),
        who,
        what: words(&action),
        about,
        details: rest,
        address,
        request: request_id.map(|id| id.to_string()),
    }
}

/// What a change did to values, each as `before → after`.
fn changes(fields: serde_json::Map<String, Value>) -> impl Iterator<Item = (String, String)> {
    let words = |value: &Value| match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    };
    fields.into_iter().map(move |(field, change)| {
        let told = match (change.get("before"), change.get("after")) {
            (Some(before), Some(after)) => format!("{} → {}", words(before), words(after)),
            _ => "changed (what it was and is is not kept)".to_owned(),
        };
        (field.replace('_', " "), told)
    })
}

pub(super) async fn verify(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadRecord>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let verdict = app.audit.verify(viewer.scope().organisation(), None).await;
    verdict.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/admin/record").into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_fits_nothing() {
        let typed = |case: &str| Wanted { case: case.to_owned(), ..Wanted::default() };
        assert!(typed("").filter().is_some_and(|filter| filter.case.is_none()));
        assert!(typed("not an id").filter().is_none());
        let id = "01900000-0000-7000-8000-000000000001";
        assert!(typed(id).filter().is_some_and(|filter| filter.case.is_some()));
        let pasted = typed(&format!("https://munshi.example/cases/{id}?q=x#documents")).filter();
        assert_eq!(pasted.and_then(|filter| filter.case), typed(id).filter().unwrap().case);
    }

    #[test]
    fn changes_are_told_as_before_and_after() {
        let fields = serde_json::json!({
            "role": { "before": null, "after": "lead" }, "email": "withheld",
        });
        let Value::Object(fields) = fields else { panic!("an object") };
        let told: Vec<_> = changes(fields).map(|(_, told)| told).collect();
        assert!(told.contains(&"nothing → lead".to_owned()), "{told:?}");
        assert!(told.iter().any(|told| told.starts_with("changed")), "{told:?}");
    }

    #[test]
    fn the_filters_go_along_to_the_next_page() {
        let wanted = Wanted { action: "case".into(), ..Wanted::default() };
        assert_eq!(wanted.address("/x", Some(7)), "/x?action=case&before=7");
        assert_eq!(Wanted::default().address("/x", None), "/x");
    }
}
