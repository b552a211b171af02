//! Takes the stored word boxes of a page apart; what can be taken apart is written
//! and read again to the same words.

#![no_main]

use munshi_fuzz::documents::reading::Layout;

libfuzzer_sys::fuzz_target!(init: munshi_fuzz::quiet(), |bytes: &[u8]| {
    // The first byte is the version; the rest is packed here, since hardly any chance
    // change would leave a packed frame whole.
    let Some((version, raw)) = bytes.split_first() else { return };
    let Ok(frame) = zstd::bulk::compress(raw, 1) else { return };
    if let Ok(layout) = Layout::from_bytes(&[&[*version], frame.as_slice()].concat()) {
        let again = Layout::from_bytes(&layout.to_bytes()).expect("what was written is read");
        assert_eq!(again.words.len(), layout.words.len());
    }
});
