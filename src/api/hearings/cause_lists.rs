//! Cause lists: taken in, reviewed, and made hearings of.

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Multipart, Path, unreadable};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::hearings::cause_lists::{
    Candidate, CauseList, Likely, ListEntry, NewCauseList, Reviewed, Taken, Would,
};
use crate::hearings::{ListAction, ListDecision, ListType};
use crate::kernel::permission::permit::WorkOnCases;
use crate::kernel::{CaseId, CauseListId, HearingId};

/// The largest file of a list, in bytes.
const LARGEST_FILE: usize = 32 << 20;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_cause_lists, add_cause_list))
        .merge(
            OpenApiRouter::default()
                .routes(routes!(upload_cause_list))
                .layer(DefaultBodyLimit::max(LARGEST_FILE)),
        )
        .routes(routes!(review_cause_list, change_cause_list, forget_cause_list))
        .routes(routes!(take_entry))
}

/// A cause list you added.
#[derive(Serialize, ToSchema)]
#[schema(as = CauseList)]
struct ListView {
    /// Its id.
    id: CauseListId,
    /// What it is called.
    name: String,
    /// The court.
    court: Option<String>,
    /// Its day.
    on_date: NaiveDate,
    /// Its kind.
    list_type: Option<ListType>,
    /// Whether its text is still there, so that it can be reviewed.
    has_text: bool,
    /// When it was added.
    added_at: DateTime<Utc>,
    /// How many entries were accepted, in cases open to you.
    accepted: i64,
}

impl From<CauseList> for ListView {
    fn from(list: CauseList) -> Self {
        let CauseList { id, name, court, on_date, list_type, text, added_at, accepted } = list;
        let has_text = text.is_some();
        Self { id, name, court, on_date, list_type, has_text, added_at, accepted }
    }
}

/// List your cause lists
///
/// The newest first, at most 100. For those who work on cases.
#[utoipa::path(get, path = "/api/v1/cause-lists", tag = "hearings",
    responses((status = 200, description = "The lists.", body = [ListView]), Problem))]
async fn list_cause_lists(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
) -> Result<Json<Vec<ListView>>, Problem> {
    let found = app.hearings.cause_lists(&caller.scope).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// A cause list to be read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCauseList)]
struct ListBody {
    /// Its text.
    text: String,
    /// What it is called.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// The court; that of its head when left out.
    #[schema(max_length = 200)]
    court: Option<String>,
    /// Its day; that of its head when left out.
    on_date: Option<NaiveDate>,
    /// Its kind; that of its head when left out.
    list_type: Option<ListType>,
}

/// A cause list that was taken in.
#[derive(Serialize, ToSchema)]
#[schema(as = CauseListAdded)]
struct AddedView {
    /// Its id.
    id: CauseListId,
}

/// Add a cause list
///
/// Its entries are compared with the cases you may change; nothing is entered before you
/// accept it. The text is kept for 14 days. For those who work on cases.
#[utoipa::path(post, path = "/api/v1/cause-lists", tag = "hearings", request_body = ListBody,
    responses((status = 201, description = "It was taken.", body = AddedView), Problem))]
async fn add_cause_list(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Json(ListBody { text, name, court, on_date, list_type }): Json<ListBody>,
) -> Result<(StatusCode, Json<AddedView>), Problem> {
    let name = name.unwrap_or_default();
    let new = NewCauseList { name, text, court, on_date, list_type };
    let id = app.hearings.add_cause_list(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(AddedView { id })))
}

/// The form of a cause list's file.
#[derive(ToSchema)]
#[schema(as = CauseListForm)]
struct FileForm {
    /// The list: PDF, text, HTML, or any other document that is read here.
    #[expect(dead_code, reason = "the shape of the wire, for the document alone")]
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Upload a cause list
///
/// As a file; its day must stand in its head, and can be changed afterwards. The file
/// itself is not kept. For those who work on cases.
#[utoipa::path(post, path = "/api/v1/cause-lists/file", tag = "hearings",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "It was taken.", body = AddedView), Problem))]
async fn upload_cause_list(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Multipart(mut form): Multipart,
) -> Result<(StatusCode, Json<AddedView>), Problem> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        unreadable(error.status(), &error.body_text())
    };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(broken)?;
        let text = app.documents.text_of(bytes.to_vec()).await?;
        let new = NewCauseList { name, text, ..NewCauseList::default() };
        let id = app.hearings.add_cause_list(&caller.scope, new).await?;
        return Ok((StatusCode::CREATED, Json(AddedView { id })));
    }
    Err(Problem::shown(Code::BadRequest, "send the list as the field `file` of a multipart form"))
}

/// What accepting an entry would do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CauseListEffect)]
enum EffectView {
    /// A hearing would be entered.
    Add,
    /// The hearing known for that day would be confirmed.
    Confirm,
    /// Another day is known.
    Contradict,
}

/// A case an entry may be about.
#[derive(Serialize, ToSchema)]
#[schema(as = CauseListCandidate)]
struct CandidateView {
    /// The case.
    case_id: CaseId,
    /// Its title.
    case_title: String,
    /// The court's number for it.
    case_number: Option<String>,
    /// How sure it is, in percent.
    score: u32,
    /// Why.
    reasons: Vec<&'static str>,
    /// What accepting would do.
    effect: EffectView,
    /// The hearing that is known.
    known_hearing_id: Option<HearingId>,
    /// Its day, where that is another one.
    known_date: Option<NaiveDate>,
    /// What was decided already.
    decision: Option<ListDecision>,
    /// The hearing it became.
    hearing_id: Option<HearingId>,
}

