//! Standard error: progress bars, and the log above them.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use crate::edge::redaction::redacted;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// The bars of one command. Nothing is drawn when nobody is looking.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress {
    bars: MultiProgress,
}

impl Progress {
    /// Sends the log to standard error, above the bars.
    pub(super) fn start_log(&self, filter: &str) -> anyhow::Result<()> {
        let filter = EnvFilter::try_new(filter)?;
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(io::stderr().is_terminal())
            .with_writer(Above(self.bars.clone()))
            .try_init()
            .map_err(|error| anyhow::anyhow!(error))?;
        // A panic's words go the same way as the rest of the log.
        std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "a bug")));
        Ok(())
    }

    /// A bar that counts something.
    pub(super) fn counts(&self, what: &'static str) -> ProgressBar {
        self.bar(what, "{prefix:12} {bar:30} {pos}/{len} {msg}")
    }

    /// A bar that counts bytes.
    pub(super) fn bytes(&self, what: &'static str) -> ProgressBar {
        self.bar(what, "{prefix:12} {bar:30} {bytes}/{total_bytes} {wide_msg}")
    }

    /// A sign of life with a word on what is being done.
    pub(super) fn waits(&self) -> ProgressBar {
        let bar = self.bar("", "{spinner} {msg}");
        bar.enable_steady_tick(Duration::from_millis(120));
        bar
    }

    fn bar(&self, what: &'static str, template: &str) -> ProgressBar {
        let style = ProgressStyle::with_template(template);
        let bar = self.bars.add(ProgressBar::new(0));
        bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_prefix(what)
    }

    /// Says something to the person, above the bars.
    pub(super) fn say(&self, line: &str) {
        self.bars.suspend(|| eprintln!("{line}"));
    }
}

/// Writes to standard error without tearing the bars, and without secrets.
#[derive(Clone)]
struct Above(MultiProgress);

impl Write for Above {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(bytes);
        let line = redacted(&line);
        self.0.suspend(|| io::stderr().write_all(line.as_bytes()))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl<'a> MakeWriter<'a> for Above {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
