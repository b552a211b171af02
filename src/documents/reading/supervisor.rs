//! One run of the child process, watched.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::frame::{self, Answer, Request};
use super::{Limits, ReadError};

/// The name of the hidden command that is the child.
const COMMAND: &str = "read-worker";
/// How much of the child's complaints is kept.
const COMPLAINTS: u64 = 4096;
/// How long the end of a child that closed its output is waited for.
const FAREWELL: Duration = Duration::from_secs(5);

/// A child at work. Dropping it ends it.
pub(super) struct Worker {
    child: Child,
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
    /// Starts a child and gives it its task.
    ///
    /// It inherits no environment: what it reads must not learn secrets.
    ///
    /// # Errors
    /// Fails when the binary cannot be started.
    pub(super) async fn start(binary: &Path, request: &Request) -> Result<Self, ReadError> {
        let mut child = Command::new(binary)
            .arg(COMMAND)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(mut input), Some(output), Some(errors)) = pipes else {
            return Err(ReadError::Io("the reader has no pipes".into()));
        };
        let mut line = serde_json::to_vec(request).map_err(std::io::Error::from)?;
        line.push(b'\n');
        input.write_all(&line).await?;
        let complaints = tokio::spawn(async move {
            let mut said = Vec::new();
            // The end of the pipe and a broken pipe are both the end.
            let _end = errors.take(COMPLAINTS).read_to_end(&mut said).await;
            String::from_utf8_lossy(&said).into_owned()
        });
        Ok(Self { child, answers: BufReader::new(output), complaints, limits: request.limits })
    }

    /// The next answer, waited for at most so long.
    ///
    /// # Errors
    /// Fails when the child is stuck or gone; it is ended then.
    pub(super) async fn next(&mut self, within: Duration) -> Result<(Answer, Vec<u8>), Failure> {
        match timeout(within, frame::read(&mut self.answers)).await {
            Ok(Ok(Some(answer))) => Ok(answer),
            Ok(Ok(None) | Err(_)) => Err(Failure::Gone(self.why_gone().await)),
            Err(_) => {
                // It may have ended in this very moment, which is as well.
                let _ended = self.child.kill().await;
                Err(Failure::Stuck)
            }
        }
    }

    /// What ended the child, for a person.
    async fn why_gone(&mut self) -> String {
        let status = timeout(FAREWELL, self.child.wait()).await;
        let said = timeout(FAREWELL, &mut self.complaints).await;
        let said = said.ok().and_then(Result::ok).unwrap_or_default();
        let Limits { memory_mib, document_secs, .. } = self.limits;
        if said.contains("memory allocation") || said.contains("capacity overflow") {
            return format!("it needs more than {memory_mib} MiB of memory");
        }
        if said.contains("overflowed its stack") {
            return "it is nested too deeply".into();
        }
        match status {
            Ok(Ok(status)) if signal(status) == Some(SIGXCPU) => {
                format!("it needs more than {document_secs} s of processor time")
            }
            Ok(Ok(status)) => status.to_string(),
            _ => "it does not answer".into(),
        }
    }
}

/// Sent by the system when the processor time is used up.
const SIGXCPU: i32 = 24;

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}
