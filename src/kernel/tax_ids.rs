//! PAN and GSTIN: what a number says of its holder, and whether it can be right.
//!
//! A PAN has ten characters, the fourth of which says what its holder is (Income-tax
//! Rules 1962, rule 114). A GSTIN has fifteen: the State, the holder's PAN, the number of
//! the registration in that State, a letter for its kind, and a check character (CGST
//! Rules 2017, rule 10). The check character is counted in base 36 with weights 1 and 2.

use std::fmt;

/// What the fourth character of a PAN says of its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A natural person.
    Person,
    /// A company.
    Company,
    /// A partnership or LLP.
    Firm,
    /// A government or its agency.
    Government,
    /// A Hindu undivided family.
    Family,
    /// An association of persons.
    Association,
    /// A trust.
    Trust,
    /// A body of individuals.
    Body,
    /// A local authority.
    LocalAuthority,
    /// An artificial juridical person, such as a university or a deity.
    Juridical,
}

impl Holder {
    /// What it is, in words that follow "a PAN of".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Person => "a person",
            Self::Company => "a company",
            Self::Firm => "a firm or LLP",
            Self::Government => "a government",
            Self::Family => "a Hindu undivided family",
            Self::Association => "an association of persons",
            Self::Trust => "a trust",
            Self::Body => "a body of individuals",
            Self::LocalAuthority => "a local authority",
            Self::Juridical => "an artificial juridical person",
        }
    }

    const fn of(letter: u8) -> Option<Self> {
        Some(match letter {
            b'P' => Self::Person,
            b'C' => Self::Company,
            b'F' => Self::Firm,
            b'G' => Self::Government,
            b'H' => Self::Family,
            b'A' => Self::Association,
            b'T' => Self::Trust,
            b'B' => Self::Body,
            b'L' => Self::LocalAuthority,
            b'J' => Self::Juridical,
            _ => return None,
        })
    }
}

/// Why a number cannot be a PAN or GSTIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TaxIdError {
    /// Not the form of a PAN.
    #[error("a PAN has ten characters: five letters, four digits and a letter, as in ABCPK1234L")]
    PanForm,
    /// The fourth letter is none that is given.
    #[error(
        "the fourth letter of a PAN says what its holder is and is one of P, C, F, G, H, A, T, B, L \
         and J; please look at the card again"
    )]
    PanHolder,
    /// Not the form of a GSTIN.
    #[error("a GSTIN has fifteen characters: two digits of the State, the PAN, and three more")]
    GstinForm,
    /// The State is none there is.
    #[error("the first two digits of a GSTIN are the State, and there is no State of that number")]
    GstinState,
    /// The last character does not fit the rest.
    #[error("the last character of the GSTIN does not fit the others; one of them is mistyped")]
    GstinCheck,
    /// The GSTIN holds another PAN.
    #[error("the GSTIN holds another PAN than the one given; one of them is not this holder's")]
    OtherPan,
}

/// A PAN of the right form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pan(String);

/// A GSTIN of the right form, with a check character that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gstin(String);

/// The letters and digits of a number, in capitals; space and dashes are left out.
fn squeezed(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
    kept.flat_map(char::to_uppercase).collect()
}

fn is_pan_form(bytes: &[u8]) -> bool {
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(place, byte)| match place {
            5..=8 => byte.is_ascii_digit(),
            _ => byte.is_ascii_uppercase(),
        })
}

/// The form of a TAN, which a GSTIN of somebody who deducts GST may hold.
fn is_tan_form(bytes: &[u8]) -> bool {
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(place, byte)| match place {
            0..=3 | 9 => byte.is_ascii_uppercase(),
            _ => byte.is_ascii_digit(),
        })
}

impl Pan {
    /// Reads a PAN as people type it.
    ///
    /// # Errors
    /// Fails when it cannot be one.
    pub fn parse(text: &str) -> Result<Self, TaxIdError> {
        let text = squeezed(text);
        let bytes = text.as_bytes();
        if !is_pan_form(bytes) {
            return Err(TaxIdError::PanForm);
        }
        if bytes.get(3).copied().and_then(Holder::of).is_none() {
            return Err(TaxIdError::PanHolder);
        }
        Ok(Self(text))
    }

    /// The ten characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What its holder is.
    #[must_use]
    pub fn holder(&self) -> Holder {
        self.0.as_bytes().get(3).copied().and_then(Holder::of).unwrap_or(Holder::Juridical)
    }

    /// The PAN with its middle hidden, for lists: `ABxxxxxx4L`.
    #[must_use]
    pub fn masked(&self) -> String {
        masked(&self.0)
    }
}

/// A PAN with its middle hidden, for lists: `ABxxxxxx4L`.
#[must_use]
pub fn masked(pan: &str) -> String {
    let characters: Vec<char> = pan.chars().collect();
    let last = characters.len().saturating_sub(2);
    let shown = |(place, c): (usize, &char)| if place < 2 || place >= last { *c } else { 'x' };
    characters.iter().enumerate().map(shown).collect()
}

impl Gstin {
    /// Reads a GSTIN as people type it.
    ///
    /// # Errors
    /// Fails when it cannot be one.
    pub fn parse(text: &str) -> Result<Self, TaxIdError> {
        let text = squeezed(text);
        let bytes = text.as_bytes();
        if bytes.len() != 15 || !bytes.iter().all(u8::is_ascii_alphanumeric) {
            return Err(TaxIdError::GstinForm);
        }
        let (state, rest) = bytes.split_at(2);
        let (holder, _) = rest.split_at(10);
        if !state.iter().all(u8::is_ascii_digit) || !(is_pan_form(holder) || is_tan_form(holder)) {
            return Err(TaxIdError::GstinForm);
        }
        if text.get(..2).and_then(state_name).is_none() {
            return Err(TaxIdError::GstinState);
        }
        if check_character(bytes) != bytes.last().copied() {
            return Err(TaxIdError::GstinCheck);
        }
        Ok(Self(text))
    }

