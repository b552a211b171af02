//! What a client is in law and in tax, and the language of their letters.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::tax_ids::Holder;

/// What a client is in law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClientKind)]
pub enum Kind {
    /// A natural person.
    Person,
    /// A partnership or proprietorship.
    Firm,
    /// A company, LLP or society.
    Company,
    /// A government or its body.
    Government,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Person, Self::Firm, Self::Company, Self::Government];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Firm => "firm",
            Self::Company => "company",
            Self::Government => "government",
        }
    }

    /// What it is, in words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::Firm => "Partnership or proprietorship",
            Self::Company => "Company, LLP or society",
            Self::Government => "Government or its body",
        }
    }

    /// Whether one who is this may hold a PAN of that kind. A proprietor's firm has the
    /// PAN of the person, and a society that of a trust or an association.
    #[must_use]
    pub const fn may_hold(self, holder: Holder) -> bool {
        match self {
            Self::Person => matches!(holder, Holder::Person),
            Self::Firm => matches!(holder, Holder::Firm | Holder::Person | Holder::Family),
            Self::Company => !matches!(holder, Holder::Person | Holder::Government),
            Self::Government => {
                matches!(holder, Holder::Government | Holder::LocalAuthority | Holder::Juridical)
            }
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is none of person, firm, company, government"))
    }
}

/// The language letters to a client are in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClientLanguage)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Hindi.
    Hi,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::En, Self::Hi];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Hi => "hi",
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Hi => "Hindi (हिन्दी)",
        }
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|language| language.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is neither en nor hi"))
    }
}

/// What the law of GST sees in a client; it decides who pays the tax on a fee
/// (notification 13/2017, entry 2, and 12/2017, entry 45, Central Tax (Rate)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GstClass {
    /// A business with a turnover above that of registration.
    BusinessAbove,
    /// A business below it.
    BusinessBelow,
    /// No business.
    NotBusiness,
    /// Another advocate, or a firm of advocates.
    Advocate,
    /// The Union, a State, a Union territory or a local authority.
    Government,
}

impl GstClass {
    /// Every class.
    pub const ALL: [Self; 5] = [
        Self::BusinessAbove,
        Self::BusinessBelow,
        Self::NotBusiness,
        Self::Advocate,
        Self::Government,
    ];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BusinessAbove => "business_above",
            Self::BusinessBelow => "business_below",
            Self::NotBusiness => "not_business",
            Self::Advocate => "advocate",
            Self::Government => "government",
        }
    }

    /// What it is, in words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::BusinessAbove => "A business above the turnover of registration",
            Self::BusinessBelow => "A business below the turnover of registration",
            Self::NotBusiness => "Not a business",
            Self::Advocate => "An advocate or a firm of advocates",
            Self::Government => "Government or local authority",
        }
    }
}

impl FromStr for GstClass {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|class| class.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is no class of GST"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_back() {
        assert!(Kind::ALL.iter().all(|kind| kind.as_str().parse() == Ok(*kind)));
        assert!(Language::ALL.iter().all(|language| language.as_str().parse() == Ok(*language)));
        assert!(GstClass::ALL.iter().all(|class| class.as_str().parse() == Ok(*class)));
        assert!("king".parse::<Kind>().is_err());
    }

    #[test]
    fn a_proprietor_has_the_pan_of_a_person_and_a_company_has_not() {
        assert!(Kind::Firm.may_hold(Holder::Person));
        assert!(!Kind::Company.may_hold(Holder::Person));
        assert!(Kind::Company.may_hold(Holder::Firm));
    }
}
