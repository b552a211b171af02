//! The form with what is known of a case, and its links to others.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{Allowed, Failure, Form, Viewer, on_the_form, sentence};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::cases::{
    COURT_LEVELS, CaseError, CaseField, CaseFile, CaseNumber, CaseQuery, FieldKind, FieldValue,
    LinkKind, NumberKind,
};
use crate::kernel::CaseId;
use crate::kernel::permission::permit::WorkOnCases;
use crate::web::Area;
use crate::web::cases::{CaseTab, EditPage, Line, NumberLine, OwnField};
use crate::web::page::render;
use crate::web::parts::{Choice, Field};

/// How many numbers more than it has a form offers.
const MORE_NUMBERS: usize = 2;

/// The fields of one line: the heading, what the form sends, the label, the hint.
const LINES: &[(&str, &str, &str, &str)] = &[
    ("The case", "title", "Title", "As you speak of it: Sharma Textiles v. Union of India"),
    ("The case", "stage", "Stage", "Evidence, arguments, orders reserved."),
    ("The case", "opened_on", "Opened on", ""),
    ("The court", "court", "Court or tribunal", ""),
    ("The court", "court_seat", "Seat or bench of the court", "As in Nagpur Bench."),
    ("The court", "establishment", "Establishment on eCourts", ""),
    ("The court", "cnr", "CNR", "16 characters, if there is one."),
    ("The court", "bench", "Bench", "Single, Division or Full Bench."),
    ("The court", "judges", "Judges", ""),
    ("The court", "court_hall", "Court hall", ""),
    ("First information report", "fir_number", "FIR number", ""),
    ("First information report", "fir_year", "Year", ""),
    ("First information report", "police_station", "Police station", ""),
    ("First information report", "district", "District", ""),
    ("First information report", "fir_sections", "Sections", ""),
    ("First information report", "offence_on", "Day of the offence", ""),
];

/// What a form says, by the names of its fields.
type Sent = BTreeMap<String, String>;

/// A file as the form says it.
fn said(file: &CaseFile) -> Sent {
    let mut sent = Sent::new();
    let optional = [
        ("stage", &file.stage),
        ("court", &file.court),
        ("court_level", &file.court_level),
        ("court_seat", &file.court_seat),
        ("establishment", &file.establishment),
        ("cnr", &file.cnr),
        ("bench", &file.bench),
        ("judges", &file.judges),
        ("court_hall", &file.court_hall),
        ("fir_number", &file.fir_number),
        ("fir_year", &file.fir_year),
        ("police_station", &file.police_station),
        ("district", &file.district),
        ("fir_sections", &file.fir_sections),
        ("acts", &file.acts),
        ("summary", &file.summary),
    ];
    for (name, value) in optional {
        sent.insert(name.to_owned(), value.clone().unwrap_or_default());
    }
    sent.insert("title".to_owned(), file.title.clone());
    sent.insert("opened_on".to_owned(), file.opened_on.to_string());
    let offence = file.offence_on.map(|day| day.to_string());
    sent.insert("offence_on".to_owned(), offence.unwrap_or_default());
    let client = file.client_id.map(|id| id.to_string());
    sent.insert("client".to_owned(), client.unwrap_or_default());
    for (at, one) in file.numbers.iter().enumerate() {
        sent.insert(format!("number_{at}"), one.number.clone());
        sent.insert(format!("number_kind_{at}"), one.kind.as_str().to_owned());
    }
    for value in &file.fields {
        sent.insert(format!("field_{}", value.field_id), value.value.clone());
    }
    sent
}

/// What a form says, as a file.
fn read(sent: &Sent, before: &CaseFile, fields: &[CaseField]) -> Result<CaseFile, CaseError> {
    let text = |name: &str| sent.get(name).cloned();
    let day = |name: &'static str| {
        let written = sent.get(name).map(|text| text.trim()).unwrap_or_default();
        let words = || String::from("write the day as 2026-12-31");
        match written {
            "" => Ok(None),
            day => {
                day.parse().map(Some).map_err(|_| CaseError::Wrong { field: name, words: words() })
            }
        }
    };
    let mut numbers = Vec::new();
    for at in 0..60 {
        let Some(number) = text(&format!("number_{at}")) else { break };
        let kind = text(&format!("number_kind_{at}")).and_then(|kind| kind.parse().ok());
        numbers.push(CaseNumber { number, kind: kind.unwrap_or(NumberKind::Own) });
    }
    let client_id = match sent.get("client") {
        Some(id) => id.parse().ok(),
        None => before.client_id,
    };
    Ok(CaseFile {
        title: text("title").unwrap_or_default(),
        client_id,
        numbers,
        court: text("court"),
        court_level: text("court_level"),
        court_seat: text("court_seat"),
        establishment: text("establishment"),
        cnr: text("cnr"),
        stage: text("stage"),
        bench: text("bench"),
        judges: text("judges"),
        court_hall: text("court_hall"),
        fir_number: text("fir_number"),
        fir_year: text("fir_year"),
        police_station: text("police_station"),
        district: text("district"),
        fir_sections: text("fir_sections"),
        offence_on: day("offence_on")?,
        acts: text("acts"),
        summary: text("summary"),
        opened_on: day("opened_on")?.unwrap_or(before.opened_on),
        fields: fields.iter().map(|field| said_in(sent, field)).collect(),
    })
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<CaseId>,
) -> Result<EditPage, Failure> {
    let fail = |error: CaseError| viewer.failure(error);
    app.cases.to_be_changed(viewer.scope(), id).await.map_err(fail)?;
    let at = app.cases.file(viewer.scope(), id).await.map_err(fail)?;
    let mut sent = said(&at.file);
    let tags = app.cases.tags(viewer.scope(), id).await.map_err(fail)?;
    sent.insert("tags".to_owned(), tags.join(", "));
    let fields = live_fields(&app, &viewer).await?;
    let empty = at.file.empty_fields(&fields);
    let empty = empty.iter().map(|name| format!("Nothing is said yet under “{name}”."));
    let warnings = at.warnings.into_iter().chain(empty).collect();
    let page = page(&app, &viewer, id, (&sent, at.revision), None).await?;
    Ok(EditPage { warnings, ..page })
}

