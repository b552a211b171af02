//! The parties of a case and the authorities to appear.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{Allowed, Failure, Form, Nothing, Viewer, on_the_form, sentence};
use crate::app::App;
use crate::cases::{
    Appearing, CaseError, Counsel, NewVakalatnama, PartyFile, Vakalatnama, VakalatnamaState,
};
use crate::conflicts::CheckQuery;
use crate::kernel::permission::permit::{ReadDocuments, WorkOnCases};
use crate::kernel::{CaseId, ConflictCheckId, DocumentId, PartyId, Permission, VakalatnamaId};
use crate::web::Area;
use crate::web::cases::{CaseTab, PartiesPage, PartyForm, VakalatnamaForm};
use crate::web::page::render;
use crate::web::parts::Choice;

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadDocuments>,
    Path(id): Path<CaseId>,
) -> Result<PartiesPage, Failure> {
    page(&app, &viewer, id).await
}

async fn page(app: &App, viewer: &Viewer, id: CaseId) -> Result<PartiesPage, Failure> {
    let fail = |error: CaseError| viewer.failure(error);
    let scope = viewer.scope();
    let parties = app.cases.appearing(scope, id).await.map_err(fail)?;
    let papers = app.cases.vakalatnamas(scope, id).await.map_err(fail)?;
    let documents = app.documents.list(scope, id).await.map_err(|error| viewer.failure(error))?;
    let documents: Vec<(DocumentId, String)> =
        documents.into_iter().map(|document| (document.id, document.title)).collect();
    Ok(PartiesPage {
        layout: viewer.layout("Parties", Area::Cases),
        tabs: viewer.case_tabs(app, id, CaseTab::Parties).await?,
        problem: None,
        parties: parties.into_iter().map(party_form).collect(),
        new: PartyForm::default(),
        vakalatnamas: papers.into_iter().map(|paper| paper_form(paper, &documents)).collect(),
        new_vakalatnama: VakalatnamaForm {
            states: states(VakalatnamaState::Signed),
            documents: of_case(&documents, None),
            ..VakalatnamaForm::default()
        },
        checks: waiting(app, viewer, id).await?,
        may_change: scope.works_on(id),
    })
}

/// The conflict checks of the case that wait for a decision of the reader's, in words.
pub(super) async fn waiting(
    app: &App,
    viewer: &Viewer,
    id: CaseId,
) -> Result<Vec<(ConflictCheckId, String)>, Failure> {
    if !viewer.scope().may(Permission::CheckConflicts) {
        return Ok(Vec::new());
    }
    let query = CheckQuery { case: Some(id), undecided: true, ..CheckQuery::default() };
    let found = app.conflicts.list(viewer.scope(), &query).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    Ok(found.into_iter().map(|row| (row.id, row.waiting_words())).collect())
}

fn states(chosen: VakalatnamaState) -> Vec<Choice> {
    let choice = |state: VakalatnamaState| Choice {
        value: state.as_str().to_owned(),
        label: state.words().to_owned(),
        chosen: state == chosen,
    };
    VakalatnamaState::ALL.into_iter().map(choice).collect()
}

fn of_case(documents: &[(DocumentId, String)], chosen: Option<DocumentId>) -> Vec<Choice> {
    let choice = |(id, title): &(DocumentId, String)| Choice {
        value: id.to_string(),
        label: title.clone(),
        chosen: Some(*id) == chosen,
    };
    documents.iter().map(choice).collect()
}

fn party_form(appearing: Appearing) -> PartyForm {
    let Appearing { party, counsel } = appearing;
    let line = |one: Counsel| match one.enrolment {
        Some(enrolment) => format!("{} ({enrolment})", one.name),
        None => one.name,
    };
    let mut lines: Vec<String> = counsel.into_iter().map(line).collect();
    if lines.is_empty() {
        lines.extend(party.counsel);
    }
    PartyForm {
        id: Some(party.id),
        name: party.name,
        role: party.role,
        ours: party.ours,
        counsel: lines.join("\n"),
    }
}

