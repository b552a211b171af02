//! A search as the query part of an address, `q=bail&court=Delhi%20High%20Court`.
//!
//! The pages, the API and saved searches share this one form. Reading it takes
//! what it knows and passes over the rest; a value that cannot be meant, such as a
//! year of letters, is an error that says so.

use std::str::FromStr;

use url::form_urlencoded::{self, Serializer};

use super::expand::ExpansionKind;
use super::request::{Cursor, FacetName, Filters, Request, Sort};

/// The most values one filter takes; more than a person picks.
const MOST_VALUES: usize = 50;

/// A value in an address that cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` cannot be `{value}`: {wanted}")]
pub struct BadValue {
    /// What it was given for: `year`.
    pub name: &'static str,
    /// What was given.
    pub value: String,
    /// What it should be, in words.
    pub wanted: &'static str,
}

impl Request {
    /// Reads the query part of an address.
    ///
    /// # Errors
    /// Fails on a value that cannot be meant.
    pub fn from_address(query: &str) -> Result<Self, BadValue> {
        let mut request = Self::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            request.take(&key, &value)?;
        }
        Ok(request)
    }

    fn take(&mut self, key: &str, value: &str) -> Result<(), BadValue> {
        if value.is_empty() && key != "q" {
            return Ok(());
        }
        match key {
            "q" => value.clone_into(&mut self.text),
            "in" => self.within = Some(read("in", value, "the id of a case")?),
            "sort" => self.sort = sort(value)?,
            "after" => self.after = Some(Cursor(value.to_owned())),
            "limit" => self.limit = read("limit", value, "a number of passages")?,
            "facets" => self.facets = read("facets", value, "`true` or `false`")?,
            "off" => match ExpansionKind::named(value) {
                Some(kind) => drop(self.switches.kinds.insert(kind)),
                None => drop(self.switches.ids.insert(value.to_owned())),
            },
            key => {
                if let Some(name) = FacetName::named(key) {
                    self.filters.put(name, value)?;
                }
            }
        }
        Ok(())
    }

    /// The query part of its address; what is as usual is left out.
    #[must_use]
    pub fn address(&self) -> String {
        let mut pairs = Serializer::new(String::new());
        pairs.append_pair("q", &self.text);
        if let Some(case) = self.within {
            pairs.append_pair("in", &case.to_string());
        }
        for name in FacetName::ALL {
            for value in self.filters.values(name) {
                pairs.append_pair(name.key(), &value);
            }
        }
        match self.sort {
            Sort::Relevance => {}
            Sort::Newest => drop(pairs.append_pair("sort", "newest")),
            Sort::Oldest => drop(pairs.append_pair("sort", "oldest")),
        }
        for kind in &self.switches.kinds {
            pairs.append_pair("off", kind.key());
        }
        for id in &self.switches.ids {
            pairs.append_pair("off", id);
        }
        if let Some(Cursor(after)) = &self.after {
            pairs.append_pair("after", after);
        }
        pairs.finish()
    }

    /// The same search from its beginning, with a value of a property put on, or
    /// taken off when it is on.
    ///
    /// # Errors
    /// Fails when the value cannot be one of the property.
    pub fn toggled(&self, name: FacetName, value: &str) -> Result<Self, BadValue> {
        let mut toggled = Self { after: None, ..self.clone() };
        if !toggled.filters.remove(name, value) {
            toggled.filters.put(name, value)?;
        }
        Ok(toggled)
    }
}

impl Filters {
    /// Whether nothing is filtered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The values of a property that are on.
    #[must_use]
    pub fn values(&self, name: FacetName) -> Vec<String> {
        fn shown<T: ToString>(values: &[T]) -> Vec<String> {
            values.iter().map(ToString::to_string).collect()
        }
        match name {
            FacetName::Case => shown(&self.cases),
            FacetName::Client => shown(&self.clients),
            FacetName::Kind => self.kinds.clone(),
            FacetName::Court => self.courts.clone(),
            FacetName::Judge => self.judges.clone(),
            FacetName::Year => shown(&self.years),
            FacetName::Party => self.parties.clone(),
            FacetName::Language => self.languages.clone(),
            FacetName::Statute => self.statutes.clone(),
            FacetName::Cited => self.cited.clone(),
        }
    }

    fn put(&mut self, name: FacetName, value: &str) -> Result<(), BadValue> {
        fn add<T: PartialEq>(values: &mut Vec<T>, value: T) {
            if values.len() < MOST_VALUES && !values.contains(&value) {
                values.push(value);
            }
        }
        match name {
            FacetName::Case => add(&mut self.cases, read("case", value, "the id of a case")?),
            FacetName::Client => add(&mut self.clients, read("client", value, "a client's id")?),
            FacetName::Year => add(&mut self.years, read("year", value, "a year, such as 2023")?),
            FacetName::Kind => add(&mut self.kinds, value.to_owned()),
            FacetName::Court => add(&mut self.courts, value.to_owned()),
            FacetName::Judge => add(&mut self.judges, value.to_owned()),
            FacetName::Party => add(&mut self.parties, value.to_owned()),
            FacetName::Language => add(&mut self.languages, value.to_owned()),
            FacetName::Statute => add(&mut self.statutes, value.to_owned()),
            FacetName::Cited => add(&mut self.cited, value.to_owned()),
        }
        Ok(())
    }

