//! Looking for names among all there ever were, and keeping what was found.

use serde_json::json;

use super::identifiers::Identifiers;
use super::matching::{Match, matches};
use super::{Check, ConflictError, Conflicts, MOST_NAMES, allowed, register, store, views};
use crate::clients::Client;
use crate::kernel::{CaseId, ClientId, ConflictCheckId, Scope};

/// The longest text of a name, in characters.
const LONGEST: usize = 300;

/// Why a check is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Somebody asked.
    Asked,
    /// A client was entered or changed.
    Client,
    /// A party of a case was entered.
    Party,
}

impl Occasion {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Client => "client",
            Self::Party => "party",
        }
    }

    /// What was done, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Asked => "asked for",
            Self::Client => "made when a client was entered",
            Self::Party => "made when a party was entered",
        }
    }

    pub(super) fn of(stored: &str) -> Self {
        match stored {
            "client" => Self::Client,
            "party" => Self::Party,
            _ => Self::Asked,
        }
    }
}

/// A name that is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskedName {
    /// The name.
    pub name: String,
    /// Whether the chamber would act for them.
    pub ours: bool,
    /// Their father or husband.
    pub father: Option<String>,
    /// Where they are.
    pub city: Option<String>,
    /// Their numbers and addresses.
    pub identifiers: Identifiers,
}

/// Names that are looked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The names of all sides.
    pub names: Vec<AskedName>,
    /// The case it is for.
    pub case: Option<CaseId>,
    /// The client it is for.
    pub client: Option<ClientId>,
    /// Why.
    pub occasion: Occasion,
    /// Whether counsel of other sides are looked among too.
    pub with_counsel: bool,
}

/// What came of a check, as whoever asked may know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// The check.
    pub check: ConflictCheckId,
    /// How many matches they may know of; those in what is not open to them count as one.
    pub possible: usize,
    /// Whether an admin confirms it.
    pub to_confirm: bool,
}

impl Conflicts {
    /// Looks for names and keeps the check.
    ///
    /// # Errors
    /// Fails when the caller may not, no name was given, a text is too long, or case or
    /// client are not theirs.
    pub async fn ask(&self, scope: &Scope, asked: Asked) -> Result<Check, ConflictError> {
        allowed(scope)?;
        let asked = fit(asked)?;
        let asked = self.theirs(scope, asked).await?;
        register::refresh(&self.parts, scope.organisation()).await?;
        self.make(scope, asked).await
    }

    /// Makes a check of what is known to be the caller's, once the register is up to date.
    pub(super) async fn make(&self, scope: &Scope, asked: Asked) -> Result<Check, ConflictError> {
        let mut found = Vec::with_capacity(asked.names.len());
        let mut tx = self.parts.db.read().await?;
        for name in &asked.names {
            found.push(matches(&mut tx, scope, &asked, name).await?);
        }
        drop(tx);
        self.keep(scope, &asked, &found).await
    }

    /// Keeps a check with what was found of each of its names.
    pub(super) async fn keep(
        &self,
        scope: &Scope,
        asked: &Asked,
        found: &[Vec<Match>],
    ) -> Result<Check, ConflictError> {
        let mut tx = self.parts.db.write().await?;
        let id = ConflictCheckId::new();
        let to_confirm = store::is_walled(&mut tx, scope.user()).await?;
        let now = self.parts.clock.now();
        store::insert_check(&mut tx, scope, id, asked, (to_confirm, now)).await?;
        for (ordinal, (name, hits)) in (0_i64..).zip(asked.names.iter().zip(found)) {
            store::insert_name(&mut tx, id, ordinal, name).await?;
            for (known, likeness) in hits {
                let what = (likeness.score, likeness.reasons.as_slice());
                store::insert_hit(&mut tx, id, (ordinal, *known), what).await?;
            }
        }
        let details = json!({ "check": id, "case": asked.case, "client": asked.client });
        let user = Some(scope.user());
        self.parts
            .audit
            .record(&mut tx, scope.organisation(), user, "conflict.check", details)
            .await?;
        let check = views::find(&mut tx, scope, id).await?;
        tx.commit().await?;
        Ok(check)
    }

