//! Munshi: document intelligence for Indian law practice.
//!
//! | layer | modules | may import |
//! |---|---|---|
//! | edges | `api` `web` `cli` | everything below |
//! | root | [`app`] [`config`] | everything below |
//! | areas | [`clients`] [`cases`] [`hearings`] [`deadlines`] [`conflicts`] [`fees`] [`billing`] [`documents`] [`search`] [`vectors`] [`assistant`] [`messages`] [`portal`] [`privacy`] [`walls`] | platform, store, kernel, and the areas `ARCHITECTURE.md` names |
//! | platform | [`audit`] [`auth`] [`events`] [`jobs`] [`notices`] [`outbox`] [`paper`] [`usage`] [`vault`] | store, kernel |
//! | store | [`db`] | kernel |
//! | kernel | [`kernel`] | nothing |

pub mod api;
pub mod app;
pub mod assistant;
pub mod audit;
pub mod auth;
pub mod billing;
pub mod cases;
pub mod cli;
pub mod clients;
pub mod config;
pub mod conflicts;
pub mod db;
pub mod deadlines;
pub mod documents;
pub mod edge;
pub mod events;
pub mod fees;
pub mod hearings;
pub mod jobs;
pub mod kernel;
pub mod messages;
pub mod notices;
pub mod outbox;
pub mod outside;
pub mod paper;
pub mod portal;
pub mod privacy;
pub mod search;
pub mod usage;
pub mod vault;
pub mod vectors;
pub mod walls;
pub mod web;
