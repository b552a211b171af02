//! Pages: server-rendered HTML for advocates, admins and clients.
//!
//! A *page* is a struct bound to one template in `templates/`; its fields are
//! everything the template may show, so a page can be rendered, and is tested,
//! without a database. Each page carries a [`Layout`]: who is signed in, where
//! they are, and which parts of the service are missing.
//!
//! Pages work without scripts where a form can do the job. The modules in
//! `assets/js/` add what a form cannot: upload progress, live reading status,
//! streamed answers, and marks over page images. The content-security policy
//! ([`page::POLICY`]) allows no inline script or style, so templates hold neither.

pub mod admin;
pub mod answer;
pub mod api_docs;
pub mod assets;
pub mod assistant;
pub mod audit;
pub mod billing;
pub mod budgets;
pub mod cases;
pub mod changes;
pub mod clients;
pub mod conflicts;
pub mod costs;
pub mod deadlines;
pub mod devices;
pub mod entry;
pub mod errors;
pub mod feedback;
pub mod fees;
pub mod hearings;
pub mod home;
pub mod letters;
pub mod messages;
pub mod models;
pub mod nav;
pub(crate) mod nonce;
pub mod notices;
pub mod office;
pub mod page;
pub mod parts;
pub mod portal;
pub mod privacy;
pub mod proposals;
pub mod quality;
mod routes;
pub mod search;
pub mod security;
pub mod show;
mod tables;
pub mod tasks;
pub mod viewer;
pub mod walls;
pub mod webhooks;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub use page::{Area, Layout};
pub use routes::router;
