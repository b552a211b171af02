//! Addresses that are asked, and those that are not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

fn rule() -> Outside {
    Outside::new(&[])
}

#[test]
fn https_is_asked_anywhere_and_http_here_only() {
    for text in [
        "https://api.example.in/v1",
        "https://10.0.0.7:8443/v1",
        "http://127.0.0.1:11434/v1",
        "http://localhost:6334",
        "http://[::1]:8080/",
        "http://model.localhost/",
    ] {
        assert_eq!(rule().check(&url(text)), Ok(()), "{text}");
    }
    for text in [
        "http://api.example.in/v1",
        "http://10.0.0.7/v1",
        "http://localhost.example.in/",
        "http://qdrant:6334",
        "ftp://127.0.0.1/",
        "gopher://localhost/",
    ] {
        assert_eq!(rule().check(&url(text)), Err(NotAllowed::Scheme), "{text}");
    }
    for text in ["data:text/plain,x", "file://localhost/etc/passwd"] {
        assert_eq!(rule().check(&url(text)), Err(NotAllowed::NoHost), "{text}");
    }
}

#[test]
fn an_address_holds_no_password() {
    for text in ["https://user:secret@api.example.in/", "https://key@api.example.in/"] {
        assert_eq!(rule().check(&url(text)), Err(NotAllowed::Credentials), "{text}");
    }
}

/// However it is written, also as one number or inside an IPv6 address.
#[test]
fn where_clouds_keep_their_secrets_is_not_asked() {
    for text in [
        "https://169.254.169.254/latest/meta-data",
        "https://2852039166/",
        "https://0xa9fea9fe/",
        "https://0251.0376.0251.0376/",
        "https://[::ffff:169.254.169.254]/",
        "https://[fd00:ec2::254]/",
        "https://[fe80::1]/",
        "https://100.100.100.200/",
        "https://0.0.0.0/",
        "https://[::]/",
    ] {
        assert!(matches!(rule().check(&url(text)), Err(NotAllowed::Closed(_))), "{text}");
    }
}

#[test]
fn hosts_named_in_the_settings_are_excepted() {
    let named = Outside::new(&["Qdrant".to_owned(), "169.254.10.1".to_owned(), "fe80::1".into()]);
    for text in
        ["http://qdrant:6334", "http://QDRANT.:6334", "http://169.254.10.1/", "http://[fe80::1]/"]
    {
        assert_eq!(named.check(&url(text)), Ok(()), "{text}");
    }
    assert_eq!(named.check(&url("http://qdrant.example.in/")), Err(NotAllowed::Scheme));
    assert!(named.check(&url("http://169.254.169.254/")).is_err());
}

#[test]
fn an_answer_leads_into_no_private_network_but_to_its_own_host() {
    let issuer = url("https://10.0.0.7/realm");
    let led = |text: &str| rule().check_led(&url(text), &issuer);
    assert_eq!(led("https://10.0.0.7/token"), Ok(()));
    assert_eq!(led("https://oauth.example.in/token"), Ok(()));
    assert_eq!(led("http://oauth.example.in/token"), Err(NotAllowed::Scheme));
    for text in ["https://10.0.0.8/", "https://127.0.0.1/", "https://[fd12::1]/"] {
        assert!(matches!(led(text), Err(NotAllowed::Private(_))), "{text}");
    }
    assert_eq!(led("http://localhost/"), Err(NotAllowed::Scheme));
    assert!(matches!(led("https://169.254.169.254/"), Err(NotAllowed::Closed(_))));
    let here = url("http://127.0.0.1:4000");
    assert_eq!(rule().check_led(&url("http://127.0.0.1:4000/keys"), &here), Ok(()));
}

/// Names that stand for what they should not, as a hostile name server would have it.
fn hostile(name: &str) -> Vec<SocketAddr> {
    let address = match name {
        "metadata.example.in" => "169.254.169.254:0",
        "inner.example.in" => "10.0.0.8:0",
        "both.example.in" => {
            return vec!["203.0.113.9:0".parse().unwrap(), "169.254.0.1:0".parse().unwrap()];
        }
        _ => "127.0.0.1:0",
    };
    vec![address.parse().unwrap()]
}

/// A server on this machine that counts who comes.
async fn server() -> (u16, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, hits) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&hits);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (port, hits)
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

#[tokio::test]
async fn what_a_name_stands_for_is_judged_when_it_is_asked() {
    let (port, hits) = server().await;
    let asked = async |from: Option<&str>, host: &str| {
        let resolver = Resolver::new(rule(), from.map(str::to_owned)).with(hostile);
        let client = client(resolver).no_proxy().build().unwrap();
        let answer = client.get(format!("https://{host}:{port}/")).send().await;
        causes(&answer.unwrap_err())
    };
    for (from, host, why) in [
        (None, "metadata.example.in", "ask their cloud for secrets"),
        (None, "both.example.in", "ask their cloud for secrets"),
        (None, "rebound.example.in", "stands for this machine"),
        (Some("id.example.in"), "inner.example.in", "in a private network"),
        (Some("id.example.in"), "rebound.example.in", "in a private network"),
    ] {
        let error = asked(from, host).await;
        assert!(error.contains(why), "{host}: {error}");
    }
    assert_eq!(hits.load(Ordering::SeqCst), 0, "something was asked");
    // A name that may stand for this machine gets as far as it.
    let error = asked(None, "model.localhost").await;
    assert!(!error.contains("outside.hosts"), "{error}");
    assert_eq!(hits.load(Ordering::SeqCst), 1);
}
