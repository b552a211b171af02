//! Tasks on whole documents: summaries, lists of dates, reviews, drafts.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path};
use super::problem::Problem;
use super::questions::AskedView;
use crate::app::App;
use crate::assistant::tasks::{
    Checklist, DraftKind, Item, NewTask, Order, TaskKind, Unusual, checklists,
};
use crate::kernel::permission::permit::Ask;
use crate::kernel::{CaseId, ConversationId, DocumentId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(run_task)).routes(routes!(list_checklists))
}

/// A task to be done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTask)]
struct NewTaskBody {
    /// What for.
    kind: TaskKind,
    /// The documents it reads, of this case; all of the case when left out.
    #[serde(default)]
    documents: Vec<DocumentId>,
    /// For `compare` of one document: the number of the earlier version.
    from_version: Option<i64>,
    /// For `compare` of one document: the number of the later version.
    to_version: Option<i64>,
    /// For `review`: the key of the checklist.
    checklist: Option<String>,
    /// For `draft`: what is drafted.
    draft: Option<DraftKind>,
    /// What you want attended to, in your words; read only by a language model.
    instructions: Option<String>,
    /// The conversation of this case it goes on; a new one when left out.
    conversation_id: Option<ConversationId>,
}

/// Do a task on documents of a case
///
/// Begins to do it; `events` tells where to follow, as for a question. The documents are
/// read whole. For the chamber's own people.
#[utoipa::path(post, path = "/api/v1/cases/{id}/tasks", tag = "assistant",
    params(("id" = Uuid, Path, description = "The case.")), request_body = NewTaskBody,
    responses((status = 202, description = "It is being done.", body = AskedView), Problem))]
async fn run_task(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(case): Path<CaseId>,
    Json(body): Json<NewTaskBody>,
) -> Result<(StatusCode, Json<AskedView>), Problem> {
    let NewTaskBody {
        kind,
        documents,
        from_version,
        to_version,
        checklist,
        draft,
        instructions,
        conversation_id: conversation,
    } = body;
    let versions = from_version.zip(to_version);
    let order = Order { kind, documents, versions, checklist, draft, instructions };
    let asked =
        app.assistant.run_task(&caller.scope, NewTask { case, conversation, order }).await?;
    Ok((StatusCode::ACCEPTED, Json(asked.into())))
}

/// A checklist agreements are reviewed against.
#[derive(Serialize, ToSchema)]
#[schema(as = Checklist)]
struct ChecklistView {
    /// What requests call it.
    key: String,
    /// The kind of agreement.
    name: String,
    /// What is looked for.
    items: Vec<ItemView>,
}

/// One thing looked for.
#[derive(Serialize, ToSchema)]
#[schema(as = ChecklistItem)]
struct ItemView {
    /// What it is.
    title: String,
    /// Why it matters.
    why: String,
    /// The provision behind that.
    provision: String,
    /// What of it would be out of the ordinary.
    unusual: Vec<String>,
}

impl From<&Checklist> for ChecklistView {
    fn from(list: &Checklist) -> Self {
        let Checklist { key, name, items } = list;
        let item = |item: &Item| {
            let Item { title, why, provision, words: _, unusual } = item.clone();
            let unusual = unusual.into_iter().map(|Unusual { says, words: _ }| says).collect();
            ItemView { title, why, provision, unusual }
        };
        Self { key: key.clone(), name: name.clone(), items: items.iter().map(item).collect() }
    }
}

/// List the checklists for reviews
///
/// For the chamber's own people.
#[utoipa::path(get, path = "/api/v1/checklists", tag = "assistant",
    responses((status = 200, description = "The checklists.", body = [ChecklistView]), Problem))]
async fn list_checklists(May(..): May<Ask>) -> Json<Vec<ChecklistView>> {
    Json(checklists().iter().map(ChecklistView::from).collect())
}
