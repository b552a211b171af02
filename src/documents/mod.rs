//! Documents.

pub mod reading;
