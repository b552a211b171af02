//! The service as a whole, in process and as a program, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that meets what it did not expect should stop and say so"
)]
#![expect(clippy::large_futures, reason = "each test runs one of its own, on a stack of its own")]

mod architecture;
mod assistant;
mod attacks;
mod audit;
mod browser;
mod case_roles;
mod choke_point;
mod contracts;
mod credentials;
mod documents;
mod embeddings;
mod entities;
mod erasure;
mod factors;
mod firm;
mod golden;
mod headers;
mod identity;
mod idor;
mod index_care;
mod kill;
mod letters;
mod limits;
mod log;
mod migrations;
mod oidc;
mod open_streams;
mod passkeys;
mod permissions;
mod privacy;
mod random_worlds;
mod reading;
mod realms;
mod record;
mod saved_searches;
mod search;
mod sessions;
mod sign_in;
mod sign_in_pages;
mod support;
mod tokens;
mod torture;
mod unattended;
mod usage;
mod vault;
mod viewer;
mod walls;
