//! The register of cases, on a page and as CSV.

use std::fmt::Write;

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Allowed, Failure, Viewer, case_row};
use crate::app::App;
use crate::cases::{CaseField, CaseQuery, FieldKind, Order, RegisterRow};
use crate::kernel::csv::quoted;
use crate::kernel::permission::permit::ReadCases;
use crate::kernel::{CaseId, Role};
use crate::web::Area;
use crate::web::cases::{CaseRow, CasesPage, RegisterSelect};
use crate::web::parts::Choice;
use crate::web::show::Day;

/// How many cases a page shows.
const PAGE: u32 = 50;

/// What the register is narrowed to, as the form sends it.
#[derive(Clone, Default, Deserialize, Serialize)]
pub(super) struct Narrowed {
    #[serde(default)]
    q: String,
    #[serde(default)]
    court: String,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    tag: String,
    #[serde(default)]
    member: String,
    #[serde(default)]
    field: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    sort: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<CaseId>,
}

impl Narrowed {
    fn query(&self, limit: u32) -> CaseQuery {
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let sorts = Order::ALL.iter().find(|(_, key, _)| *key == self.sort);
        CaseQuery {
            words: self.q.clone(),
            court: filled(&self.court),
            stage: filled(&self.stage),
            status: filled(&self.status),
            tag: filled(&self.tag),
            member: self.member.parse().ok(),
            client: None,
            field: self.field.parse().ok().zip(filled(&self.value)),
            order: sorts.map_or_else(Order::default, |(order, ..)| *order),
            after: self.after,
            limit,
        }
    }

    fn narrows(&self) -> bool {
        let Self { court, stage, status, tag, member, value, .. } = self;
        [court, stage, status, tag, member, value].into_iter().any(|text| !text.trim().is_empty())
    }

    /// The address of the same list, from another case on.
    fn address(&self, path: &str, after: Option<CaseId>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let Self { q, court, stage, status, tag, member, field, value, sort, after: _ } = self;
        for (name, text) in [
            ("q", q),
            ("court", court),
            ("stage", stage),
            ("status", status),
            ("tag", tag),
            ("member", member),
            ("field", field),
            ("value", value),
            ("sort", sort),
        ] {
            if !text.is_empty() {
                query.append_pair(name, text);
            }
        }
        if let Some(after) = after {
            query.append_pair("after", &after.to_string());
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// A case of the register, as a row.
fn row(found: RegisterRow) -> CaseRow {
    let RegisterRow { case, stage, next_on, tags } = found;
    CaseRow { stage, next: next_on.map(Day), tags, ..case_row(case) }
}

pub(super) async fn list(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Query(asked): Query<Narrowed>,
) -> Result<CasesPage, Failure> {
    let found = app.cases.register(viewer.scope(), &asked.query(PAGE)).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    let fields = app.cases.fields(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
    let fields: Vec<CaseField> =
        fields.into_iter().filter(|field| field.archived_at.is_none()).collect();
    let selects = selects(&app, &viewer, &asked, &fields).await?;
    Ok(CasesPage {
        layout: viewer.layout("Cases", Area::Cases),
        filter: asked.q.clone(),
        narrowed: asked.narrows() || !asked.q.trim().is_empty(),
        narrows: asked.narrows() || !asked.sort.is_empty(),
        selects,
        has_fields: !fields.is_empty(),
        value: asked.value.clone(),
        total: found.total,
        csv: asked.address("/cases/register.csv", None),
        cases: found.rows.into_iter().map(row).collect(),
        next: found.next.map(|after| asked.address("/cases", Some(after))),
    })
}

fn choice(value: &str, label: &str, chosen: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), chosen: value == chosen }
}

async fn selects(
    app: &App,
    viewer: &Viewer,
    asked: &Narrowed,
    fields: &[CaseField],
) -> Result<Vec<RegisterSelect>, Failure> {
    let known = app.cases.register_choices(viewer.scope()).await;
    let known = known.map_err(|error| viewer.failure(error))?;
    let users = app.auth.users(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
    let people: Vec<Choice> = users
        .iter()
        .filter(|user| user.active && matches!(user.role, Role::Advocate | Role::Staff))
        .map(|user| choice(&user.id.to_string(), &user.name, &asked.member))
        .collect();
    let words = |words: Vec<String>, chosen: &str| {
        words.iter().map(|word| choice(word, word, chosen)).collect::<Vec<_>>()
    };
    let select = |name, label, blank, choices| RegisterSelect { name, label, blank, choices };
    let statuses =
        vec![choice("open", "Open", &asked.status), choice("closed", "Closed", &asked.status)];
    let sort = if asked.sort.is_empty() { "last_touched" } else { &asked.sort };
    let orders = Order::ALL.iter().map(|(_, key, label)| choice(key, label, sort)).collect();
    let mut selects = vec![
        select("status", "Open or closed", "Both", statuses),
        select("court", "Court", "Every court", words(known.courts, &asked.court)),
        select("stage", "Stage", "Every stage", words(known.stages, &asked.stage)),
        select("tag", "Tag", "Every tag", words(known.tags, &asked.tag)),
        select("member", "Who works on it", "Everybody", people),
        select("sort", "Sorted by", "", orders),
    ];
    if !fields.is_empty() {
        let fields = fields
            .iter()
            .map(|field| {
                let hint = if field.kind == FieldKind::YesNo { " (yes or no)" } else { "" };
                let label = format!("{}{hint}", field.name);
                choice(&field.id.to_string(), &label, &asked.field)
            })
            .collect();
        selects.push(select("field", "A field of the chamber", "None", fields));
    }
    Ok(selects)
}

/// The whole list as it is narrowed, as CSV.
pub(super) async fn csv(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Query(asked): Query<Narrowed>,
) -> Result<Response, Failure> {
    let fail = |error: crate::cases::CaseError| viewer.failure(error);
    let mut text = String::from(
        "Title,Case number,Court,CNR,Client,Stage,Next date,Status,Opened on,Tags\r\n",
    );
    let mut asked = CaseQuery { after: None, ..asked.query(200) };
    let mut count = 0;
    loop {
        let found = app.cases.register(viewer.scope(), &asked).await.map_err(fail)?;
        count += found.rows.len();
        for row in found.rows {
            let RegisterRow { case, stage, next_on, tags } = row;
            let cells = [
                case.title,
                case.number.unwrap_or_default(),
                case.court.unwrap_or_default(),
                case.cnr.unwrap_or_default(),
                case.client_name.unwrap_or_default(),
                stage.unwrap_or_default(),
                next_on.map(|day| day.to_string()).unwrap_or_default(),
                case.status,
                case.opened_on,
                tags.join(", "),
            ];
            let line: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            let _ = write!(text, "{}\r\n", line.join(","));
        }
        match found.next {
            Some(after) => asked.after = Some(after),
            None => break,
        }
    }
    let recorded =
        app.audit.viewed(viewer.scope(), "case.register.export", json!({ "rows": count }));
    recorded.await.map_err(|error| viewer.failure(error))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"cases.csv\""),
    ];
    Ok((headers, text).into_response())
}
