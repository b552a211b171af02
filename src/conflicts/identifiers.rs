//! What tells one bearer of a name from another, and finds one under any name.

/// Numbers and addresses that belong to one person or body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identifiers {
    /// A PAN.
    pub pan: Option<String>,
    /// A GSTIN.
    pub gstin: Option<String>,
    /// A company's number in the register of companies.
    pub cin: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// An email address.
    pub email: Option<String>,
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// The last ten digits: with them the code of India or a zero before them changes nothing.
fn digits(text: &str) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    digits.iter().skip(digits.len().saturating_sub(10)).collect()
}

impl Identifiers {
    /// The forms they are compared in, each with what it is; empty ones are left out. The
    /// PAN is also that in the GSTIN.
    fn compared(&self) -> Vec<(Which, String)> {
        let text = |text: &Option<String>| text.as_deref().map(squeezed).unwrap_or_default();
        let gstin = text(&self.gstin);
        let pan = match text(&self.pan) {
            pan if pan.is_empty() => gstin.get(2..12).unwrap_or_default().to_owned(),
            pan => pan,
        };
        let phone = self.phone.as_deref().map(digits).unwrap_or_default();
        let email = self.email.as_deref().map(|email| email.trim().to_lowercase());
        let all = [
            (Which::Pan, pan),
            (Which::Gstin, gstin),
            (Which::Cin, text(&self.cin)),
            (Which::Phone, if phone.len() == 10 { phone } else { String::new() }),
            (Which::Email, email.unwrap_or_default()),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// By what a name with these is found.
    pub(super) fn keys(&self) -> impl Iterator<Item = String> {
        self.compared().into_iter().map(|(which, value)| format!("{}:{value}", which.key()))
    }

    /// Which of them two have in common, and whether their PANs say that they are two.
    pub(super) fn against(&self, other: &Self) -> (Vec<Which>, bool) {
        let (ours, theirs) = (self.compared(), other.compared());
        let shared = ours.iter().filter(|one| theirs.contains(one)).map(|(which, _)| *which);
        let pan = |all: &[(Which, String)]| {
            all.iter().find(|(which, _)| *which == Which::Pan).map(|(_, value)| value.clone())
        };
        let differ = pan(&ours).zip(pan(&theirs)).is_some_and(|(one, other)| one != other);
        (shared.collect(), differ)
    }
}

/// What an identifier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Pan,
    Gstin,
    Cin,
    Phone,
    Email,
}

impl Which {
    const fn key(self) -> &'static str {
        match self {
            Self::Pan => "pan",
            Self::Gstin => "gstin",
            Self::Cin => "cin",
            Self::Phone => "phone",
            Self::Email => "email",
        }
    }

    /// What is said of two who share it.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Pan => "The same PAN.",
            Self::Gstin => "The same GSTIN.",
            Self::Cin => "The same company number (CIN).",
            Self::Phone => "The same telephone number.",
            Self::Email => "The same email address.",
        }
    }

    /// The least two who share it score: a number of the State is one holder's, a
    /// telephone may be a family's.
    pub(super) const fn score(self) -> i64 {
        match self {
            Self::Pan | Self::Gstin | Self::Cin => 1000,
            Self::Phone | Self::Email => 850,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pan_in_a_gstin_counts_and_numbers_are_compared_however_they_are_typed() {
        let one = Identifiers {
            gstin: Some("27AAPFU0939F1ZV".into()),
            phone: Some("+91 98100 12345".into()),
            ..Identifiers::default()
        };
        let other = Identifiers {
            pan: Some("aapfu 0939 f".into()),
            phone: Some("09810012345".into()),
            ..Identifiers::default()
        };
        assert_eq!(one.against(&other), (vec![Which::Pan, Which::Phone], false));
        let third = Identifiers { pan: Some("ABCPK1234L".into()), ..Identifiers::default() };
        assert_eq!(one.against(&third), (vec![], true));
        assert!(one.keys().any(|key| key == "pan:AAPFU0939F"));
    }
}
