//! Names as they are typed into a check, a line each, with what is said after a bar.

use crate::conflicts::{AskedName, Identifiers};
use crate::kernel::tax_ids::{Gstin, Pan};

/// The names of both fields.
pub(super) fn names(ours: &str, others: &str) -> Vec<AskedName> {
    let read = |text: &str, ours: bool| {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(|line| name(line, ours)).collect::<Vec<_>>()
    };
    let mut all = read(ours, true);
    all.extend(read(others, false));
    all
}

/// A line: the name, and what each further part is, told by its form.
fn name(line: &str, ours: bool) -> AskedName {
    let mut parts = line.split('|').map(str::trim);
    let mut asked = AskedName {
        name: parts.next().unwrap_or_default().to_owned(),
        ours,
        ..AskedName::default()
    };
    for part in parts.filter(|part| !part.is_empty()) {
        let Identifiers { pan, gstin, cin, phone, email } = &mut asked.identifiers;
        let said = Some(part.to_owned());
        if Pan::parse(part).is_ok() {
            *pan = said;
        } else if Gstin::parse(part).is_ok() {
            *gstin = said;
        } else if is_cin(part) {
            *cin = said;
        } else if part.contains('@') {
            *email = said;
        } else if is_phone(part) {
            *phone = said;
        } else if let Some(father) = father(part) {
            asked.father = Some(father);
        } else {
            asked.city = said;
        }
    }
    asked
}

/// The number of a company in the register: 21 letters and digits that begin with the
/// letter of its listing.
fn is_cin(part: &str) -> bool {
    part.len() == 21
        && part.chars().all(|c| c.is_ascii_alphanumeric())
        && part.starts_with(['L', 'U', 'l', 'u'])
}

fn is_phone(part: &str) -> bool {
    let digits = part.chars().filter(char::is_ascii_digit).count();
    let others = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')');
    digits >= 8 && part.chars().all(others)
}

/// The name after `s/o`, `d/o`, `w/o` or `father`.
fn father(part: &str) -> Option<String> {
    let small = part.to_lowercase();
    let begins = ["s/o", "d/o", "w/o", "father:", "father"].into_iter();
    let begin = begins.into_iter().find(|begin| small.starts_with(begin))?;
    part.get(begin.len()..).map(|rest| rest.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_after_a_bar_is_told_by_its_form() {
        let typed =
            "Ramesh Sharma | s/o Mohan Lal | Jaipur | abcpk1234l | 98100 12345 | r@example.in";
        let asked = names(typed, "\n Mehta & Co. | 27AAPFU0939F1ZV\n");
        assert_eq!(asked.len(), 2);
        let first = &asked[0];
        assert_eq!((first.name.as_str(), first.ours), ("Ramesh Sharma", true));
        assert_eq!(first.father.as_deref(), Some("Mohan Lal"));
        assert_eq!(first.city.as_deref(), Some("Jaipur"));
        assert_eq!(first.identifiers.pan.as_deref(), Some("abcpk1234l"));
        assert_eq!(first.identifiers.phone.as_deref(), Some("98100 12345"));
        assert_eq!(first.identifiers.email.as_deref(), Some("r@example.in"));
        assert_eq!(asked[1].identifiers.gstin.as_deref(), Some("27AAPFU0939F1ZV"));
        assert!(!asked[1].ours);
    }
}
