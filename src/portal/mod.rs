//! The portal: what a client sees, which is the documents shared with them and
//! nothing else.

use crate::documents::{Document, DocumentError, Documents};
use crate::kernel::{Permission, Scope};

/// What can be done in the portal.
#[derive(Clone)]
pub struct Portal {
    documents: Documents,
}

/// Why the portal shows nothing.
#[derive(Debug, thiserror::Error)]
pub enum PortalError {
    /// The caller is one of the chamber's own people.
    #[error("the portal is for clients; your documents are under Cases")]
    NotAClient,
    /// The documents could not be fetched.
    #[error(transparent)]
    Documents(#[from] DocumentError),
}

impl Portal {
    /// Puts the area together.
    #[must_use]
    pub fn new(documents: Documents) -> Self {
        Self { documents }
    }

    /// The documents shared with the client who asks, newest first.
    ///
    /// # Errors
    /// Fails for anyone who is not a client.
    pub async fn shared(&self, scope: &Scope) -> Result<Vec<Document>, PortalError> {
        if !scope.may(Permission::UsePortal) {
            return Err(PortalError::NotAClient);
        }
        Ok(self.documents.recent(scope).await?)
    }
}
