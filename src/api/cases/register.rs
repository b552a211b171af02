//! The register of cases.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::CaseView;
use crate::api::caller::May;
use crate::api::extract::{Json, Query};
use crate::api::problem::Problem;
use crate::app::App;
use crate::cases::{CaseQuery, Order, Register, RegisterRow};
use crate::kernel::permission::permit::ReadCases;
use crate::kernel::{CaseFieldId, CaseId, ClientId, UserId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(case_register))
}

/// How many cases a page has when nobody says.
const PAGE: u32 = 50;

/// Which cases are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RegisterParams {
    /// Words of the title, a number, the CNR, a party, the client, a tag or a note.
    q: Option<String>,
    /// The court.
    court: Option<String>,
    /// The stage.
    stage: Option<String>,
    /// `open` or `closed`.
    status: Option<String>,
    /// A tag.
    tag: Option<String>,
    /// Somebody who works on the case.
    member: Option<UserId>,
    /// The client.
    client_id: Option<ClientId>,
    /// A field of the chamber's own; with `value`.
    field: Option<CaseFieldId>,
    /// What the field says.
    value: Option<String>,
    /// In which order; what was last added to comes first when left out.
    #[param(inline)]
    order: Option<Order>,
    /// The last case of the page before.
    after: Option<CaseId>,
    /// How many, at most 200; 50 when left out.
    limit: Option<u32>,
}

impl From<RegisterParams> for CaseQuery {
    fn from(sent: RegisterParams) -> Self {
        let RegisterParams {
            q,
            court,
            stage,
            status,
            tag,
            member,
            client_id,
            field,
            value,
            order,
            after,
            limit,
        } = sent;
        Self {
            words: q.unwrap_or_default(),
            court,
            stage,
            status,
            tag,
            member,
            client: client_id,
            field: field.zip(value),
            order: order.unwrap_or_default(),
            after,
            limit: limit.unwrap_or(PAGE),
        }
    }
}

/// A part of the register.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseRegister)]
struct RegisterView {
    /// The cases.
    cases: Vec<RowView>,
    /// How many there are in all.
    total: usize,
    /// The case after which to go on; none at the end.
    next: Option<CaseId>,
}

/// A case in the register.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseRegisterRow)]
struct RowView {
    /// The case.
    case: CaseView,
    /// The stage it is at; with the next two withheld from who only knows of the case.
    stage: Option<String>,
    /// When it is listed next, as `YYYY-MM-DD`.
    next_on: Option<String>,
    /// Its tags.
    tags: Vec<String>,
}

impl From<RegisterRow> for RowView {
    fn from(row: RegisterRow) -> Self {
        let RegisterRow { case, stage, next_on, tags } = row;
        Self { case: case.into(), stage, next_on: next_on.map(|day| day.to_string()), tags }
    }
}

/// Look through the register of cases
///
/// Of the cases you may know of, with the next date of each. For the chamber's own people.
#[utoipa::path(get, path = "/api/v1/cases/register", tag = "cases", params(RegisterParams),
    responses((status = 200, description = "A part of the register.", body = RegisterView),
              Problem))]
async fn case_register(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Query(sent): Query<RegisterParams>,
) -> Result<Json<RegisterView>, Problem> {
    let found = app.cases.register(&caller.scope, &sent.into()).await?;
    let Register { rows, total, next } = found;
    let cases = rows.into_iter().map(RowView::from).collect();
    Ok(Json(RegisterView { cases, total, next }))
}
