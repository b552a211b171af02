//! The languages the portal speaks.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A language of the portal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalLanguage)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Hindi.
    #[serde(rename = "hi")]
    Hindi,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::English, Self::Hindi];

    /// The stored form, which is also its BCP 47 tag.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Hindi => "hi",
        }
    }

    /// How it calls itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Hindi => "हिन्दी",
        }
    }

    /// The language somebody reads who sent this `Accept-Language` (RFC 9110, 12.5.4): of
    /// the two the one they prefer, English when they name neither.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let weight = |part: &str| -> Option<(Self, f32)> {
            let mut pieces = part.split(';');
            let tag = pieces.next()?.trim();
            let primary = tag.split('-').next()?.to_ascii_lowercase();
            let language: Self = primary.parse().ok()?;
            let named = pieces.find_map(|piece| piece.trim().strip_prefix("q="));
            Some((language, named.map_or(Some(1.0), |q| q.trim().parse().ok())?))
        };
        let weights = header.split(',').filter_map(weight).filter(|(_, weight)| *weight > 0.0);
        // Of equals the first counts.
        let best = weights.fold(None, |best: Option<(Self, f32)>, next| match best {
            Some(best) if best.1 >= next.1 => Some(best),
            _ => Some(next),
        });
        best.map_or(Self::English, |(language, _)| language)
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|language| language.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is no language of the portal"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_language_it_prefers() {
        for (header, language) in [
            ("hi-IN,hi;q=0.9,en;q=0.8", Language::Hindi),
            ("en-IN,en;q=0.9,hi;q=0.8", Language::English),
            ("ta,hi;q=0.5", Language::Hindi),
            ("hi;q=0, en;q=0.1", Language::English),
            ("", Language::English),
            ("*", Language::English),
            ("hi;q=x", Language::English),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }
}
