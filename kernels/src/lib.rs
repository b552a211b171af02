//! The inner loops: products of eight-bit numbers, by the widest instructions the
//! processor has.
//!
//! Two things in Munshi are limited by arithmetic alone: the embedding model and the
//! comparison of a query with every vector. Both multiply numbers of eight bits here:
//! [`Matrix`] times [`Rows`] for the model, [`compare`] for the vectors. What the model
//! computes between its products, [`Attention`] above all, is here as well, because it
//! takes as long as they do once they are fast.
//!
//! What a processor can do is found out when the program runs, so one binary serves
//! all of them: [`Instructions::best`]. The sums of eight-bit products are whole
//! numbers and the same on every processor; only what is done with them afterwards
//! may differ in the last bits.
//!
//! This is the one crate with `unsafe`. It is used for two things only: to call a
//! function compiled for instructions that were found to be there, and to move
//! numbers between memory and wide registers, always through a reference to an array
//! of the register's size. No address is computed by hand.

mod attention;
mod codes;
mod instructions;
mod math;
mod matrix;
#[cfg(target_arch = "x86_64")]
mod wide;

pub use attention::Attention;
pub use codes::compare;
pub use instructions::Instructions;
pub use math::{Norm, add_bias, gelu, softmax};
pub use matrix::{Matrix, Rows, multiply};
