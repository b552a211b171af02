//! What the forms of messages send: read by hand, since files come with them.

use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;

use crate::api::problem::{Code, Problem};
use crate::kernel::DocumentId;
use crate::messages::{LARGEST_FILE, NewFile};
use crate::web::routes::{Failure, Viewer};

/// How large a form with files may be.
pub(super) const LARGEST_FORM: usize = 2 * LARGEST_FILE + (1 << 20);

/// A form with a message.
#[derive(Default)]
pub(super) struct Sent {
    pub(super) with: String,
    pub(super) text: String,
    pub(super) confirmed: bool,
    pub(super) share: bool,
    pub(super) documents: Vec<DocumentId>,
    pub(super) files: Vec<NewFile>,
}

/// Reads a form, its token first.
pub(super) async fn read(viewer: &Viewer, mut form: Multipart) -> Result<Sent, Failure> {
    let broken = |error: MultipartError| {
        let (code, words) = match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                (Code::FileTooLarge, "send at most 20 MiB with one message".to_owned())
            }
            _ => (Code::BadRequest, error.body_text()),
        };
        viewer.failure(Problem::shown(code, &words))
    };
    let (mut sent, mut trusted) = (Sent::default(), false);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("csrf") => trusted = viewer.sent(&field.text().await.map_err(broken)?),
            _ if !trusted => return Err(viewer.stale()),
            Some("with") => sent.with = field.text().await.map_err(broken)?,
            Some("text") => sent.text = field.text().await.map_err(broken)?,
            Some("confirmed") => sent.confirmed = field.text().await.map_err(broken)? == "yes",
            Some("share") => sent.share = field.text().await.map_err(broken)? == "yes",
            Some("document") => {
                sent.documents.extend(field.text().await.map_err(broken)?.parse::<DocumentId>());
            }
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(broken)?.to_vec();
                // A field for files that was left empty comes without a name.
                if !name.is_empty() {
                    sent.files.push(NewFile { name, bytes });
                }
            }
            _ => {}
        }
    }
    if trusted { Ok(sent) } else { Err(viewer.stale()) }
}
