//! A client's own consent, and the copy of what is held of them.

use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;

use super::super::viewer::Nothing;
use super::super::{Allowed, Failure, Form};
use super::PORTAL;
use crate::app::App;
use crate::kernel::permission::permit::UsePortal;
use crate::kernel::{ConsentId, WordingId};
use crate::portal::Language;
use crate::privacy::{Consent, Export, Given, How, PrivacyError, Subject};
use crate::web::Area;
use crate::web::portal::words::{Speak, fill};
use crate::web::privacy::{ClientPrivacyPage, CopyRow, GivenRow};

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<UsePortal>,
) -> Result<ClientPrivacyPage, Failure> {
    let scope = viewer.scope();
    let failed = |error: PrivacyError| viewer.failure(error);
    let asked = app.privacy.to_be_asked(scope).await.map_err(failed)?;
    let consents = app.privacy.consents(scope).await.map_err(failed)?;
    let exports = app.privacy.exports(scope).await.map_err(failed)?;
    let language = viewer.language;
    Ok(ClientPrivacyPage {
        layout: viewer.layout(language.words().data_title, Area::ClientPrivacy),
        asked: asked.into_iter().map(|it| (it.id.to_string(), it.language, it.text)).collect(),
        consents: consents.iter().map(|it| given_row(language, it)).collect(),
        exports: exports.iter().map(|it| copy_row(language, it)).collect(),
    })
}

fn given_row(language: Language, consent: &Consent) -> GivenRow {
    let words = language.words();
    let how = match consent.how.as_str() {
        "portal" => words.in_portal,
        "paper" => words.on_paper,
        "mail" => words.by_mail,
        "phone" => words.by_phone,
        _ => words.by_word,
    };
    let withdrawn = consent.withdrawn_at.map(|at| fill(words.withdrawn, &language.day_of(at)));
    GivenRow {
        id: consent.id.to_string(),
        name: fill(words.wording, &consent.number.to_string()),
        how,
        given: language.day_of(consent.given_at),
        withdrawn,
    }
}

fn copy_row(language: Language, export: &Export) -> CopyRow {
    let words = language.words();
    let is_done = export.status == "done";
    let status = match export.status.as_str() {
        "done" => fill(words.data_ready, &language.day_of(export.expires_at)),
        "failed" => words.refused_title.to_owned(),
        _ => words.data_waiting.to_owned(),
    };
    CopyRow { id: export.id.to_string(), asked: language.day_of(export.asked_at), status, is_done }
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
