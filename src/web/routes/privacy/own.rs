//! A client's own consent, and the copy of what is held of them.

use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;

use super::super::viewer::Nothing;
use super::super::{Allowed, Failure, Form};
use super::{PORTAL, consent_row, export_row};
use crate::app::App;
use crate::kernel::permission::permit::UsePortal;
use crate::kernel::{ConsentId, WordingId};
use crate::privacy::{Given, How, PrivacyError, Subject};
use crate::web::Area;
use crate::web::privacy::ClientPrivacyPage;

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
) -> Result<ClientPrivacyPage, Failure> {
    let scope = viewer.scope();
    let failed = |error: PrivacyError| viewer.failure(error);
    let asked = app.privacy.to_be_asked(scope).await.map_err(failed)?;
    let consents = app.privacy.consents(scope).await.map_err(failed)?;
    let exports = app.privacy.exports(scope).await.map_err(failed)?;
    Ok(ClientPrivacyPage {
        layout: viewer.layout("Your data", Area::ClientPrivacy),
        asked: asked.into_iter().map(|it| (it.id.to_string(), it.language, it.text)).collect(),
        consents: consents.into_iter().map(consent_row).collect(),
        exports: exports.into_iter().map(|it| export_row(it, None)).collect(),
    })
}

#[derive(Deserialize)]
pub(super) struct Agreed {
    wording: WordingId,
}

pub(super) async fn agree(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
    Form(Agreed { wording }): Form<Agreed>,
) -> Result<Redirect, Failure> {
    let client = viewer.scope().client().ok_or_else(|| viewer.not_found())?;
    let given = Given { client, wording, how: How::Portal };
    let done = app.privacy.consent(viewer.scope(), given).await;
    done.map(|_| Redirect::to("/portal")).map_err(|error| viewer.failure(error))
}

pub(super) async fn withdraw(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
    Path(id): Path<ConsentId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let done = app.privacy.withdraw(viewer.scope(), id).await;
    done.map(|()| Redirect::to(PORTAL)).map_err(|error| viewer.failure(error))
}

pub(super) async fn export(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let client = viewer.scope().client().ok_or_else(|| viewer.not_found())?;
    let done = app.privacy.export(viewer.scope(), Subject::Client(client)).await;
    done.map(|_| Redirect::to(PORTAL)).map_err(|error| viewer.failure(error))
}
