//! The `[audit]` section.

use serde::Deserialize;

use crate::audit::Settings;

/// The shortest time the record may be kept, in days: a year.
const SHORTEST: u32 = 365;

/// The `[audit]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// How long rows are kept, in days.
    pub keep_days: u32,
    /// Whether addresses are kept whole.
    pub whole_addresses: bool,
    /// Whether what was searched for is kept in words.
    pub search_text: bool,
}

impl Audit {
    /// The same as the record takes it.
    #[must_use]
    pub const fn settings(&self) -> Settings {
        let Self { keep_days, whole_addresses, search_text } = *self;
        Settings { keep_days, whole_addresses, search_text }
    }

    pub(super) fn check(&self, check: &mut impl FnMut(bool, &str)) {
        let words = format!("`audit.keep_days` must be at least {SHORTEST}");
        check(self.keep_days >= SHORTEST, &words);
    }

    pub(super) fn masked(&self) -> String {
        let Self { keep_days, whole_addresses, search_text } = self;
        format!(
            "[audit]\nkeep_days = {keep_days}\nwhole_addresses = {whole_addresses}\n\
             search_text = {search_text}\n"
        )
    }
}
