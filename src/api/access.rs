//! Why somebody can see something.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Query};
use super::problem::{Code, Problem};
use crate::app::App;
use crate::kernel::permission::permit::ManageTeams;
use crate::kernel::{CaseId, DocumentId, UserId};
use crate::walls::{Access, Reason, ReasonKind, Subject};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(explain_access))
}

/// Who is asked about, and which case or document.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AccessQuery {
    /// Who.
    #[param(value_type = Uuid)]
    user: UserId,
    /// The case.
    #[param(value_type = Option<Uuid>)]
    case: Option<CaseId>,
    /// Or the document.
    #[param(value_type = Option<Uuid>)]
    document: Option<DocumentId>,
}

/// Whether somebody can see something, and why.
#[derive(Serialize, ToSchema)]
#[schema(as = Access)]
struct AccessView {
    /// Who.
    user: String,
    /// The title of the case or document.
    subject: String,
    /// Whether its contents are open to them.
    open: bool,
    /// Whether they know that the case exists.
    known: bool,
    /// What that comes from.
    reasons: Vec<ReasonView>,
}

/// One thing that bears on what somebody sees.
#[derive(Serialize, ToSchema)]
#[schema(as = AccessReason)]
struct ReasonView {
    /// Which way it works.
    kind: ReasonKind,
    /// What it is, in a sentence.
    text: String,
}

impl From<Access> for AccessView {
    fn from(access: Access) -> Self {
        let Access { user, subject, case: _, open, known, reasons } = access;
        let reason = |Reason { kind, text }| ReasonView { kind, text };
        Self { user, subject, open, known, reasons: reasons.into_iter().map(reason).collect() }
    }
}

/// Say why somebody can see a case or document
///
/// Or why not; from the same rules that decide it. For those who lead the case, and
/// admins to whom it is open.
#[utoipa::path(get, path = "/api/v1/access", tag = "walls", params(AccessQuery),
    responses((status = 200, description = "Whether, and why.", body = AccessView), Problem))]
async fn explain_access(
    State(app): State<App>,
    May(caller, ..): May<ManageTeams>,
    Query(AccessQuery { user, case, document }): Query<AccessQuery>,
) -> Result<Json<AccessView>, Problem> {
    let subject = match (case, document) {
        (Some(case), None) => Subject::Case(case),
        (None, Some(document)) => Subject::Document(document),
        _ => {
            let words = "name one case or one document";
            return Err(Problem::shown(Code::BadRequest, words));
        }
    };
    Ok(Json(app.walls.explain(&caller.scope, user, subject).await?.into()))
}
