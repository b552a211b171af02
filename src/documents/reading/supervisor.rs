//! One run of the child process, watched.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};

use super::confine::{self, Confinement};
use super::frame::{self, Answer, Request};
use super::worker::NO_ROOM;
use super::{Limits, ReadError, channel};

/// The name of the hidden command that is the child.
pub(super) const COMMAND: &str = "read-worker";
/// How much of the child's complaints is kept.
const COMPLAINTS: u64 = 4096;
/// How long the end of a child that closed its output is waited for.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long a started child may take to confine itself.
const START: Duration = Duration::from_secs(30);

/// A child, at work or waiting for it. Dropping it ends it.
pub(super) struct Worker {
    child: Child,
    /// The child ends when this closes.
    requests: OwnedFd,
    answers: BufReader<ChildStdout>,
    complaints: JoinHandle<String>,
    limits: Limits,
}

/// How a child fails besides saying so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// It took too long and was ended.
    Stuck,
    /// It ended by itself.
    Gone(String),
}

impl Worker {
    /// Starts a child that confines itself and waits for its task.
    ///
    /// It inherits no environment: what it reads must not learn secrets.
    ///
    /// # Errors
    /// Fails when the binary cannot be started.
    pub(super) fn start(binary: &Path, limits: &Limits) -> Result<Self, ReadError> {
        let (requests, theirs) = channel::pair()?;
        let mut child = Command::new(binary)
            .arg(COMMAND)
            .env_clear()
            .stdin(Stdio::from(theirs))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(output), Some(errors)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(ReadError::Io("the reader has no pipes".into()));
        };
        // A child that has ended already says why when it is asked for answers.
        let _gone = channel::send(&requests, limits, None);
        let complaints = tokio::spawn(async move {
            let mut said = Vec::new();
            // The end of the pipe and a broken pipe are both the end.
            let _end = errors.take(COMPLAINTS).read_to_end(&mut said).await;
            String::from_utf8_lossy(&said).into_owned()
        });
        let answers = BufReader::new(output);
        Ok(Self { child, requests, answers, complaints, limits: *limits })
    }

    /// Its number in the system; `None` once it has ended.
    #[cfg(test)]
    pub(super) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Whether it still runs.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Gives the child its one task, and the file it is about.
    pub(super) fn give(&self, request: &Request, file: &File) {
        // As above: the answers tell.
        let _gone = channel::send(&self.requests, request, Some(file));
    }

    /// Waits until the child has confined itself.
    ///
    /// # Errors
    /// Fails when the child is stuck or gone; it is ended then.
    pub(super) async fn ready(&mut self) -> Result<Confinement, Failure> {
        match self.answer(Instant::now() + START).await? {
            (Answer::Ready(confinement), _) => Ok(confinement),
            _ => Err(Failure::Gone("it did not say how it is confined".into())),
        }
    }

    /// The next answer to the task, waited for at most so long.
    ///
    /// # Errors
    /// Fails when the child is stuck or gone; it is ended then.
    pub(super) async fn next(&mut self, within: Duration) -> Result<(Answer, Vec<u8>), Failure> {
        let until = Instant::now() + within;
        loop {
            let answer = self.answer(until).await?;
            if !matches!(answer.0, Answer::Ready(_)) {
                return Ok(answer);
            }
        }
    }

    async fn answer(&mut self, until: Instant) -> Result<(Answer, Vec<u8>), Failure> {
        match timeout_at(until, frame::read(&mut self.answers)).await {
            Ok(Ok(Some(answer))) => Ok(answer),
            Ok(Ok(None) | Err(_)) => Err(Failure::Gone(self.why_gone().await)),
            Err(_) => {
                // It may have ended in this very moment, which is as well.
                let _ended = self.child.kill().await;
                Err(Failure::Stuck)
            }
        }
    }

    /// Grants the child its processor time for the pages it has read.
    pub(super) fn grant(&self, pages: u32) {
        if let Some(pid) = self.child.id() {
            // A child that has less than this by the system's own limits keeps it.
            let _less = confine::grant(pid, &self.limits, pages);
        }
    }

    /// What ended the child, for a person.
    async fn why_gone(&mut self) -> String {
        let Ok(Ok(status)) = timeout(FAREWELL, self.child.wait()).await else {
            return "it does not answer".into();
        };
        let said = timeout(FAREWELL, &mut self.complaints).await;
        let said = said.ok().and_then(Result::ok).unwrap_or_default();
        reason(status, &said, &self.limits)
    }
}

/// What the end of a child and its last words mean, for a person.
fn reason(status: ExitStatus, said: &str, limits: &Limits) -> String {
    const SIGABRT: i32 = 6;
    const SIGBUS: i32 = 7;
    const SIGKILL: i32 = 9;
    const SIGSEGV: i32 = 11;
    const SIGXCPU: i32 = 24;
    let Limits { memory_mib, document_secs, .. } = limits;
    if said.contains("memory allocation") || said.contains("capacity overflow") {
        return format!("it needs more than {memory_mib} MiB of memory");
    }
    if said.contains("overflowed its stack") {
        return "it is nested too deeply".into();
    }
    match (status.signal(), status.code()) {
        (Some(SIGXCPU), _) => format!("it needs more than {document_secs} s of processor time"),
        (Some(SIGKILL), _) => "the system ended it, most likely for want of memory".into(),
        (Some(SIGSEGV | SIGBUS), _) => "the reader broke down on it".into(),
        (Some(SIGABRT), _) => "the reader gave up on it".into(),
        (_, Some(code)) if code == i32::from(NO_ROOM) => {
            format!("it could not set itself up within {memory_mib} MiB of memory")
        }
        (_, Some(0)) => "it ended without an answer".into(),
        _ => status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_has_its_reason() {
        let limits = Limits { memory_mib: 64, document_secs: 9, ..Limits::default() };
        let of = |raw, said| reason(ExitStatus::from_raw(raw), said, &limits);
        assert_eq!(
            of(6, "memory allocation of 9 bytes failed"),
            "it needs more than 64 MiB of memory"
        );
        assert_eq!(of(6, "\nthread 'x' has overflowed its stack"), "it is nested too deeply");
        assert_eq!(of(24, ""), "it needs more than 9 s of processor time");
        assert!(of(9, "").contains("the system ended it"));
        assert_eq!(of(11, ""), "the reader broke down on it");
        assert!(of(3 << 8, "").contains("within 64 MiB"));
        assert_eq!(of(2 << 8, ""), "exit status: 2");
    }
}