impl From<Candidate> for CandidateView {
    fn from(candidate: Candidate) -> Self {
        let Candidate { likely, would, decided } = candidate;
        let Likely { case_id, case_title, case_number, score, reasons } = likely;
        let (effect, known_hearing_id, known_date) = match would {
            Would::Add => (EffectView::Add, None, None),
            Would::Confirm(id) => (EffectView::Confirm, Some(id), None),
            Would::Contradict { hearing, known } => {
                (EffectView::Contradict, Some(hearing), Some(known))
            }
        };
        let (decision, hearing_id) =
            decided.map_or((None, None), |(decision, hearing)| (Some(decision), hearing));
        Self {
            case_id,
            case_title,
            case_number,
            score,
            reasons,
            effect,
            known_hearing_id,
            known_date,
            decision,
            hearing_id,
        }
    }
}

/// An entry that may be about a case of yours.
#[derive(Serialize, ToSchema)]
#[schema(as = CauseListEntry)]
struct EntryView {
    /// Its place in the list, from 1.
    number: u32,
    /// Its number in the list.
    item: Option<String>,
    /// In which room.
    court_hall: Option<String>,
    /// Before whom.
    bench: Option<String>,
    /// Under which heading.
    purpose: Option<String>,
    /// Its words.
    text: String,
    /// The cases it may be about, the surest first.
    candidates: Vec<CandidateView>,
}

impl From<Reviewed> for EntryView {
    fn from(reviewed: Reviewed) -> Self {
        let Reviewed { entry, candidates } = reviewed;
        let ListEntry { number, item, court_hall, bench, purpose, text, .. } = entry;
        let candidates = candidates.into_iter().map(Into::into).collect();
        Self { number, item, court_hall, bench, purpose, text, candidates }
    }
}

/// A cause list beside your cases.
#[derive(Serialize, ToSchema)]
#[schema(as = CauseListReview)]
struct ReviewView {
    /// The list.
    list: ListView,
    /// How many entries it has.
    entries: usize,
    /// Those that may be about cases you may change.
    ours: Vec<EntryView>,
}

/// Review a cause list
///
/// For whoever added it; compared with the cases they may change at this moment.
#[utoipa::path(get, path = "/api/v1/cause-lists/{id}", tag = "hearings",
    params(("id" = Uuid, Path, description = "The list.")),
    responses((status = 200, description = "The list.", body = ReviewView), Problem))]
async fn review_cause_list(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<CauseListId>,
) -> Result<Json<ReviewView>, Problem> {
    let review = app.hearings.review(&caller.scope, id).await?;
    let ours = review.ours.into_iter().map(Into::into).collect();
    Ok(Json(ReviewView { list: review.list.into(), entries: review.entries, ours }))
}

/// The day and court of a list.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CauseListHead)]
struct HeadBody {
    /// Its day.
    on_date: NaiveDate,
    /// The court.
    #[schema(max_length = 200)]
    court: Option<String>,
}

/// Change the day and court of a cause list
///
/// For what is not accepted yet. For whoever added it.
#[utoipa::path(put, path = "/api/v1/cause-lists/{id}", tag = "hearings",
    params(("id" = Uuid, Path, description = "The list.")),
    request_body = HeadBody,
    responses((status = 204, description = "It was changed."), Problem))]
async fn change_cause_list(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<CauseListId>,
    Json(HeadBody { on_date, court }): Json<HeadBody>,
) -> Result<StatusCode, Problem> {
    app.hearings.change_cause_list(&caller.scope, id, (on_date, court)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove the text of a cause list
///
/// What was accepted stays. For whoever added it.
#[utoipa::path(delete, path = "/api/v1/cause-lists/{id}", tag = "hearings",
    params(("id" = Uuid, Path, description = "The list.")),
    responses((status = 204, description = "It was removed."), Problem))]
async fn forget_cause_list(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<CauseListId>,
) -> Result<StatusCode, Problem> {
    app.hearings.forget_cause_list(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is done with an entry.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CauseListTake)]
struct TakeBody {
    /// The entry's place in the list.
    entry: u32,
    /// The case: a candidate or any other you may change.
    case_id: CaseId,
    /// What is done.
    action: ListAction,
}

/// What became of an entry.
#[derive(Serialize, ToSchema)]
#[schema(as = CauseListTaken)]
struct TakenView {
    /// `added`, `confirmed`, `moved`, `kept`, `already` or `ignored`.
    became: &'static str,
    /// The hearing.
    hearing_id: Option<HearingId>,
}

impl From<Taken> for TakenView {
    fn from(taken: Taken) -> Self {
        let (became, hearing_id) = match taken {
            Taken::Added(id) => ("added", Some(id)),
            Taken::Confirmed(id) => ("confirmed", Some(id)),
            Taken::Moved(id) => ("moved", Some(id)),
            Taken::Kept(id) => ("kept", Some(id)),
            Taken::Already(id) => ("already", Some(id)),
            Taken::Ignored => ("ignored", None),
        };
        Self { became, hearing_id }
    }
}

/// Accept or ignore an entry
///
/// Accepted twice, no second hearing comes of it. For whoever added the list, in cases
/// they work on.
#[utoipa::path(post, path = "/api/v1/cause-lists/{id}/entries", tag = "hearings",
    params(("id" = Uuid, Path, description = "The list.")),
    request_body = TakeBody,
    responses((status = 200, description = "What became of it.", body = TakenView), Problem))]
async fn take_entry(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<CauseListId>,
    Json(TakeBody { entry, case_id, action }): Json<TakeBody>,
) -> Result<Json<TakenView>, Problem> {
    let taken = app.hearings.take_entry(&caller.scope, id, (entry, case_id), action).await?;
    Ok(Json(taken.into()))
}