pub(super) async fn change(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<CaseId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    let fail = |error: CaseError| viewer.failure(error);
    let scope = viewer.scope();
    app.cases.to_be_changed(scope, id).await.map_err(fail)?;
    let now = app.cases.file(scope, id).await.map_err(fail)?;
    let revision = sent.get("revision").and_then(|text| text.parse().ok()).unwrap_or(now.revision);
    let fields = live_fields(&app, &viewer).await?;
    let changed = match read(&sent, &now.file, &fields) {
        Ok(file) => app.cases.change_file(scope, id, revision, file).await.map(drop),
        Err(error) => Err(error),
    };
    let changed = match changed {
        Ok(()) => {
            let tags = sent.get("tags").map(|text| text.split(',').map(str::to_owned).collect());
            app.cases.set_tags(scope, id, tags.unwrap_or_default()).await
        }
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Ok(Redirect::to(&format!("/cases/{id}")).into_response()),
        Err(error) if on_the_form(&error) => {
            let now = app.cases.file(scope, id).await.map_err(fail)?;
            let mut page = page(&app, &viewer, id, (&sent, now.revision), Some(&error)).await?;
            if matches!(error, CaseError::Stale) {
                page.clashes = clashes(&sent, &said(&now.file));
            }
            let status = if page.clashes.is_empty() {
                StatusCode::UNPROCESSABLE_ENTITY
            } else {
                StatusCode::CONFLICT
            };
            Ok(render(status, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

/// The values that a stale form says otherwise than they stand now.
fn clashes(sent: &Sent, now: &Sent) -> Vec<(&'static str, String, String)> {
    let more =
        [("acts", "Acts and sections"), ("summary", "What it is about"), ("client", "Client")];
    let lines = LINES.iter().map(|(_, name, label, _)| (*name, *label)).chain(more);
    let clash = |(name, label): (&'static str, &'static str)| {
        let (yours, theirs) = (sent.get(name)?.trim(), now.get(name)?.trim());
        (yours != theirs).then(|| (label, yours.to_owned(), theirs.to_owned()))
    };
    lines.filter_map(clash).collect()
}

/// What a form says in a field of the chamber's own.
pub(super) fn said_in(sent: &Sent, field: &CaseField) -> FieldValue {
    let value = sent.get(&format!("field_{}", field.id)).cloned().unwrap_or_default();
    FieldValue { field_id: field.id, value }
}

/// The chamber's own fields that are in use.
pub(super) async fn live_fields(app: &App, viewer: &Viewer) -> Result<Vec<CaseField>, Failure> {
    let fields = app.cases.fields(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
    Ok(fields.into_iter().filter(|field| field.archived_at.is_none()).collect())
}

fn choices<'a>(all: impl IntoIterator<Item = (&'a str, &'a str)>, chosen: &str) -> Vec<Choice> {
    let choice = |(value, label): (&str, &str)| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen: value == chosen,
    };
    all.into_iter().map(choice).collect()
}

/// The page with a form as it is filled in.
async fn page(
    app: &App,
    viewer: &Viewer,
    id: CaseId,
    (sent, revision): (&Sent, i64),
    refused: Option<&CaseError>,
) -> Result<EditPage, Failure> {
    let text = |name: &str| sent.get(name).cloned().unwrap_or_default();
    let wrong = match refused {
        Some(CaseError::Wrong { field, words }) => Some((*field, sentence(words))),
        Some(CaseError::NoTitle) => Some(("title", String::from("Give the case a title."))),
        _ => None,
    };
    let field = |name: &str| match &wrong {
        Some((wrong, words)) if *wrong == name => Field::refused(text(name), words.clone()),
        _ => Field::of(text(name)),
    };
    let mut groups: Vec<(&'static str, Vec<Line>)> = Vec::new();
    for (title, name, label, hint) in LINES {
        let kind = if name.ends_with("_on") { "date" } else { "text" };
        let courts = *name == "court";
        let line = Line { name, label, kind, field: field(name), hint, courts };
        match groups.last_mut() {
            Some((last, lines)) if last == title => lines.push(line),
            _ => groups.push((title, vec![line])),
        }
    }
    let kinds = |chosen: &str| {
        choices(NumberKind::ALL.iter().map(|kind| (kind.as_str(), kind.words())), chosen)
    };
    let known = (0..60).take_while(|at| sent.contains_key(&format!("number_{at}"))).count();
    let numbers = (0..known + MORE_NUMBERS).map(|at| NumberLine {
        number: text(&format!("number_{at}")),
        kinds: kinds(&text(&format!("number_kind_{at}"))),
    });
    let mut clients = Vec::new();
    if viewer.scope().leads(id) {
        let all = app.clients.list(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
        let chosen = text("client");
        clients = all
            .into_iter()
            .map(|client| {
                let value = client.id.to_string();
                Choice { chosen: value == chosen, value, label: client.name }
            })
            .collect();
    }
    let fields = live_fields(app, viewer).await?;
    let courts = app.cases.register_choices(viewer.scope()).await;
    let courts = courts.map_err(|error| viewer.failure(error))?.courts;
    Ok(EditPage {
        layout: viewer.layout("Edit the case", Area::Cases),
        tabs: viewer.case_tabs(app, id, CaseTab::Overview).await?,
        revision,
        problem: refused.map(|error| sentence(&error.to_string())),
        clashes: Vec::new(),
        warnings: Vec::new(),
        groups,
        numbers: numbers.collect(),
        levels: choices(COURT_LEVELS, &text("court_level")),
        clients,
        acts: field("acts"),
        summary: field("summary"),
        fields: fields.into_iter().map(|own| own_field(own, sent, refused)).collect(),
        courts: super::courts::suggested(courts),
        tags: field("tags"),
    })
}

/// A field of the chamber's own in a form, with what is wrong with what was said in it.
pub(super) fn own_field(own: CaseField, sent: &Sent, refused: Option<&CaseError>) -> OwnField {
    let value = said_in(sent, &own).value;
    let error = match refused {
        Some(CaseError::Wrong { field: "fields", words }) if own.is_named_in(words) => {
            Some(sentence(words))
        }
        _ => None,
    };
    let (kind, words) = match own.kind {
        FieldKind::Text | FieldKind::Number => ("text", Vec::new()),
        FieldKind::Day => ("date", Vec::new()),
        FieldKind::Choice => ("choice", own.choices),
        FieldKind::YesNo => ("choice", vec![String::from("yes"), String::from("no")]),
    };
    let choices = choices(words.iter().map(|word| (word.as_str(), word.as_str())), &value);
    OwnField { id: own.id, label: own.name, kind, choices, value, required: own.required, error }
}

#[derive(Deserialize)]
pub(super) struct LinkForm {
    #[serde(default)]
    parent: String,
    #[serde(default)]
    kind: String,
}

/// Links a case to the one that a number, CNR or title names.
pub(super) async fn link(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<CaseId>,
    Form(LinkForm { parent, kind }): Form<LinkForm>,
) -> Result<Redirect, Failure> {
    let changed = app.cases.to_be_changed(viewer.scope(), id).await;
    changed.map_err(|error| viewer.failure(error))?;
    let unfit = |words: &str| viewer.failure(Problem::shown(Code::BadRequest, words));
    let kind: LinkKind = kind.parse().map_err(|_| unfit("choose how the case comes from it"))?;
    if parent.trim().is_empty() {
        return Err(unfit("write the number, CNR or title of the case it comes from"));
    }
    let asked = CaseQuery { words: parent.trim().to_owned(), limit: 50, ..CaseQuery::default() };
    let found = app.cases.register(viewer.scope(), &asked).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    let others: Vec<_> =
        found.rows.into_iter().map(|row| row.case).filter(|case| case.id != id).collect();
    let exact = others.iter().find(|case| case.title.eq_ignore_ascii_case(parent.trim()));
    let parent = match (exact, &others[..]) {
        (Some(case), _) | (None, [case]) => case.id,
        (None, []) => {
            let words = "no other case open to you is called so; where it is not here, enter its \
                         number as the number of the court below under Edit";
            return Err(unfit(words));
        }
        (None, _) => return Err(unfit("several cases are called so; write the whole number")),
    };
    let linked = app.cases.link(viewer.scope(), id, parent, kind).await;
    linked.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/cases/{id}")))
}

pub(super) async fn unlink(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path((id, parent)): Path<(CaseId, CaseId)>,
    Form(super::Nothing {}): Form<super::Nothing>,
) -> Result<Redirect, Failure> {
    let done = app.cases.unlink(viewer.scope(), id, parent).await;
    done.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/cases/{id}")))
}