    /// Takes a value off; says whether it was on.
    fn remove(&mut self, name: FacetName, value: &str) -> bool {
        fn off<T: ToString>(values: &mut Vec<T>, value: &str) -> bool {
            let before = values.len();
            values.retain(|held| held.to_string() != value);
            values.len() < before
        }
        match name {
            FacetName::Case => off(&mut self.cases, value),
            FacetName::Client => off(&mut self.clients, value),
            FacetName::Kind => off(&mut self.kinds, value),
            FacetName::Court => off(&mut self.courts, value),
            FacetName::Judge => off(&mut self.judges, value),
            FacetName::Year => off(&mut self.years, value),
            FacetName::Party => off(&mut self.parties, value),
            FacetName::Language => off(&mut self.languages, value),
            FacetName::Statute => off(&mut self.statutes, value),
            FacetName::Cited => off(&mut self.cited, value),
        }
    }
}

impl FacetName {
    /// Every property, in the order they are shown.
    pub const ALL: [Self; 10] = [
        Self::Case,
        Self::Client,
        Self::Kind,
        Self::Court,
        Self::Judge,
        Self::Year,
        Self::Party,
        Self::Statute,
        Self::Cited,
        Self::Language,
    ];

    /// Its name in an address.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Client => "client",
            Self::Kind => "kind",
            Self::Court => "court",
            Self::Judge => "judge",
            Self::Year => "year",
            Self::Party => "party",
            Self::Language => "language",
            Self::Statute => "statute",
            Self::Cited => "cited",
        }
    }

    /// The property of a name.
    #[must_use]
    pub fn named(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.key() == key)
    }
}

impl ExpansionKind {
    const ALL: [Self; 3] = [Self::Crosswalk, Self::Synonym, Self::Script];

    /// Its name in an address.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Crosswalk => "crosswalk",
            Self::Synonym => "synonym",
            Self::Script => "script",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn named(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

fn sort(value: &str) -> Result<Sort, BadValue> {
    match value {
        "relevance" => Ok(Sort::Relevance),
        "newest" => Ok(Sort::Newest),
        "oldest" => Ok(Sort::Oldest),
        _ => Err(bad("sort", value, "`relevance`, `newest` or `oldest`")),
    }
}

fn read<T: FromStr>(name: &'static str, value: &str, wanted: &'static str) -> Result<T, BadValue> {
    value.trim().parse().map_err(|_| bad(name, value, wanted))
}

fn bad(name: &'static str, value: &str, wanted: &'static str) -> BadValue {
    BadValue { name, value: value.to_owned(), wanted }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::CaseId;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let mut request = Request::from_address("q=%22bail%22+w%2F5+refused&sort=oldest").unwrap();
        request.within = Some(CaseId::new());
        for (name, value) in [
            (FacetName::Court, "High Court of Delhi"),
            (FacetName::Court, "Supreme Court & others"),
            (FacetName::Year, "2023"),
            (FacetName::Statute, "NI Act s. 138"),
            (FacetName::Cited, "(2019) 4 SCC 1"),
        ] {
            request = request.toggled(name, value).unwrap();
        }
        request.switches.kinds.insert(ExpansionKind::Crosswalk);
        request.switches.ids.insert("synonym:bail".to_owned());
        let read = Request::from_address(&request.address()).unwrap();
        assert_eq!((read.text, read.within), (request.text, request.within));
        assert_eq!((read.filters, read.switches), (request.filters, request.switches));
        assert_eq!(read.sort, Sort::Oldest);
    }

    #[test]
    fn a_value_put_on_twice_is_off() {
        let plain = Request::from_address("q=bail&after=x").unwrap();
        let on = plain.toggled(FacetName::Year, "2023").unwrap();
        assert_eq!((on.filters.years.as_slice(), on.after.as_ref()), ([2023].as_slice(), None));
        assert!(on.toggled(FacetName::Year, "2023").unwrap().filters.is_empty());
    }

    #[test]
    fn what_cannot_be_meant_is_told() {
        for address in ["q=bail&year=soon", "q=bail&case=1", "q=bail&sort=best", "limit=many"] {
            assert!(Request::from_address(address).is_err(), "{address}");
        }
        assert!(Request::from_address("q=bail&colour=red&year=").is_ok());
    }
}