    /// The same, and how many matches there are.
    ///
    /// # Errors
    /// As [`Conflicts::ask`].
    pub async fn quick(&self, scope: &Scope, asked: Asked) -> Result<Summary, ConflictError> {
        let check = self.ask(scope, asked).await?;
        Ok(Summary {
            check: check.row.id,
            possible: check.row.possible,
            to_confirm: check.row.to_confirm,
        })
    }

    /// The check that is made when a client is entered.
    ///
    /// # Errors
    /// As [`Conflicts::ask`].
    pub async fn check_client(
        &self,
        scope: &Scope,
        client: &Client,
        occasion: Occasion,
    ) -> Result<Summary, ConflictError> {
        let name = AskedName {
            name: client.name.clone(),
            ours: true,
            father: None,
            city: clipped(client.city.as_ref()),
            identifiers: Identifiers {
                pan: client.pan.clone(),
                gstin: client.gstin.clone(),
                cin: None,
                phone: clipped(client.phone.as_ref()),
                email: clipped(client.email.as_ref()),
            },
        };
        let asked = Asked {
            names: vec![name],
            case: None,
            client: Some(client.id),
            occasion,
            with_counsel: false,
        };
        self.quick(scope, asked).await
    }

    /// The check that is made when parties of a case are entered: each with whether the
    /// chamber acts for them.
    ///
    /// # Errors
    /// As [`Conflicts::ask`].
    pub async fn check_parties(
        &self,
        scope: &Scope,
        case: CaseId,
        parties: &[(String, bool)],
    ) -> Result<Summary, ConflictError> {
        self.quick(scope, of_parties(case, parties)).await
    }

    /// Makes sure that case and client are the caller's.
    async fn theirs(&self, scope: &Scope, mut asked: Asked) -> Result<Asked, ConflictError> {
        if let Some(case) = asked.case {
            self.parts.cases.find(scope, case).await?;
            if !scope.opens(case) {
                return Err(ConflictError::NotFound);
            }
        }
        if let Some(client) = asked.client {
            asked.client = Some(self.parts.clients.find(scope, client).await?.id);
        }
        Ok(asked)
    }
}

/// The names without space around them.
pub(super) fn fit(mut asked: Asked) -> Result<Asked, ConflictError> {
    asked.names.retain(|name| !name.name.trim().is_empty());
    if asked.names.is_empty() {
        return Err(ConflictError::NoName);
    }
    if asked.names.len() > MOST_NAMES {
        let words = "that are too many names for one check; look for 20 at a time";
        return Err(ConflictError::Unfit(words));
    }
    for name in &mut asked.names {
        name.trim();
        if name.texts().any(|text| text.chars().count() > LONGEST) {
            let words = "a text is too long; keep each name and number under 300 characters";
            return Err(ConflictError::Unfit(words));
        }
    }
    Ok(asked)
}

/// The beginning of a text that may be longer than one typed into a check.
fn clipped(text: Option<&String>) -> Option<String> {
    text.map(|text| text.chars().take(LONGEST).collect())
}

/// What is asked when parties of a case are entered. A party's name may be longer than one
/// that is typed into a check; its beginning is looked for.
pub(super) fn of_parties(case: CaseId, parties: &[(String, bool)]) -> Asked {
    let names = parties.iter().take(MOST_NAMES).map(|(name, ours)| AskedName {
        name: name.trim().chars().take(LONGEST).collect(),
        ours: *ours,
        ..AskedName::default()
    });
    Asked {
        names: names.collect(),
        case: Some(case),
        client: None,
        occasion: Occasion::Party,
        with_counsel: false,
    }
}

impl AskedName {
    fn fields(&mut self) -> [&mut Option<String>; 7] {
        let Identifiers { pan, gstin, cin, phone, email } = &mut self.identifiers;
        [&mut self.father, &mut self.city, pan, gstin, cin, phone, email]
    }

    fn trim(&mut self) {
        self.name = self.name.trim().to_owned();
        for field in self.fields() {
            let text = field.take().map(|text| text.trim().to_owned());
            *field = text.filter(|text| !text.is_empty());
        }
    }

    fn texts(&self) -> impl Iterator<Item = &String> {
        let Identifiers { pan, gstin, cin, phone, email } = &self.identifiers;
        let fields = [&self.father, &self.city, pan, gstin, cin, phone, email];
        std::iter::once(&self.name).chain(fields.into_iter().flatten())
    }
}
