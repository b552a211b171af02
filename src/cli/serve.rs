//! `munshi serve` and `munshi worker`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{open, out, sample};
use crate::app::{App, Duty};
use crate::config::Config;
use crate::edge;

/// How long requests and jobs under way may take to end once asked to.
const GRACE: Duration = Duration::from_secs(10);

/// What `serve` takes.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// Load the sample chamber when nobody has an account yet.
    #[arg(long)]
    sample_chamber: bool,
}

/// Serves until asked to stop.
pub(super) async fn serve(config: Config, options: Options) -> anyhow::Result<ExitCode> {
    let listen = config.http.listen;
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!("cannot listen on {listen}; is Munshi running already, or another service?")
    })?;
    let duty = if config.jobs.run { Duty::Work } else { Duty::Read };
    let app = open::open(config, duty).await.map_err(|error| match duty {
        Duty::Work => error,
        Duty::Read => {
            error.context("`[jobs] run` is off: start `munshi worker` on this folder first")
        }
    })?;
    let stop = stopping()?;
    if options.sample_chamber {
        begin_sample(&app, duty).await?;
    }
    greet(&app, listener.local_addr()?).await?;

    let connections = edge::Connections::of(&app.config);
    let server = edge::serve(listener, edge::service(app.clone()), connections, stop.clone());
    let worker = async {
        match duty {
            Duty::Work => app.work(stop.clone()).await,
            Duty::Read => stop.cancelled().await,
        }
    };
    let ended = async { tokio::join!(server, worker) };
    tokio::select! {
        ((), ()) = ended => {}
        () = late(&stop) => tracing::warn!("some requests or jobs were cut off; jobs start again"),
    }
    app.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Does background work until asked to stop.
pub(super) async fn work(config: Config) -> anyhow::Result<ExitCode> {
    let app = open::open(config, Duty::Work).await?;
    let stop = stopping()?;
    out::line("Munshi works in the background. Stop it with Ctrl-C.")?;
    tokio::select! {
        () = app.work(stop.clone()) => {}
        () = late(&stop) => tracing::warn!("some jobs were cut off; they start again"),
    }
    app.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Cancelled when the process is asked to end.
fn stopping() -> anyhow::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for SIGINT")?;
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        stopping.cancel();
    });
    Ok(stop)
}

/// Returns when the time to end is over.
async fn late(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(GRACE).await;
}

/// Loads the sample chamber and lets its questions be asked once it is read.
async fn begin_sample(app: &App, duty: Duty) -> anyhow::Result<()> {
    if duty == Duty::Read {
        anyhow::ensure!(
            !app.auth.needs_setup().await?,
            "the sample chamber is read by this process: set `[jobs] run = true`"
        );
        return Ok(());
    }
    if sample::load(app).await? {
        out::line("The sample chamber is loaded; its papers are being read now.\n")?;
    }
    if sample::is_loaded(app).await? {
        let app = app.clone();
        tokio::spawn(async move {
            if let Err(error) = sample::ask_when_read(&app).await {
                tracing::warn!("the sample questions were not asked: {error:#}");
            }
        });
    }
    Ok(())
}

/// Says where to go, with what, and what is missing.
async fn greet(app: &App, address: SocketAddr) -> anyhow::Result<()> {
    let home = home(app, address);
    if app.auth.needs_setup().await? {
        out::line(&format!("Munshi is ready. Create the first account at {home}setup"))?;
    } else {
        out::line(&format!("Munshi is ready at {home}"))?;
    }
    if sample::is_loaded(app).await? {
        out::line("\nSample sign-ins (everyone and everything in the sample is invented):")?;
        for (email, password, role) in sample::sign_ins()? {
            out::line(&format!("  {email:<34} {password:<24} {role}"))?;
        }
    }
    if !app.missing.is_empty() {
        out::line("\nNot there, and how to get it:")?;
        for missing in app.missing.iter() {
            out::line(&format!("  - {missing}"))?;
        }
    }
    out::line("\nStop it with Ctrl-C.")?;
    Ok(())
}

/// The address people type: the one in the settings, unless that is this machine's
/// own, whose port is then the one really listened on.
fn home(app: &App, address: SocketAddr) -> String {
    let public = &app.config.http.public_url;
    let local = matches!(public.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    if !local {
        return public.to_string();
    }
    let ip =
        if address.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { address.ip() };
    format!("http://{}/", SocketAddr::new(ip, address.port()))
}
