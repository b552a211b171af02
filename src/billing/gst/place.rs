//! The place of supply of services (IGST Act 2017, section 12(2)†): with a registered
//! recipient the place of their registration; else the address on record; else where the
//! supplier is.

use crate::kernel::tax_ids::state_name;

/// A place of supply, and why it is that one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The State, as two digits.
    pub code: String,
    /// Why.
    pub reason: &'static str,
}

impl Place {
    /// As papers name it: `07 Delhi`.
    #[must_use]
    pub fn words(&self) -> String {
        words(&self.code)
    }
}

/// A State as papers name it: `07 Delhi`.
#[must_use]
pub(in crate::billing) fn words(code: &str) -> String {
    format!("{code} {}", state_name(code).unwrap_or("")).trim_end().to_owned()
}

/// Where services to a recipient are supplied.
#[must_use]
pub fn place_of_supply(
    gstin: Option<&str>,
    state_on_record: Option<&str>,
    supplier_state: &str,
) -> Place {
    let registered =
        gstin.and_then(|gstin| gstin.get(..2)).filter(|code| state_name(code).is_some());
    match (registered, state_on_record) {
        (Some(code), _) => {
            Place { code: code.to_owned(), reason: "where the recipient is registered" }
        }
        (None, Some(code)) => {
            Place { code: code.to_owned(), reason: "the recipient's address on record" }
        }
        (None, None) => Place { code: supplier_state.to_owned(), reason: "the supplier's place" },
    }
}
