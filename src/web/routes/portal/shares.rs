//! Sharing a document from the portal tab of its case.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::chamber::{Typed, page};
use crate::app::App;
use crate::documents::{DocumentError, NewShare};
use crate::kernel::permission::permit::ShareDocuments;
use crate::kernel::{CaseId, DocumentId};
use crate::portal::PortalError;
use crate::web::page::render;
use crate::web::parts::Field;
use crate::web::routes::documents::end_of_day;
use crate::web::routes::viewer::{Viewer, sentence};
use crate::web::routes::{Allowed, Failure, Form};

/// How a document is to be shared; boxes that are not ticked are not sent.
#[derive(Deserialize)]
pub(super) struct ShareForm {
    #[serde(default)]
    document: String,
    #[serde(default)]
    pages: String,
    #[serde(default)]
    until: String,
    watermark: Option<String>,
    download: Option<String>,
    later: Option<String>,
}

impl ShareForm {
    /// The form with what is wrong with it beside the field.
    fn typed(&self, wrong: Wrong) -> Typed {
        let mut typed = Typed {
            pages: Field::of(self.pages.as_str()),
            until: Field::of(self.until.as_str()),
            document: self.document.clone(),
            ..Typed::default()
        };
        match wrong {
            Wrong::Pages(words) => typed.pages.error = Some(words),
            Wrong::Until(words) => typed.until.error = Some(words),
            Wrong::Whole(words) => typed.problem = Some(words),
        }
        typed
    }

    fn terms(&self) -> Result<(DocumentId, NewShare), Wrong> {
        let document = self.document.trim().parse();
        let document =
            document.map_err(|_| Wrong::Whole("Choose the document to share.".to_owned()))?;
        let pages = self.pages.parse();
        let pages = pages.map_err(|error: crate::documents::BadRanges| {
            Wrong::Pages(sentence(&error.to_string()))
        })?;
        let until = end_of_day(&self.until)
            .map_err(|()| Wrong::Until("Write the last day as 2026-12-31.".to_owned()))?;
        let (watermark, download) = (self.watermark.is_some(), self.download.is_some());
        let later_versions = self.later.is_some();
        let terms = NewShare { until, pages, watermark, download, version: None, later_versions };
        Ok((document, terms))
    }
}

enum Wrong {
    Pages(String),
    Until(String),
    Whole(String),
}

pub(super) async fn share(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ShareDocuments>,
    Path(case): Path<CaseId>,
    Form(form): Form<ShareForm>,
) -> Result<Response, Failure> {
    let (document, terms) = match form.terms() {
        Ok(terms) => terms,
        Err(wrong) => return refused(&app, &viewer, case, &form, wrong).await,
    };
    of_case(&app, &viewer, case, document).await?;
    match app.portal.share(viewer.scope(), document, &terms).await {
        Ok(()) => Ok(Redirect::to(&format!("/cases/{case}/portal#shares")).into_response()),
        Err(PortalError::Documents(DocumentError::Invalid(words))) => {
            let words = sentence(&words);
            let wrong =
                if words.contains("page") { Wrong::Pages(words) } else { Wrong::Until(words) };
            refused(&app, &viewer, case, &form, wrong).await
        }
        Err(error @ PortalError::Documents(DocumentError::NoClient)) => {
            let wrong = Wrong::Whole(sentence(&error.to_string()));
            refused(&app, &viewer, case, &form, wrong).await
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

async fn refused(
    app: &App,
    viewer: &Viewer,
    case: CaseId,
    form: &ShareForm,
    wrong: Wrong,
) -> Result<Response, Failure> {
    let page = page(app, viewer, case, form.typed(wrong)).await?;
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// Makes sure that a document is one of the case whose tab the form stood on.
async fn of_case(
    app: &App,
    viewer: &Viewer,
    case: CaseId,
    document: DocumentId,
) -> Result<(), Failure> {
    let found = app.documents.find(viewer.scope(), document).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    if found.case_id == case { Ok(()) } else { Err(viewer.not_found()) }
}

#[derive(Deserialize)]
pub(super) struct UnshareForm {
    document: DocumentId,
}

pub(super) async fn unshare(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ShareDocuments>,
    Path(case): Path<CaseId>,
    Form(UnshareForm { document }): Form<UnshareForm>,
) -> Result<Redirect, Failure> {
    of_case(&app, &viewer, case, document).await?;
    let done = app.documents.unshare(viewer.scope(), document).await;
    done.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/cases/{case}/portal#shares")))
}
