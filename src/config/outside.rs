//! The `[outside]` section: services outside that are asked although they look odd.

use serde::Deserialize;
use url::Url;

/// The `[outside]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outside {
    /// Hosts that are asked in the clear, and wherever their names lead.
    pub hosts: Vec<String>,
}

impl Outside {
    /// The rule about what is asked.
    #[must_use]
    pub fn rule(&self) -> crate::outside::Outside {
        crate::outside::Outside::new(&self.hosts)
    }

    /// Checks an address, when one is set: by the rule, in the words of its setting.
    pub(super) fn check(&self, name: &str, url: &str, check: &mut impl FnMut(bool, &str)) {
        if url.is_empty() {
            return;
        }
        let judged = Url::parse(url)
            .map_err(|_| crate::outside::NotAllowed::NoHost)
            .and_then(|url| self.rule().check(&url));
        if let Err(error) = judged {
            check(false, &format!("`{name}`: {error}"));
        }
    }

    /// The section as TOML.
    pub(super) fn masked(&self) -> String {
        format!("[outside]\nhosts = {:?}\n", self.hosts)
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    /// Each service of the settings with an address put in its place.
    const PLACES: [(&str, &str); 7] = [
        ("llm.providers.base_url", "[[llm.providers]]\nmodel = \"m\"\nbase_url = \"URL\""),
        ("llm.base_url", "[llm]\nmodel = \"m\"\nbase_url = \"URL\""),
        ("embeddings.base_url", "[embeddings]\nmodel = \"m\"\nbase_url = \"URL\""),
        (
            "embeddings.candidates.base_url",
            "[[embeddings.candidates]]\nname = \"n\"\nmodel = \"m\"\ndimensions = 8\nbase_url = \"URL\"",
        ),
        ("sms.url", "[sms]\nurl = \"URL\""),
        ("oidc.issuer", "[oidc]\nclient_id = \"m\"\nname = \"ID\"\nissuer = \"URL\""),
        ("vectors.qdrant_url", "[vectors]\nstore = \"qdrant\"\nqdrant_url = \"URL\""),
    ];

    #[test]
    fn one_rule_holds_for_every_service() {
        for (name, section) in PLACES {
            let with = |url: &str, more: &str| {
                Config::from_toml(&format!("{more}\n{}", section.replace("URL", url)))
            };
            for good in
                ["https://service.example.in/v1", "http://127.0.0.1:9000", "http://[::1]:9000"]
            {
                assert!(with(good, "").is_ok(), "{name}: {good}");
            }
            for bad in [
                "http://service.example.in/v1",
                "http://service:9000",
                "https://user:secret-1@service.example.in/",
                "https://169.254.169.254/latest",
                "https://[fd00:ec2::254]/",
                "https://2852039166/",
                "ftp://127.0.0.1/",
                "no address",
            ] {
                let error = with(bad, "").unwrap_err().to_string();
                assert!(error.contains(name) && !error.contains("secret-1"), "{bad}: {error}");
            }
            let named = "[outside]\nhosts = [\"service\", \"169.254.169.254\"]";
            for excepted in ["http://service:9000", "http://169.254.169.254/"] {
                assert!(with(excepted, named).is_ok(), "{name}: {excepted}");
            }
        }
    }
}
