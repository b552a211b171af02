//! The `[sign_in]` section.

use serde::Deserialize;

/// The `[sign_in]` section: how wrong passwords are met.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// How many wrong passwords for one account are free of waiting.
    pub wrong_per_account: u32,
    /// How many wrong passwords from one address are free of waiting.
    pub wrong_per_address: u32,
}

impl SignIn {
    /// Checks the section: each rule and the sentence for who breaks it.
    pub(super) fn check(&self, check: &mut impl FnMut(bool, &str)) {
        check(
            (1..=20).contains(&self.wrong_per_account),
            "`sign_in.wrong_per_account` must be from 1 to 20",
        );
        check(self.wrong_per_address > 0, "`sign_in.wrong_per_address` must be at least 1");
    }

    pub(super) fn masked(&self) -> String {
        let Self { wrong_per_account, wrong_per_address } = self;
        format!(
            "[sign_in]\nwrong_per_account = {wrong_per_account}\nwrong_per_address = {wrong_per_address}\n"
        )
    }
}
