//! Connections: how many there may be, how slow they may be, and their orderly end.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::config::Config;

/// How many headers a request may have.
const MOST_HEADERS: usize = 64;
/// How large the head of a request may be, in bytes.
const LARGEST_HEAD: usize = 64 << 10;
/// How long to wait when the machine lets no more connections be opened.
const BREATH: Duration = Duration::from_millis(500);

/// What connections are held to.
#[derive(Debug, Clone)]
pub struct Connections {
    all: Arc<Semaphore>,
    each: usize,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
    trusted: Vec<IpAddr>,
    head: Duration,
    idle: Duration,
}

/// A connection's place among those of its address.
struct Place {
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
    address: IpAddr,
}

impl Connections {
    /// As the settings have it.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let limits = &config.limits;
        Self {
            all: Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS))),
            each: limits.connections_per_address,
            open: Arc::default(),
            trusted: config.http.trusted_proxies.clone(),
            head: Duration::from_secs(limits.head_secs),
            idle: Duration::from_secs(limits.idle_secs),
        }
    }

    /// A place for one more connection from an address; none when it has its share.
    fn place(&self, address: IpAddr) -> Option<Place> {
        let address = address.to_canonical();
        let each = if self.trusted.contains(&address) { usize::MAX } else { self.each };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        if *count >= each {
            return None;
        }
        *count += 1;
        Some(Place { open: Arc::clone(&self.open), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

/// Answers whoever connects until told to stop, then lets the answers under way end.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    connections: Connections,
    stop: CancellationToken,
) {
    let tasks = TaskTracker::new();
    loop {
        let next = async {
            // Nobody is let in while the house is full: they wait at the door.
            let permit = Arc::clone(&connections.all).acquire_owned().await.ok()?;
            Some((permit, listener.accept().await))
        };
        let (permit, accepted) = tokio::select! {
            () = stop.cancelled() => break,
            next = next => match next {
                Some(next) => next,
                None => break,
            },
        };
        match accepted {
            Ok((stream, peer)) => {
                if let Some(place) = connections.place(peer.ip()) {
                    let room = (permit, place);
                    let (router, stop) = (router.clone(), stop.clone());
                    let (head, idle) = (connections.head, connections.idle);
                    tasks.spawn(connection(stream, peer, router, (head, idle), stop, room));
                }
            }
            Err(error) if of_the_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    drop(listener);
    tasks.close();
    tasks.wait().await;
}

/// Whether it was the other end that failed.
fn of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    (head, idle): (Duration, Duration),
    stop: CancellationToken,
    _held: (OwnedSemaphorePermit, Place),
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::trace!(%error, "a connection ended before it began");
        return;
    }
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_headers(MOST_HEADERS)
        .max_header_size(LARGEST_HEAD)
        .max_buf_size(2 * LARGEST_HEAD);
    let serving = http.serve_connection(TokioIo::new(Patient::new(stream, idle)), service);
    let mut serving = std::pin::pin!(serving);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// A stream that is given up when its reader takes nothing for a while.
struct Patient {
    stream: TcpStream,
    idle: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    const fn new(stream: TcpStream, idle: Duration) -> Self {
        Self { stream, idle, stalled: None }
    }

    /// Passes on what a write came to, unless it has been waited for long enough.
    fn judge<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let idle = self.idle;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(idle)));
        stalled.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.judge(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.judge(flushed, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_share_and_gives_it_back() {
        let config = Config::from_toml(
            "limits.connections_per_address = 2\nhttp.trusted_proxies = [\"10.0.0.1\"]",
        );
        let connections = Connections::of(&config.unwrap());
        let place = |address: &str| connections.place(address.parse().unwrap());
        let (one, _two) = (place("203.0.113.9").unwrap(), place("::ffff:203.0.113.9").unwrap());
        assert!(place("203.0.113.9").is_none());
        assert!(place("203.0.113.10").is_some());
        drop(one);
        assert!(place("203.0.113.9").is_some());
        let proxied: Vec<_> = (0..50).map(|_| place("10.0.0.1")).collect();
        assert!(proxied.iter().all(Option::is_some));
        assert_eq!(connections.open.lock().unwrap().len(), 2);
    }
}
