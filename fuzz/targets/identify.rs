//! Tells what a file is.

#![no_main]

use std::io::Write;

use munshi_fuzz::documents::reading::identify;

libfuzzer_sys::fuzz_target!(init: munshi_fuzz::quiet(), |bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    file.write_all(bytes).expect("a temporary file can be written");
    // That it is refused is as good an answer as any.
    let _refused = identify(&bytes[..bytes.len().min(8192)], file.path());
});
