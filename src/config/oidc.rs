//! The `[oidc]` section: the firm's own sign-in provider.

use secrecy::SecretString;
use serde::Deserialize;

/// The `[oidc]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// The provider's address; empty for none.
    pub issuer: String,
    /// What this service is called there.
    pub client_id: String,
    /// The secret agreed with it.
    pub client_secret: SecretString,
    /// What people call it.
    pub name: String,
    /// The domains mail addresses must be of.
    pub domains: Vec<String>,
    /// The values of `acr` or `amr` that say a second factor was checked there.
    pub second_factor: Vec<String>,
}

impl Oidc {
    /// Checks the section: each rule and the sentence for who breaks it.
    pub(super) fn check(&self, check: &mut impl FnMut(bool, &str)) {
        if self.issuer.is_empty() {
            return;
        }
        check(!self.client_id.is_empty(), "`oidc.issuer` needs `oidc.client_id`");
        check(!self.name.is_empty(), "`oidc.issuer` needs `oidc.name`, the words of the button");
    }

    /// The section as TOML with the secret masked.
    pub(super) fn masked(&self, mask: impl Fn(&SecretString) -> &'static str) -> String {
        let Self { issuer, client_id, client_secret, name, domains, second_factor } = self;
        format!(
            "[oidc]\nissuer = {issuer:?}\nclient_id = {client_id:?}\nclient_secret = {:?}\n\
             name = {name:?}\ndomains = {domains:?}\nsecond_factor = {second_factor:?}\n",
            mask(client_secret)
        )
    }

    /// Whether a provider is named.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !self.issuer.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn a_provider_is_reached_over_tls_and_has_a_name() {
        assert!(!Config::from_toml("").unwrap().oidc.is_set());
        let plain = "[oidc]\nissuer = \"http://id.example.in\"";
        let error = Config::from_toml(plain).unwrap_err().to_string();
        for setting in ["oidc.issuer", "oidc.client_id", "oidc.name"] {
            assert!(error.contains(setting), "{error}");
        }
    }

    #[test]
    fn the_secret_is_masked() {
        let text = "[oidc]\nissuer = \"https://id.example.in\"\nclient_id = \"m\"\nname = \"ID\"\n\
                    client_secret = \"k-1\"";
        let masked = Config::from_toml(text).unwrap().masked();
        assert!(!masked.contains("k-1") && masked.contains("client_secret = \"*"), "{masked}");
    }
}
