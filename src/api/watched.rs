//! Downloads that end when what they carry is no longer open to who asked.

use std::io;

use axum::body::Bytes;
use futures_util::{Stream, StreamExt};

use crate::app::App;
use crate::kernel::{DocumentId, ExportId, Scope};

/// What a download carries.
#[derive(Clone, Copy)]
pub(super) enum Carried {
    Document(DocumentId),
    Export(ExportId),
}

impl Carried {
    async fn is_open(self, app: &App, scope: &Scope) -> io::Result<bool> {
        match self {
            Self::Document(id) => {
                app.documents.all_open(scope, &[id]).await.map_err(io::Error::other)
            }
            Self::Export(id) => {
                app.privacy.is_export_open(scope, id).await.map_err(io::Error::other)
            }
        }
    }
}

/// The bytes of a download, piece by piece. Before each piece it is asked whether what
/// they are of is still open to the caller; when it is not, the transfer breaks off, so
/// that nobody takes a part for the whole.
pub(super) fn watched<S>(
    app: App,
    scope: &Scope,
    carried: Carried,
    bytes: S,
) -> impl Stream<Item = io::Result<Bytes>> + Send + use<S>
where
    S: Stream<Item = io::Result<Bytes>> + Send,
{
    let user = scope.user();
    bytes.then(move |piece| {
        let app = app.clone();
        async move {
            let piece = piece?;
            let scope = app.auth.scope_now(user).await.map_err(|_| closed())?;
            if carried.is_open(&app, &scope).await? { Ok(piece) } else { Err(closed()) }
        }
    })
}

fn closed() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "this is no longer open to the caller")
}
