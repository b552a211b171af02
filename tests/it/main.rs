//! The service as a whole, in process and as a program, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that meets what it did not expect should stop and say so"
)]
#![expect(clippy::large_futures, reason = "each test runs one of its own, on a stack of its own")]

mod answer_cache;
mod answer_export;
mod answer_streams;
mod architecture;
mod assistant;
mod attacks;
mod audit;
mod browser;
mod budgets;
mod case_roles;
mod choke_point;
mod contracts;
mod conversations;
mod costs;
mod credentials;
mod directions;
mod documents;
mod embeddings;
mod entities;
mod erasure;
mod evidence;
mod factors;
mod facts;
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
mod outages;
mod passkeys;
mod permissions;
mod poisoned;
mod privacy;
mod proposals;
mod quotations;
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
mod talk_pages;
mod tasks;
mod tokens;
mod torture;
mod unattended;
mod usage;
mod vault;
mod viewer;
mod walls;
