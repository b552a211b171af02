//! The permission table: what each role may do.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::Json;
use crate::app::App;
use crate::kernel::permission::permit::ReadPeople;
use crate::kernel::{Permission, Role, TokenScope};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(list_permissions))
}

/// A kind of act, and who may do it.
#[derive(Serialize, ToSchema)]
#[schema(as = PermissionLine)]
struct PermissionView {
    /// Its name.
    permission: Permission,
    /// What it lets a person do.
    words: &'static str,
    /// The roles that have it.
    roles: &'static [Role],
    /// The scope a personal API token needs for it.
    token_scope: TokenScope,
}

/// List what each role may do
///
/// Which cases, clients and documents it may be done to follows from who works on what,
/// what is shared, and the ethical walls. For the chamber's own people.
#[utoipa::path(get, path = "/api/v1/permissions", tag = "users",
    responses((status = 200, description = "The table.", body = [PermissionView]), super::problem::Problem))]
async fn list_permissions(May(..): May<ReadPeople>) -> Json<Vec<PermissionView>> {
    let line = |permission: Permission| PermissionView {
        permission,
        words: permission.words(),
        roles: permission.roles(),
        token_scope: permission.token_scope(),
    };
    Json(Permission::ALL.iter().copied().map(line).collect())
}
