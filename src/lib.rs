//! Munshi: document intelligence for Indian law practice.
//!
//! | layer | modules | may import |
//! |---|---|---|
//! | edges | `api` `web` `cli` | everything below |
//! | root | [`app`] [`config`] | everything below |
//! | areas | [`clients`] [`cases`] [`documents`] [`search`] [`vectors`] [`assistant`] [`portal`] [`privacy`] | platform, store, kernel, and the areas `ARCHITECTURE.md` names |
//! | platform | [`audit`] [`auth`] [`jobs`] [`outbox`] [`paper`] [`usage`] [`vault`] | store, kernel |
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
pub mod db;
pub mod documents;
pub mod edge;
pub mod jobs;
pub mod kernel;
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