    /// The fifteen characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The two digits of the State.
    #[must_use]
    pub fn state_code(&self) -> &str {
        self.0.get(..2).unwrap_or_default()
    }

    /// The PAN of its holder; none in the GSTIN of somebody who deducts GST.
    #[must_use]
    pub fn pan(&self) -> Option<Pan> {
        self.0.get(2..12).and_then(|text| Pan::parse(text).ok())
    }
}

impl fmt::Display for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Gstin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The character that must follow the first fourteen.
fn check_character(bytes: &[u8]) -> Option<u8> {
    let mut sum = 0;
    for (place, byte) in bytes.iter().take(14).enumerate() {
        let value = DIGITS.iter().position(|digit| digit == byte)?;
        let product = value * (1 + place % 2);
        sum += product / 36 + product % 36;
    }
    DIGITS.get((36 - sum % 36) % 36).copied()
}

/// The States and Union territories by the first two digits of a GSTIN (the list of
/// State codes of the GST portal; 25 was Daman and Diu until 2020, 28 the undivided
/// Andhra Pradesh, and both still stand in older papers).
pub const STATES: [(&str, &str); 40] = [
    ("01", "Jammu and Kashmir"),
    ("02", "Himachal Pradesh"),
    ("03", "Punjab"),
    ("04", "Chandigarh"),
    ("05", "Uttarakhand"),
    ("06", "Haryana"),
    ("07", "Delhi"),
    ("08", "Rajasthan"),
    ("09", "Uttar Pradesh"),
    ("10", "Bihar"),
    ("11", "Sikkim"),
    ("12", "Arunachal Pradesh"),
    ("13", "Nagaland"),
    ("14", "Manipur"),
    ("15", "Mizoram"),
    ("16", "Tripura"),
    ("17", "Meghalaya"),
    ("18", "Assam"),
    ("19", "West Bengal"),
    ("20", "Jharkhand"),
    ("21", "Odisha"),
    ("22", "Chhattisgarh"),
    ("23", "Madhya Pradesh"),
    ("24", "Gujarat"),
    ("25", "Daman and Diu"),
    ("26", "Dadra and Nagar Haveli and Daman and Diu"),
    ("27", "Maharashtra"),
    ("28", "Andhra Pradesh (before 2014)"),
    ("29", "Karnataka"),
    ("30", "Goa"),
    ("31", "Lakshadweep"),
    ("32", "Kerala"),
    ("33", "Tamil Nadu"),
    ("34", "Puducherry"),
    ("35", "Andaman and Nicobar Islands"),
    ("36", "Telangana"),
    ("37", "Andhra Pradesh"),
    ("38", "Ladakh"),
    ("97", "Other Territory"),
    ("99", "Centre Jurisdiction"),
];

/// What the State of a code is called.
#[must_use]
pub fn state_name(code: &str) -> Option<&'static str> {
    STATES.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pan_says_what_its_holder_is() {
        let pan = Pan::parse(" abcpk 1234 l ").unwrap();
        assert_eq!((pan.as_str(), pan.holder()), ("ABCPK1234L", Holder::Person));
        assert_eq!(pan.masked(), "ABxxxxxx4L");
        assert_eq!(Pan::parse("AAACI4798L").unwrap().holder(), Holder::Company);
        assert_eq!(Pan::parse("AAAQI4798L"), Err(TaxIdError::PanHolder));
        for wrong in ["", "ABCPK12345", "ABCP1234L", "ABCPK1234LX", "१२३४५६७८९०"]
        {
            assert_eq!(Pan::parse(wrong), Err(TaxIdError::PanForm), "{wrong}");
        }
    }

    #[test]
    fn a_gstin_is_counted_through() {
        let gstin = Gstin::parse("27AAPFU0939F1ZV").unwrap();
        assert_eq!(gstin.state_code(), "27");
        assert_eq!(gstin.pan().unwrap().holder(), Holder::Firm);
        assert_eq!(Gstin::parse("27AAPFU0939F1ZW"), Err(TaxIdError::GstinCheck));
        assert_eq!(Gstin::parse("45AAPFU0939F1ZV"), Err(TaxIdError::GstinState));
        assert_eq!(Gstin::parse("27AAPFU0939F1Z"), Err(TaxIdError::GstinForm));
        assert_eq!(Gstin::parse("27AAPFU0939F1Zé"), Err(TaxIdError::GstinForm));
    }

    #[test]
    fn one_mistyped_character_never_passes() {
        let right = b"27AAPFU0939F1ZV";
        for place in 0..14 {
            for &other in DIGITS {
                let mut typed = *right;
                typed[place] = other;
                let text = std::str::from_utf8(&typed).unwrap();
                assert_eq!(Gstin::parse(text).is_ok(), typed == *right, "{text}");
            }
        }
    }

    #[test]
    fn states_are_named_once() {
        assert_eq!(state_name("07"), Some("Delhi"));
        assert_eq!(state_name("00"), None);
        for pair in STATES.windows(2) {
            assert!(pair[0].0 < pair[1].0);
        }
    }
}