fn paper_form(paper: Vakalatnama, documents: &[(DocumentId, String)]) -> VakalatnamaForm {
    let Vakalatnama { id, known, document: _ } = paper;
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    VakalatnamaForm {
        id: Some(id),
        parties: known.parties,
        capacity: known.capacity.unwrap_or_default(),
        advocates: known.advocates,
        court: known.court.unwrap_or_default(),
        signed_on: day(known.signed_on),
        ended_on: day(known.ended_on),
        noc: known.noc.unwrap_or_default(),
        state_words: known.state.words(),
        states: states(known.state),
        documents: of_case(documents, known.document_id),
    }
}

#[derive(Deserialize)]
pub(super) struct PartyBody {
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    ours: String,
    #[serde(default)]
    counsel: String,
}

impl PartyBody {
    fn file(&self) -> PartyFile {
        let lines = self.counsel.lines().filter(|line| !line.trim().is_empty());
        PartyFile {
            name: self.name.clone(),
            role: self.role.clone(),
            ours: self.ours == "yes",
            counsel: lines.map(counsel).collect(),
        }
    }
}

/// An advocate as a line says it: the name, and in brackets the enrolment number.
fn counsel(line: &str) -> Counsel {
    let line = line.trim();
    match line.strip_suffix(')').and_then(|line| line.rsplit_once('(')) {
        Some((name, enrolment)) if enrolment.contains('/') => {
            Counsel { name: name.trim().to_owned(), enrolment: Some(enrolment.trim().to_owned()) }
        }
        _ => Counsel { name: line.to_owned(), enrolment: None },
    }
}

fn back(id: CaseId) -> Response {
    Redirect::to(&format!("/cases/{id}/parties")).into_response()
}

/// The page with what was wrong with the form just sent, or the failure.
async fn undone(
    app: &App,
    viewer: &Viewer,
    id: CaseId,
    error: CaseError,
    fill: impl FnOnce(&mut PartiesPage),
) -> Result<Response, Failure> {
    if !on_the_form(&error) {
        return Err(viewer.failure(error));
    }
    let mut page = page(app, viewer, id).await?;
    page.problem = Some(sentence(&error.to_string()));
    fill(&mut page);
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// Looks for a party that was entered among all names there ever were, and leads back.
async fn checked(
    app: &App,
    viewer: &Viewer,
    id: CaseId,
    body: &PartyBody,
) -> Result<Response, Failure> {
    let entered = [(body.name.clone(), body.ours == "yes")];
    let checked = app.conflicts.check_parties(viewer.scope(), id, &entered).await;
    checked.map_err(|error| viewer.failure(error))?;
    Ok(back(id))
}

pub(super) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<CaseId>,
    Form(body): Form<PartyBody>,
) -> Result<Response, Failure> {
    match app.cases.enter_party(viewer.scope(), id, body.file()).await {
        Ok(_) => checked(&app, &viewer, id, &body).await,
        Err(error) => {
            let fill = |page: &mut PartiesPage| {
                let PartyBody { name, role, ours, counsel } = body;
                page.new = PartyForm { id: None, name, role, ours: ours == "yes", counsel };
            };
            undone(&app, &viewer, id, error, fill).await
        }
    }
}

pub(super) async fn change(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path((id, party)): Path<(CaseId, PartyId)>,
    Form(body): Form<PartyBody>,
) -> Result<Response, Failure> {
    match app.cases.change_party(viewer.scope(), id, party, body.file()).await {
        Ok(()) => checked(&app, &viewer, id, &body).await,
        Err(error) => {
            let fill = |page: &mut PartiesPage| {
                let PartyBody { name, role, ours, counsel } = body;
                let form = page.parties.iter_mut().find(|form| form.id == Some(party));
                if let Some(form) = form {
                    let ours = ours == "yes";
                    *form = PartyForm { id: Some(party), name, role, ours, counsel };
                }
            };
            undone(&app, &viewer, id, error, fill).await
        }
    }
}

