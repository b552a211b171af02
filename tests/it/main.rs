//! The service as a whole, in process and as a program, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that meets what it did not expect should stop and say so"
)]

mod architecture;
mod assistant;
mod browser;
mod contracts;
mod documents;
mod embeddings;
mod entities;
mod golden;
mod identity;
mod index_care;
mod kill;
mod migrations;
mod reading;
mod saved_searches;
mod search;
mod support;
mod torture;
mod usage;
mod viewer;
mod walls;
