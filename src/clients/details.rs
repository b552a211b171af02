//! What is entered of a client, and what of it cannot be right.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{ClientError, GstClass, Kind, Language};
use crate::kernel::tax_ids::{Gstin, Pan, TaxIdError, state_name};

/// The longest text of a client, in characters.
const LONGEST: usize = 2_000;
/// The longest name, in characters.
const LONGEST_NAME: usize = 300;

/// A client to be added, or all that is known of one after a change.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClient {
    /// How it is called.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where to write.
    pub email: Option<String>,
    /// Where to call.
    pub phone: Option<String>,
    /// Where it is.
    pub city: Option<String>,
    /// The language of letters to them; English when left out.
    pub language: Option<Language>,
    /// Its GSTIN.
    pub gstin: Option<String>,
    /// Its PAN; that in the GSTIN when left out.
    pub pan: Option<String>,
    /// Its State, as the first two digits of a GSTIN.
    pub state_code: Option<String>,
    /// Its postal address.
    pub address: Option<String>,
    /// What the law of GST sees in it.
    pub gst_class: Option<GstClass>,
    /// What else is to be known, for the chamber alone.
    pub notes: Option<String>,
}

impl NewClient {
    /// A client of whom nothing is known but the name.
    #[must_use]
    pub fn named(name: impl Into<String>, kind: Kind) -> Self {
        Self {
            name: name.into(),
            kind,
            email: None,
            phone: None,
            city: None,
            language: None,
            gstin: None,
            pan: None,
            state_code: None,
            address: None,
            gst_class: None,
            notes: None,
        }
    }

    /// The same, in the form it is kept in: trimmed, the numbers checked and written as
    /// they are printed, PAN and State taken from the GSTIN where they were left out.
    pub(super) fn checked(self) -> Result<Self, ClientError> {
        let name = self.name.trim().to_owned();
        if name.is_empty() {
            return Err(ClientError::NoName);
        }
        if name.chars().count() > LONGEST_NAME {
            return Err(unfit("name", "the name is too long; keep it under 300 characters"));
        }
        let gstin = match filled("gstin", self.gstin)? {
            Some(text) => Some(Gstin::parse(&text).map_err(|error| tax("gstin", error))?),
            None => None,
        };
        let pan = match filled("pan", self.pan)? {
            Some(text) => Some(Pan::parse(&text).map_err(|error| tax("pan", error))?),
            None => None,
        };
        let held = gstin.as_ref().and_then(Gstin::pan);
        if let (Some(pan), Some(held)) = (&pan, &held)
            && pan != held
        {
            return Err(tax("pan", TaxIdError::OtherPan));
        }
        let state_code = state(self.state_code, gstin.as_ref())?;
        let email = filled("email", self.email)?;
        if email.as_ref().is_some_and(|email| !email.contains('@') || email.contains(' ')) {
            return Err(unfit("email", "this is not an email address; it has one @ and no spaces"));
        }
        Ok(Self {
            name,
            kind: self.kind,
            email,
            phone: filled("phone", self.phone)?,
            city: filled("city", self.city)?,
            language: self.language,
            pan: pan.or(held).map(|pan| pan.to_string()),
            gstin: gstin.map(|gstin| gstin.to_string()),
            state_code,
            address: filled("address", self.address)?,
            gst_class: self.gst_class,
            notes: filled("notes", self.notes)?,
        })
    }
}

/// The State given, or that of the GSTIN.
fn state(given: Option<String>, gstin: Option<&Gstin>) -> Result<Option<String>, ClientError> {
    let Some(code) = filled("state_code", given)? else {
        return Ok(gstin.map(|gstin| gstin.state_code().to_owned()));
    };
    if state_name(&code).is_none() {
        return Err(unfit(
            "state_code",
            "there is no State of that number; choose one of the list",
        ));
    }
    if gstin.is_some_and(|gstin| gstin.state_code() != code) {
        let words =
            "the GSTIN is of another State; choose that State, or enter the GSTIN of this one";
        return Err(unfit("state_code", words));
    }
    Ok(Some(code))
}

fn tax(field: &'static str, error: TaxIdError) -> ClientError {
    ClientError::Unfit { field, words: error.to_string() }
}

/// A refusal of what stands in a field.
pub(super) fn unfit(field: &'static str, words: &str) -> ClientError {
    ClientError::Unfit { field, words: words.to_owned() }
}

/// A text without the space around it; none where nothing is left.
pub(super) fn filled(
    field: &'static str,
    text: Option<String>,
) -> Result<Option<String>, ClientError> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
        return Err(unfit(field, "this is too long; keep it under 2,000 characters"));
    }
    Ok(text)
}

/// What is odd about a client's numbers, though it can be right.
#[must_use]
pub fn oddities(kind: Kind, pan: Option<&str>, gst_class: Option<GstClass>) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(pan) = pan.and_then(|pan| Pan::parse(pan).ok())
        && !kind.may_hold(pan.holder())
    {
        found.push(format!(
            "The PAN is that of {}, and the client is entered as: {}. Check which of them is right.",
            pan.holder().words(),
            kind.words().to_lowercase(),
        ));
    }
    if kind == Kind::Government && gst_class.is_some_and(|class| class != GstClass::Government) {
        found.push(
            "The client is entered as a government, and for GST as something else. Check which of \
             them is right."
                .to_owned(),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(new: NewClient) -> &'static str {
        match new.checked() {
            Err(ClientError::Unfit { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pan_and_state_come_from_the_gstin() {
        let new = NewClient {
            gstin: Some(" 27aapfu0939f1zv ".into()),
            ..NewClient::named(" Uday Stores ", Kind::Firm)
        };
        let kept = new.checked().unwrap();
        assert_eq!(kept.name, "Uday Stores");
        assert_eq!(kept.gstin.as_deref(), Some("27AAPFU0939F1ZV"));
        assert_eq!(kept.pan.as_deref(), Some("AAPFU0939F"));
        assert_eq!(kept.state_code.as_deref(), Some("27"));
    }

    #[test]
    fn numbers_that_contradict_each_other_are_refused() {
        let named = || NewClient::named("Uday Stores", Kind::Firm);
        let gstin = Some("27AAPFU0939F1ZV".to_owned());
        let other = Some("AAPFU0938F".to_owned());
        assert_eq!(refused(NewClient { gstin: gstin.clone(), pan: other, ..named() }), "pan");
        let delhi = Some("07".to_owned());
        assert_eq!(refused(NewClient { gstin, state_code: delhi, ..named() }), "state_code");
        assert_eq!(refused(NewClient { email: Some("nobody".into()), ..named() }), "email");
    }

    #[test]
    fn what_is_odd_is_said_and_taken() {
        assert_eq!(oddities(Kind::Person, Some("AAACI4798L"), None).len(), 1);
        assert!(oddities(Kind::Company, Some("AAACI4798L"), None).is_empty());
        assert_eq!(oddities(Kind::Government, None, Some(GstClass::Advocate)).len(), 1);
    }
}