#[derive(Deserialize)]
pub(super) struct MoveBody {
    #[serde(default)]
    way: String,
}

pub(super) async fn shift(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path((id, party)): Path<(CaseId, PartyId)>,
    Form(MoveBody { way }): Form<MoveBody>,
) -> Result<Response, Failure> {
    let moved = app.cases.move_party(viewer.scope(), id, party, way == "up").await;
    moved.map_err(|error| viewer.failure(error))?;
    Ok(back(id))
}

pub(super) async fn remove(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path((id, party)): Path<(CaseId, PartyId)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let removed = app.cases.remove_party(viewer.scope(), id, party).await;
    removed.map_err(|error| viewer.failure(error))?;
    Ok(back(id))
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct PaperBody {
    parties: String,
    capacity: String,
    advocates: String,
    court: String,
    signed_on: String,
    ended_on: String,
    state: String,
    noc: String,
    document: String,
}

impl PaperBody {
    fn vakalatnama(&self) -> Result<NewVakalatnama, CaseError> {
        let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.trim().is_empty());
        let day = |field: &'static str, text: &str| match text.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| CaseError::Wrong {
                field,
                words: String::from("write the day as 2026-12-31"),
            }),
        };
        let state = self.state.parse().map_err(|_| CaseError::Unfit("choose how far it is"))?;
        Ok(NewVakalatnama {
            parties: self.parties.clone(),
            capacity: filled(&self.capacity),
            advocates: self.advocates.clone(),
            court: filled(&self.court),
            signed_on: day("signed_on", &self.signed_on)?,
            document_id: self.document.parse().ok(),
            state,
            noc: filled(&self.noc),
            ended_on: day("ended_on", &self.ended_on)?,
        })
    }

    /// What was typed, over a form.
    fn onto(self, form: &mut VakalatnamaForm) {
        let Self { parties, capacity, advocates, court, signed_on, ended_on, state, noc, document } =
            self;
        for choice in &mut form.states {
            choice.chosen = choice.value == state;
        }
        for choice in &mut form.documents {
            choice.chosen = choice.value == document;
        }
        (form.parties, form.capacity, form.advocates) = (parties, capacity, advocates);
        (form.court, form.signed_on, form.ended_on, form.noc) = (court, signed_on, ended_on, noc);
    }
}

pub(super) async fn add_paper(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<CaseId>,
    Form(body): Form<PaperBody>,
) -> Result<Response, Failure> {
    let added = match body.vakalatnama() {
        Ok(new) => app.cases.add_vakalatnama(viewer.scope(), id, new).await.map(drop),
        Err(error) => Err(error),
    };
    match added {
        Ok(()) => Ok(back(id)),
        Err(error) => {
            let fill = |page: &mut PartiesPage| body.onto(&mut page.new_vakalatnama);
            undone(&app, &viewer, id, error, fill).await
        }
    }
}

pub(super) async fn change_paper(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path((id, paper)): Path<(CaseId, VakalatnamaId)>,
    Form(body): Form<PaperBody>,
) -> Result<Response, Failure> {
    let changed = match body.vakalatnama() {
        Ok(new) => app.cases.change_vakalatnama(viewer.scope(), id, paper, new).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Ok(back(id)),
        Err(error) => {
            let fill = |page: &mut PartiesPage| {
                let form = page.vakalatnamas.iter_mut().find(|form| form.id == Some(paper));
                if let Some(form) = form {
                    body.onto(form);
                }
            };
            undone(&app, &viewer, id, error, fill).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enrolment_number_stands_in_brackets_after_the_name() {
        let known = counsel(" S. Khan (D/1234/2010) ");
        assert_eq!(
            (known.name.as_str(), known.enrolment.as_deref()),
            ("S. Khan", Some("D/1234/2010"))
        );
        let plain = counsel("S. Khan (Senior)");
        assert_eq!((plain.name.as_str(), plain.enrolment), ("S. Khan (Senior)", None));
    }
}
