//! Every statement about personal data.

mod erasures;
mod gather;
mod practice;
mod rest;
mod traces;

pub(super) use erasures::*;
pub(super) use gather::*;
pub(super) use practice::*;
pub(super) use rest::*;
pub(super) use traces::*;
