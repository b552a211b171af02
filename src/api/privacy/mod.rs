//! Protecting personal data: consent, exports, erasure, legal holds, retention.

mod consents;
mod erasures;
mod exports;
mod holds;
mod retention;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::app::App;
use crate::privacy::Subject;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .merge(erasures::routes())
        .merge(holds::routes())
        .merge(consents::routes())
        .merge(retention::routes())
        .merge(exports::routes())
}

/// What can be erased or exported.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SubjectKind {
    /// A client, with all their cases.
    Client,
    /// A case.
    Case,
    /// A document.
    Document,
    /// A person of the chamber.
    User,
}

impl SubjectKind {
    pub(super) fn of(self, id: Uuid) -> Subject {
        match self {
            Self::Client => Subject::Client(id.into()),
            Self::Case => Subject::Case(id.into()),
            Self::Document => Subject::Document(id.into()),
            Self::User => Subject::User(id.into()),
        }
    }
}

/// What was begun.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Begun {
    /// Its id.
    pub(super) id: Uuid,
}
