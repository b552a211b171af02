//! Running `tesseract`: the one place where it is started.

use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::AsyncWriteExt;

use super::{Placement, Recognised, Seen, orientation, tsv};
use crate::documents::reading::Reader;

/// What `tesseract` may take of memory, in MiB: two languages and a page of A4 at 300
/// dots an inch take about 300.
const MEMORY_MIB: u64 = 2048;

/// A picture to be recognised, and what is known of it.
#[derive(Clone, Copy)]
pub(in crate::documents::reading) struct Picture<'a> {
    /// The picture, in any form `tesseract` knows.
    pub(in crate::documents::reading) bytes: &'a [u8],
    /// How it lies on its page; when unknown, it is as wide as the page.
    pub(in crate::documents::reading) placement: Option<Placement>,
    /// Width and height of the page, in points.
    pub(in crate::documents::reading) page: (f32, f32),
}

/// How `tesseract` is to look at a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::documents::reading) enum Look {
    /// As a page that stands upright: its mode 3.
    Upright,
    /// As a page that may lie on a side or on its head: its mode 1, which needs the
    /// data `osd`. Costs a fifth more.
    AnyWayUp,
}

impl Reader {
    /// Recognises a picture.
    ///
    /// # Errors
    /// Fails with a message for the reader of the page.
    pub(in crate::documents::reading) async fn recognise(
        &self,
        picture: Picture<'_>,
        languages: &str,
        look: Look,
    ) -> Result<Recognised, String> {
        let mode = match look {
            Look::Upright => "3",
            Look::AnyWayUp => "1",
        };
        let output = self.run(&["-l", languages, "--psm", mode, "tsv"], picture.bytes).await?;
        if !output.status.success() {
            return Err("text recognition failed on the picture of this page".into());
        }
        let table = String::from_utf8_lossy(&output.stdout);
        Ok(tsv::parse(&table, picture.page, picture.placement))
    }

    /// Which way up a picture is and in which script; `None` when it cannot be told or
    /// the data `osd` is missing.
    pub(in crate::documents::reading) async fn see(&self, picture: Picture<'_>) -> Option<Seen> {
        let output = self.run(&["-l", "osd", "--psm", "0"], picture.bytes).await.ok()?;
        orientation::parse(&String::from_utf8_lossy(&output.stdout))
    }

    /// Hands a picture to the program and returns what it says.
    async fn run(&self, options: &[&str], picture: &[u8]) -> Result<Output, String> {
        let ocr = self.ocr();
        let dpi = ocr.dpi.to_string();
        let mut command = self.helper(&ocr.binary, MEMORY_MIB, ocr.page_secs);
        command
            .args(["-", "-", "--dpi", &dpi])
            .args(options)
            // Several threads cost more processor time than they save.
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let failed = |error: std::io::Error| format!("text recognition could not run: {error}");
        let mut child = command.spawn().map_err(failed)?;
        let input = child.stdin.take();
        let work = async {
            let feed = async {
                if let Some(mut input) = input {
                    // A program that does not want the picture says so by its exit.
                    let _refused = input.write_all(picture).await;
                }
            };
            tokio::join!(feed, child.wait_with_output()).1
        };
        tokio::time::timeout(Duration::from_secs(ocr.page_secs), work)
            .await
            .map_err(|_| {
                format!("text recognition took longer than {} s and was stopped", ocr.page_secs)
            })?
            .map_err(failed)
    }
}
