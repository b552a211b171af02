//! How much a document may cost before its reading is stopped.

use serde::{Deserialize, Serialize};

/// What the reading process may use.
///
/// Memory, processor time and open files are enforced by the system on the
/// child process; the time of a page by a watchdog in the parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Address space of the child, in MiB.
    pub memory_mib: u64,
    /// Seconds one page may take.
    pub page_secs: u64,
    /// Processor seconds a document may take, besides two for each page that was read.
    pub document_secs: u64,
    /// Files the child may hold open.
    pub open_files: u64,
    /// The largest file read, in MiB.
    pub file_mib: u64,
    /// The most pages a document may have.
    pub max_pages: u32,
    /// Pixels of the largest page picture; a larger page is drawn coarser.
    pub max_pixels: u64,
    /// MiB of text, word boxes and attachments one document may come to.
    pub output_mib: u64,
    /// How often a child that died is replaced before the document is given up;
    /// once more for every twenty pages that were read.
    pub restarts: u32,
    /// Children kept started and confined for the next documents.
    pub warm: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_mib: 1536,
            page_secs: 30,
            document_secs: 1800,
            open_files: 32,
            file_mib: 512,
            max_pages: 20_000,
            // An A4 page at 300 dpi has 8.7 million.
            max_pixels: 24_000_000,
            output_mib: 1024,
            restarts: 8,
            warm: 2,
        }
    }
}
