//! Names: reading them as people write them, and saying how alike two are. Pure: no
//! tables are asked.
//!
//! A name loses its titles and what follows it (`through its Director`, `s/o`), is written
//! in Latin letters whatever its script, and its words are compared by spelling, by sound,
//! as initials, and by the table `index/names.toml`.

mod keys;
mod likeness;
mod parse;
mod script;
mod sound;
mod table;

pub use keys::keys;
pub use likeness::{Likeness, POSSIBLE, compare};
pub use parse::{Name, sides};
