//! The `munshi` binary.

fn main() {}
