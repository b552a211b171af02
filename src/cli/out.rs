//! Standard output: what a command gives, for people or, with `--json`, for
//! programs. The only place that writes to it.
//!
//! A reader that has seen enough (`munshi search … | head`) closes the pipe; that
//! is an error here like any other, and `is_closed` lets it end in silence.

use std::io::{self, IsTerminal, Write};

use serde_json::Value;

/// Writes text as it is, and shows it at once.
pub(super) fn text(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes a line.
pub(super) fn line(line: &str) -> io::Result<()> {
    text(&format!("{line}\n"))
}

/// Writes the one JSON document of a command.
pub(super) fn json(value: &Value) -> io::Result<()> {
    line(&format!("{value:#}"))
}

/// Writes words in bold when a person is looking.
pub(super) fn bold(words: &str) -> String {
    if io::stdout().is_terminal() { format!("\x1b[1m{words}\x1b[0m") } else { words.to_owned() }
}

/// Whether the reader has gone away.
pub(super) fn is_closed(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// A number of things: `1 page`, `3 pages`.
pub(super) fn count(number: impl Into<i64>, noun: &str) -> String {
    let number = number.into();
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
