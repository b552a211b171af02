//! What a draft is filled with: particulars of the file, each with where it stands.

use std::sync::LazyLock;

use regex::Regex;

use super::said;
use crate::assistant::tasks::material::Material;

/// A particular and the passage it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) at: usize,
}

/// A particular of a dishonoured cheque, and how it is told in a sentence.
#[derive(Debug, Clone, Copy)]
pub(super) enum Field {
    ChequeNumber,
    ChequeDate,
    Amount,
    Bank,
    Reason,
    ReturnDate,
    Debt,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| Patterns::new().ok());

struct Patterns {
    number: Regex,
    dated: Regex,
    amount: Regex,
    bank: Regex,
    reason: Regex,
    returned: Regex,
    debt: Regex,
}

/// A date as papers write it.
const DATE: &str = r"(\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}(?:st|nd|rd|th)?\s+(?:January|February|March|April|May|June|July|August|September|October|November|December),?\s+\d{4})";

impl Patterns {
    fn new() -> Result<Self, regex::Error> {
        Ok(Self {
            number: Regex::new(
                r"(?i)\bcheques?\s+(?:bearing\s+)?(?:no\.?|number|nos\.?)\s*[:.]?\s*(\d{6})\b",
            )?,
            dated: Regex::new(&format!(r"(?i)\bcheque\b[^;]{{0,90}}?\bdated\s+{DATE}"))?,
            amount: Regex::new(
                r"(?i)\bcheque\b[^;]{0,160}?((?:Rs\.?|₹|INR)\s?\d[\d,]*(?:\.\d+)?(?:/-)?)",
            )?,
            bank: Regex::new(
                r"\bdrawn\s+(?:on|upon)\s+(?:the\s+)?((?:[A-Z][\w&.'-]*\s+){0,5}Bank(?:\s+of\s+[A-Z]\w+)?(?:\s+(?:Ltd\.?|Limited))?)",
            )?,
            reason: Regex::new(
                r"(?i)((?:funds?\s+insufficient|insufficien(?:t|cy)\s+(?:of\s+)?funds?|exceeds?\s+arrangements?|account\s+closed|payment\s+stopped(?:\s+by\s+drawer)?|stop\s+payment))",
            )?,
            returned: Regex::new(&format!(
                r"(?i)\b(?:return(?:ed)?|dishonou?red|memo)\b[^;]{{0,140}}?{DATE}"
            ))?,
            debt: Regex::new(
                r"(?i)\b((?:towards|in discharge of|in repayment of)\s+[^,.;]{8,120})",
            )?,
        })
    }
}

/// Looks a particular up in the file: the first sentence that says it.
pub(super) fn look(material: &Material, field: Field) -> Option<Value> {
    let patterns = PATTERNS.as_ref()?;
    let pattern = match field {
        Field::ChequeNumber => &patterns.number,
        Field::ChequeDate => &patterns.dated,
        Field::Amount => &patterns.amount,
        Field::Bank => &patterns.bank,
        Field::Reason => &patterns.reason,
        Field::ReturnDate => &patterns.returned,
        Field::Debt => &patterns.debt,
    };
    let all = said(material, 0..material.evidence.len());
    all.iter().find_map(|said| {
        if matches!(field, Field::Debt) && !said.says("cheque") {
            return None;
        }
        let found = pattern.captures(&said.words)?;
        let between = found.get(0).map_or("", |whole| whole.as_str()).to_lowercase();
        let other = ["memo", "return", "letter", "notice", "invoice"];
        if matches!(field, Field::ChequeDate) && other.iter().any(|word| between.contains(word)) {
            // The date is that of another paper.
            return None;
        }
        let found = found.get(1)?;
        Some(Value { text: found.as_str().trim().to_owned(), at: said.at })
    })
}
