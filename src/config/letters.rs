//! The `[mail]` and `[sms]` sections: what delivers letters.

use std::collections::BTreeMap;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::Outside;
use crate::outbox::{BadCarrier, Carriers, Gateway, MailServer};
use crate::outside::Outside as Rule;

/// The `[mail]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The mail server's address with user and password; empty means mail waits.
    pub smtp_url: SecretString,
    /// Who letters are from.
    pub from: String,
}

/// The `[sms]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    /// The gateway's address; empty means text messages wait.
    pub url: String,
    /// The body of a request, with `{number}` and `{text}`.
    pub body: String,
    /// The headers of a request, such as the one with the key.
    pub headers: BTreeMap<String, SecretString>,
}

impl Mail {
    /// Whether mail is delivered.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        !self.smtp_url.expose_secret().is_empty()
    }

    pub(super) fn masked(&self, mask: impl Fn(&SecretString) -> &'static str) -> String {
        format!("[mail]\nsmtp_url = {:?}\nfrom = {:?}\n", mask(&self.smtp_url), self.from)
    }
}

impl Sms {
    /// Whether text messages are delivered.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        !self.url.is_empty()
    }

    pub(super) fn masked(&self, mask: impl Fn(&SecretString) -> &'static str) -> String {
        let headers =
            self.headers.iter().map(|(name, value)| format!("{name:?} = {:?}", mask(value)));
        format!(
            "[sms]\nurl = {:?}\nbody = {:?}\nheaders = {{ {} }}\n",
            masked_query(&self.url),
            self.body,
            headers.collect::<Vec<_>>().join(", ")
        )
    }
}

/// An address without what follows its `?`, where some gateways want their key.
fn masked_query(url: &str) -> String {
    url.split_once('?').map_or_else(|| url.to_owned(), |(place, _)| format!("{place}?********"))
}

/// Checks both sections: each rule and the sentence for who breaks it.
pub(super) fn check(mail: &Mail, sms: &Sms, outside: &Outside, check: &mut impl FnMut(bool, &str)) {
    outside.check("sms.url", &sms.url, check);
    let rule = outside.rule();
    let (mail, sms) = (mail_server(mail).map(drop), gateway(sms, &rule).map(drop));
    for (name, made) in [("mail", mail), ("sms", sms)] {
        if let Err(error) = made {
            check(false, &format!("`[{name}]`: {error}"));
        }
    }
}

/// What delivers letters by these sections.
///
/// # Errors
/// Fails when one of them cannot be used.
pub fn carriers(mail: &Mail, sms: &Sms, outside: &Outside) -> Result<Carriers, BadCarrier> {
    let mail = mail_server(mail)?;
    let sms = gateway(sms, &outside.rule())?;
    Ok(Carriers {
        mail: mail.map(|mail| Arc::new(mail) as _),
        sms: sms.map(|sms| Arc::new(sms) as _),
    })
}

fn mail_server(mail: &Mail) -> Result<Option<MailServer>, BadCarrier> {
    mail.is_configured().then(|| MailServer::new(&mail.smtp_url, &mail.from)).transpose()
}

fn gateway(sms: &Sms, rule: &Rule) -> Result<Option<Gateway>, BadCarrier> {
    let made = || Gateway::new(&sms.url, &sms.headers, &sms.body, rule);
    sms.is_configured().then(made).transpose()
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn letters_wait_unless_something_else_is_said() {
        let config = Config::from_toml("").unwrap();
        assert!(!config.mail.is_configured() && !config.sms.is_configured());
    }

    #[test]
    fn mistakes_are_told_without_the_secrets_in_them() {
        for text in [
            "[mail]\nsmtp_url = \"smtp://u:secret-1@host\"\nfrom = \"nobody\"",
            "[mail]\nsmtp_url = \"gopher://u:secret-1@host\"\nfrom = \"a@b.in\"",
            "[sms]\nurl = \"ftp://host/?key=secret-1\"",
            "[sms]\nurl = \"http://host/\"\nbody = \"to={number}\"\nheaders = { x = \"secret-1\" }",
        ] {
            let error = Config::from_toml(text).unwrap_err().to_string();
            assert!(error.contains("mistakes") && !error.contains("secret-1"), "{error}");
        }
    }

    #[test]
    fn secrets_are_masked() {
        let text = "[mail]\nsmtp_url = \"smtp://u:secret-1@host\"\nfrom = \"a@b.in\"\n[sms]\n\
                    url = \"https://host/send?key=secret-2\"\nheaders = { authorization = \"secret-3\" }";
        let masked = Config::from_toml(text).unwrap().masked();
        assert!(!masked.contains("secret-"), "{masked}");
        assert!(masked.contains("\"authorization\" = \"*"), "{masked}");
    }
}
