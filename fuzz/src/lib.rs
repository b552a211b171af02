//! The reading module alone, so that the fuzz targets build without the service.

use std::panic;

#[path = "../../src/documents"]
pub mod documents {
    //! Documents, as far as reading them goes.
    #[path = "reading/mod.rs"]
    pub mod reading;
}

/// Lets panics be that are caught where a page is read: the PDF interpreter is
/// held so on purpose. One that is not caught still ends the run.
pub fn quiet() {
    panic::set_hook(Box::new(|_| {}));
}
