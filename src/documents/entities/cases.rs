//! Case numbers, case number records and first information reports.

use super::{Entity, Found};
use crate::kernel::case_numbers::{self, ReferenceKind};

/// Finds the numbers of cases in a text.
pub(super) fn find(text: &str, found: &mut Found) {
    for reference in case_numbers::find(text) {
        let kind = match reference.kind {
            ReferenceKind::Cnr => "cnr",
            ReferenceKind::Fir => "fir",
            ReferenceKind::CaseNumber => "case_number",
        };
        found.push(Entity::new(kind, text, reference.range, reference.normal));
    }
}
