//! Points and filters: how an entry is kept, and how a scope is asked for.

use std::collections::BTreeSet;

use qdrant_client::Payload;
use qdrant_client::qdrant::r#match::MatchValue;
use qdrant_client::qdrant::point_id::PointIdOptions;
use qdrant_client::qdrant::value::Kind;
use qdrant_client::qdrant::{
    Condition, Filter, PointId, PointStruct, RepeatedStrings, ScoredPoint,
};
use uuid::Uuid;

use crate::kernel::{DocumentId, OrganisationId, PassageId, Reach, Scope, VersionId};
use crate::vectors::store::{Entry, Narrow, Near, StoreError};

/// The organisation an entry belongs to.
pub(super) const ORGANISATION: &str = "organisation";
/// The case its document belongs to.
pub(super) const CASE: &str = "case";
/// The document it is in.
pub(super) const DOCUMENT: &str = "document";
/// The version of the document it is in.
pub(super) const VERSION: &str = "version";
/// The version and how many entries it has: `<version>/<count>`.
pub(super) const WHOLE: &str = "whole";

/// The most bytes of vectors that go into one request.
const REQUEST: usize = 8 << 20;

/// The points of a version's entries, in requests of bounded size.
pub(super) fn requests(organisation: OrganisationId, entries: Vec<Entry>) -> Vec<Vec<PointStruct>> {
    let count = entries.len();
    let bytes = entries.first().map_or(0, |entry| 4 * entry.vector.len()).max(1);
    let each = (REQUEST / bytes).max(1);
    let mut requests: Vec<Vec<PointStruct>> = Vec::with_capacity(count.div_ceil(each));
    for entry in entries {
        let point = point(organisation, count, entry);
        match requests.last_mut() {
            Some(request) if request.len() < each => request.push(point),
            _ => requests.push(vec![point]),
        }
    }
    requests
}

fn point(organisation: OrganisationId, count: usize, entry: Entry) -> PointStruct {
    let Entry { passage, document, version, case, vector } = entry;
    let mut payload = Payload::with_capacity(5);
    payload.insert(ORGANISATION, organisation.to_string());
    payload.insert(CASE, case.to_string());
    payload.insert(DOCUMENT, document.to_string());
    payload.insert(VERSION, version.to_string());
    payload.insert(WHOLE, format!("{version}/{count}"));
    PointStruct::new(id(passage), vector, payload)
}

/// The id of a passage's point.
pub(super) fn id(passage: PassageId) -> PointId {
    PointId::from(passage.to_string())
}

/// The version of a value of [`WHOLE`] that so many points have, when it is all of them.
pub(super) fn whole(value: &str, points: u64) -> Option<VersionId> {
    let (version, count) = value.split_once('/')?;
    if count.parse() == Ok(points) { version.parse().ok() } else { None }
}

/// A passage as a search found it.
pub(super) fn near(point: &ScoredPoint) -> Result<Near, StoreError> {
    let found = || -> Option<Near> {
        let PointIdOptions::Uuid(passage) = point.id.as_ref()?.point_id_options.as_ref()? else {
            return None;
        };
        let named = |field: &str| match point.payload.get(field)?.kind.as_ref()? {
            Kind::StringValue(id) => id.parse::<Uuid>().ok(),
            _ => None,
        };
        Some(Near {
            passage: passage.parse().ok()?,
            document: named(DOCUMENT)?.into(),
            case: named(CASE)?.into(),
            score: point.score,
        })
    };
    found().ok_or_else(|| {
        StoreError::Refused("a point is not one of ours; does another program write there?".into())
    })
}

/// The points of a version.
pub(super) fn of_version(organisation: OrganisationId, version: VersionId) -> Filter {
    Filter::must([is(ORGANISATION, &organisation), is(VERSION, &version)])
}

/// The points of a document.
pub(super) fn of_document(organisation: OrganisationId, document: DocumentId) -> Filter {
    Filter::must([is(ORGANISATION, &organisation), is(DOCUMENT, &document)])
}

/// The points of an organisation.
pub(super) fn of_organisation(organisation: OrganisationId) -> Filter {
    Filter::must([is(ORGANISATION, &organisation)])
}

/// The points a scope opens, and of them those asked for: the whole decision about who
/// may see what. None, when that is nothing.
pub(super) fn open_to(scope: &Scope, narrow: &Narrow) -> Option<Filter> {
    let mut must = vec![is(ORGANISATION, &scope.organisation())];
    match scope.reach() {
        Reach::Organisation => {}
        Reach::Cases(cases) => must.push(any(CASE, cases)?),
        Reach::Shared { documents, .. } => must.push(any(DOCUMENT, documents)?),
    }
    if let Some(case) = narrow.case {
        must.push(is(CASE, &case));
    }
    if let Some(documents) = &narrow.documents {
        must.push(any(DOCUMENT, documents)?);
    }
    Some(Filter::must(must))
}

fn is(field: &str, id: &impl ToString) -> Condition {
    Condition::matches(field, MatchValue::Keyword(id.to_string()))
}

/// A field that is one of a set; none, when the set is empty.
fn any<T: ToString>(field: &str, ids: &BTreeSet<T>) -> Option<Condition> {
    if ids.is_empty() {
        return None;
    }
    let strings = ids.iter().map(ToString::to_string).collect();
    Some(Condition::matches(field, MatchValue::Keywords(RepeatedStrings { strings })))
}
