//! Expansion: what means the same as what was typed, searched for besides.
//!
//! Nothing is added in silence: every expansion has a label, an id by which it can
//! be switched off, and a kind that can be switched off as a whole.

mod crosswalk;
mod line;
mod script;
mod sounds;
mod synonyms;
mod tables;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::query::{Node, Other};
use line::Line;

/// How many expansions a query may have; a longer one is expanded at its beginning.
const MOST: usize = 64;

/// Why something means the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExpansionKind {
    /// The number a provision has in the other code: `302 IPC`, `103 BNS`.
    Crosswalk,
    /// Another word for it: `cheque bounce`, `dishonour of cheque`.
    Synonym,
    /// The same word in the other script: `jamanat`, `जमानत`.
    Script,
}

/// Something searched for besides what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expansion {
    /// By what it is switched off; the same for the same expansion of another query.
    pub id: String,
    /// Why it means the same.
    pub kind: ExpansionKind,
    /// What was typed.
    pub typed: String,
    /// What was searched for besides; nothing, where there is only a caution.
    pub other: String,
    /// What to beware of: `not the same offence`.
    pub caution: Option<String>,
}

/// Which expansions are not wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Switches {
    /// Kinds that are off.
    pub kinds: BTreeSet<ExpansionKind>,
    /// Single expansions that are off, by [`Expansion::id`].
    pub ids: BTreeSet<String>,
}

/// What means the same as some words and references of a line of a query.
struct Found {
    expansion: Expansion,
    /// What is searched for; nothing, where there is only a caution.
    node: Option<Node>,
    /// Which words of the line it means the same as.
    words: Vec<usize>,
    /// Which references of the line it means the same as.
    references: Vec<usize>,
}

/// Adds to the parts of a query what means the same, and says what was added.
///
/// Only words and references are expanded, never what stands in quotes or after a
/// `NOT`, and never an expansion again.
pub(super) fn expand(root: &mut Node, switches: &Switches) -> Vec<Expansion> {
    let mut expansions = Vec::new();
    line::each(root, &mut |line| {
        let found =
            crosswalk::find(line).into_iter().chain(synonyms::find(line)).chain(script::find(line));
        for found in found.collect::<Vec<_>>() {
            if switches.allow(&found.expansion) {
                add(line, found, &mut expansions);
            }
        }
    });
    expansions
}

/// Adds one expansion to the words and references it means the same as.
fn add(line: &mut Line, found: Found, expansions: &mut Vec<Expansion>) {
    let Found { expansion, node, words, references } = found;
    let known = expansions.iter().position(|known| known.id == expansion.id);
    let at = match known {
        Some(at) => at,
        None if expansions.len() < MOST => {
            expansions.push(expansion);
            expansions.len() - 1
        }
        None => return,
    };
    let Some(node) = node else { return };
    for nth in words {
        line.words[nth].also.push(Other { node: node.clone(), expansion: at });
    }
    for nth in references {
        line.references[nth].also.push(Other { node: node.clone(), expansion: at });
    }
}

impl Switches {
    fn allow(&self, expansion: &Expansion) -> bool {
        !self.kinds.contains(&expansion.kind) && !self.ids.contains(&expansion.id)
    }
}

/// The part of an id that a text makes: `dishonour-of-cheque`.
fn slug(text: &str) -> String {
    let words: Vec<String> = super::analysis::analyse(text)
        .into_iter()
        .filter(|token| !token.implied)
        .map(|token| token.exact)
        .collect();
    words.join("-")
}
