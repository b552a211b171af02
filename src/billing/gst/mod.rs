//! Goods and services tax: for each line of a bill, who pays it and why.
//!
//! The rules are data with their sources (`index/gst.toml`); what is here applies them.
//! Nothing is assumed of a client whose class nobody entered.

mod place;
mod rules;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(in crate::billing) use place::words as state_words;
pub use place::{Place, place_of_supply};
pub use rules::{Sac, sacs};

use rules::{Rules, Said};

/// What the tax law sees in who bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SupplierKind {
    /// An advocate for themselves.
    IndividualAdvocate,
    /// A partnership or LLP of advocates.
    Firm,
    /// A senior advocate.
    SeniorAdvocate,
    /// A company.
    Company,
}

impl SupplierKind {
    /// Every kind.
    pub const ALL: [Self; 4] =
        [Self::IndividualAdvocate, Self::Firm, Self::SeniorAdvocate, Self::Company];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IndividualAdvocate => "individual_advocate",
            Self::Firm => "firm",
            Self::SeniorAdvocate => "senior_advocate",
            Self::Company => "company",
        }
    }

    /// In words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::IndividualAdvocate => "Individual advocate",
            Self::Firm => "Firm of advocates or LLP",
            Self::SeniorAdvocate => "Senior advocate",
            Self::Company => "Company",
        }
    }

    /// Reads the stored form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What the tax law sees in who is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecipientClass {
    /// A business whose turnover obliges it to register.
    BusinessAbove,
    /// A business below that.
    BusinessBelow,
    /// A person or body that is no business.
    NotBusiness,
    /// An advocate or firm of advocates.
    Advocate,
    /// A government or local authority.
    Government,
}

impl RecipientClass {
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

    /// Reads the stored form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == text)
    }
}

/// What is supplied, as far as the rules tell services apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Advice, consultancy, assistance in a branch of law; representation.
    Legal,
    /// Anything else.
    Other,
}

/// What becomes of the tax on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// The recipient pays it to the State.
    Reverse,
    /// There is none.
    Exempt,
    /// It is added to the bill.
    Forward,
    /// The line is no supply: money laid out for the client.
    PureAgent,
    /// The supplier is not registered.
    NotRegistered,
}

impl Treatment {
    /// Every treatment.
    pub const ALL: [Self; 5] =
        [Self::Reverse, Self::Exempt, Self::Forward, Self::PureAgent, Self::NotRegistered];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reverse => "reverse",
            Self::Exempt => "exempt",
            Self::Forward => "forward",
            Self::PureAgent => "pure_agent",
            Self::NotRegistered => "not_registered",
        }
    }

    /// In words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Reverse => "Reverse charge",
            Self::Exempt => "Exempt",
            Self::Forward => "Taxed",
            Self::PureAgent => "Reimbursement",
            Self::NotRegistered => "Not registered",
        }
    }

    /// Reads the stored form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|treatment| treatment.as_str() == text)
    }
}

/// Who bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supplier {
    /// What they are.
    pub kind: SupplierKind,
    /// Whether they have a GSTIN.
    pub registered: bool,
}

/// A decision, with its reason and authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What becomes of the tax.
    pub treatment: Treatment,
    /// Why, as a sentence that names its authority.
    pub reason: String,
}

/// The rate of tax on what is taxed, in hundredths of a percent.
#[must_use]
pub fn rate() -> i64 {
    Rules::get().rate_basis_points
}

/// What a class of services is: nothing for a code the tables do not know.
#[must_use]
pub fn service_of(code: &str) -> Option<Service> {
    sacs().iter().find(|sac| sac.code == code).map(|sac| sac.service)
}

fn told(said: &Said) -> String {
    format!("{} ({}).", said.reason, said.authority)
}

/// Decides for a supply.
#[must_use]
pub fn decide(supplier: Supplier, recipient: RecipientClass, service: Service) -> Decision {
    let rules = Rules::get();
    let fits = |rule: &&rules::Rule| {
        rule.supplier.contains(&supplier.kind)
            && rule.recipient.contains(&recipient)
            && rule.service.contains(&service)
    };
    let Some(rule) = rules.rule.iter().find(fits) else {
        // A test asks every combination; without a rule the tax is charged.
        return Decision { treatment: Treatment::Forward, reason: "No rule fits.".to_owned() };
    };
    let said = Said { reason: rule.reason.clone(), authority: rule.authority.clone() };
    match (rule.gst, supplier.registered) {
        (Treatment::Forward, false) => {
            Decision { treatment: Treatment::NotRegistered, reason: told(&rules.not_registered) }
        }
        (Treatment::Reverse, false) => {
            let more = &rules.reverse_unregistered;
            let reason = format!(
                "{}; {} ({}; {}).",
                said.reason, more.reason, said.authority, more.authority
            );
            Decision { treatment: Treatment::Reverse, reason }
        }
        (treatment, _) => Decision { treatment, reason: told(&said) },
    }
}

/// Decides for money laid out for the client and passed on at cost.
#[must_use]
pub fn pure_agent() -> Decision {
    Decision { treatment: Treatment::PureAgent, reason: told(&Rules::get().pure_agent) }
}

#[cfg(test)]
mod tests;
