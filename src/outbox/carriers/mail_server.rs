//! Mail over SMTP.

use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::response::Code;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use super::{BadCarrier, Carrier, NotCarried, short};
use crate::kernel::LetterId;
use crate::outbox::Words;

/// How long the server may take to accept a connection.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it may take for a letter in all; lettre waits for an answer without end.
const WHOLE: Duration = Duration::from_mins(1);
/// Refusals that speak of the account the service has there and not of a letter (RFC 4954):
/// a password that was changed is mended by an admin, and the letters shall still go.
const OF_THE_ACCOUNT: [u16; 4] = [530, 534, 535, 538];

/// A mail server that takes letters.
pub struct MailServer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    whole: Duration,
}

impl MailServer {
    /// Describes a server by its address: `smtps://user:password@host` for TLS from the
    /// first byte, `smtp://…` for STARTTLS, without which nothing is sent. Only a server
    /// on this machine is spoken to in the clear.
    ///
    /// # Errors
    /// Fails when the address or the sender cannot be understood.
    pub fn new(url: &SecretString, from: &str) -> Result<Self, BadCarrier> {
        let bad = || BadCarrier("it must be an address such as `smtps://user:pw@host`".to_owned());
        let mut url = Url::parse(url.expose_secret()).map_err(|_| bad())?;
        let encrypted = match url.scheme() {
            "smtps" => true,
            "smtp" => false,
            _ => return Err(bad()),
        };
        let host = url.host_str().ok_or_else(bad)?.to_owned();
        let query = (!encrypted && !is_this_machine(&host)).then_some("tls=required");
        url.set_query(query);
        // What lettre says of a bad address may hold the password; it is not passed on.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str())
            .map_err(|_| bad())?
            .timeout(Some(PATIENCE))
            .build();
        let from = from.parse().map_err(|_| {
            BadCarrier("the sender must be an address such as `Chamber <office@host>`".to_owned())
        })?;
        Ok(Self { transport, from, whole: WHOLE })
    }
}

/// Whether a host is this machine itself, by an address or name that nothing else has.
fn is_this_machine(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Ok(Host::Domain(name)) => {
            let address = name.parse::<IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        Err(_) => false,
    }
}

#[async_trait]
impl Carrier for MailServer {
    async fn carry(&self, id: LetterId, recipient: &str, words: &Words) -> Result<(), NotCarried> {
        let never = |reason: &dyn std::fmt::Display| NotCarried::Never(short(&reason.to_string()));
        let to = recipient.parse().map_err(|_| never(&"the recipient is no mail address"))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            // The same each time, so that a letter that goes out twice is shown once.
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .subject(&words.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(words.text.clone())
            .map_err(|error| never(&error))?;
        match tokio::time::timeout(self.whole, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => {
                let cause = std::error::Error::source(&error);
                let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
                let reason = short(&format!("the mail server did not take it: {error}{cause}"));
                let never = error.is_permanent() && error.status().is_none_or(is_of_the_letter);
                Err(if never { NotCarried::Never(reason) } else { NotCarried::Now(reason) })
            }
            Err(_) => Err(NotCarried::Now("the mail server did not answer in time".to_owned())),
        }
    }
}

/// Whether a refusal speaks of the letter or its recipient.
fn is_of_the_letter(code: Code) -> bool {
    !OF_THE_ACCOUNT.contains(&u16::from(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(url: &str) -> Result<MailServer, BadCarrier> {
        MailServer::new(&url.to_owned().into(), "Chamber <office@example.in>")
    }

    #[tokio::test]
    async fn addresses_are_understood_or_refused_without_their_password() {
        for good in [
            "smtps://user:p%40ss@mail.example.in",
            "smtp://user:secret@mail.example.in:587",
            "smtp://127.0.0.1:2525",
            "smtp://[::1]:2525",
            "smtp://localhost",
        ] {
            assert!(made(good).is_ok(), "{good}");
        }
        for bad in ["", "http://user:secret@host", "smtp://", "mail.example.in:25"] {
            let error = made(bad).err().map(|error| error.to_string());
            assert!(error.as_ref().is_some_and(|error| !error.contains("secret")), "{bad}");
        }
        let from = MailServer::new(&"smtp://localhost".to_owned().into(), "nobody at all");
        assert!(from.is_err());
    }

    #[tokio::test]
    async fn a_server_that_says_nothing_is_given_up_for_now() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut server = made(&format!("smtp://{}", listener.local_addr().unwrap())).unwrap();
        server.whole = Duration::from_millis(100);
        let words = Words { subject: "A code".to_owned(), text: "123456".to_owned() };
        let carried = server.carry(LetterId::new(), "khan@example.in", &words).await;
        let reason = "the mail server did not answer in time".to_owned();
        assert_eq!(carried, Err(NotCarried::Now(reason)));
    }

    #[test]
    fn only_this_machine_is_spoken_to_in_the_clear() {
        for host in ["127.0.0.1", "127.8.8.8", "[::1]", "localhost"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["10.0.0.1", "localhost.example.in", "mail", "0.0.0.0", "[::2]"] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
