//! The service as a whole, in process and as a program, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that meets what it did not expect should stop and say so"
)]
#![expect(clippy::large_futures, reason = "each test runs one of its own, on a stack of its own")]

mod accessibility;
mod answer_cache;
mod answer_export;
mod answer_streams;
mod architecture;
mod assistant;
mod attacks;
mod audit;
mod browser;
mod budgets;
mod calendars;
mod case_pages;
mod case_roles;
mod cause_lists;
mod choke_point;
mod clients;
mod conflicts;
mod contracts;
mod conversations;
mod costs;
mod credentials;
mod deadlines;
mod directions;
mod documents;
mod embeddings;
mod entities;
mod erasure;
mod evidence;
mod expenses;
mod factors;
mod facts;
mod fees;
mod firm;
mod golden;
mod headers;
mod hearings;
mod identity;
mod idor;
mod index_care;
mod invoices;
mod kill;
mod letters;
mod limitation;
mod limits;
mod log;
mod matters;
mod messages;
mod migrations;
mod money_reports;
mod month;
mod notices;
mod oidc;
mod open_streams;
mod outages;
mod passkeys;
mod payments;
mod permissions;
mod poisoned;
mod portal;
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
mod sharing;
mod sign_in;
mod sign_in_pages;
mod support;
mod talk_pages;
mod tasks;
mod time;
mod tokens;
mod torture;
mod unattended;
mod usage;
mod vault;
mod viewer;
mod walls;
mod webhooks;
