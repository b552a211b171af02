//! Requests as they stand on the wire: headers seen and sent, over real sockets too.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use munshi::config::Config;
use munshi::edge::{Connections, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::{PASSWORD, TestApp};

/// An answer with its headers.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Raw {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Sends a request with these headers through the service in process.
pub(crate) async fn send(
    router: &Router,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Raw {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = axum::body::to_bytes(response.into_body(), 64 << 20).await.unwrap();
    Raw { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
}

pub(crate) const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Signs the admin in on the pages and gives the cookie.
pub(crate) async fn cookie(app: &TestApp) -> String {
    app.admin().await;
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("email", "admin@example.in")
        .append_pair("password", PASSWORD)
        .finish();
    let entered = send(&app.router, Method::POST, "/sign-in", &[FORM], &form).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{entered:?}");
    entered.header("set-cookie").split(';').next().unwrap().to_owned()
}

/// Serves a router over a real socket as the program does, until the token is cancelled.
pub(crate) async fn listen(router: Router, settings: &str) -> (String, CancellationToken) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let connections = Connections::of(&Config::from_toml(settings).unwrap());
    let stop = CancellationToken::new();
    tokio::spawn(serve(listener, router, connections, stop.clone()));
    (address, stop)
}

/// Sends bytes over a socket of their own and reads until the other end closes.
pub(crate) async fn spoken(address: &str, said: &str) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(said.as_bytes()).await.unwrap();
    heard(&mut socket).await
}

/// Reads until the other end closes or breaks off.
pub(crate) async fn heard(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let reading = socket.read_to_end(&mut bytes);
    let _ = tokio::time::timeout(std::time::Duration::from_secs(20), reading)
        .await
        .expect("the connection is ended");
    String::from_utf8_lossy(&bytes).into_owned()
}
