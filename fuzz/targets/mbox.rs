//! Reads mailboxes.

#![no_main]

use munshi_fuzz::documents::reading::{Format, read_unconfined};

libfuzzer_sys::fuzz_target!(init: munshi_fuzz::quiet(), |bytes: &[u8]| {
    read_unconfined(Format::Mbox, bytes);
});
