//! What is asked of a server, and what happens when there is none. How a real one
//! answers is for the conformance suite.

use std::time::Instant;

use qdrant_client::qdrant::condition::ConditionOneOf;
use qdrant_client::qdrant::r#match::MatchValue;
use qdrant_client::qdrant::{Filter, PointStruct};

use super::*;
use crate::kernel::{
    CaseId, ClientId, DocumentId, OrganisationId, PassageId, Reach, Role, Scope, UserId, VersionId,
};
use crate::vectors::{Entry, Narrow};

fn stores(address: &str) -> QdrantStores {
    QdrantStores::new(&address.parse().unwrap(), &SecretString::from(""), 3, Outside::default())
        .unwrap()
}

fn scope(org: OrganisationId, reach: Reach) -> Scope {
    Scope::granted(org, UserId::new(), Role::Advocate, reach)
}

/// A filter's conditions as text; it must have no others than those that must hold.
fn conditions(filter: &Filter) -> Vec<(String, Vec<String>)> {
    assert!(filter.should.is_empty() && filter.must_not.is_empty() && filter.min_should.is_none());
    let read = |condition: &qdrant_client::qdrant::Condition| {
        let Some(ConditionOneOf::Field(field)) = &condition.condition_one_of else { panic!() };
        let values = match field.r#match.as_ref().unwrap().match_value.as_ref().unwrap() {
            MatchValue::Keyword(one) => vec![one.clone()],
            MatchValue::Keywords(many) => many.strings.clone(),
            other => panic!("{other:?}"),
        };
        (field.key.clone(), values)
    };
    filter.must.iter().map(read).collect()
}

#[test]
fn an_address_may_name_either_port() {
    let ports = |address: &str| {
        let (grpc, http) = addresses(&address.parse().unwrap()).unwrap();
        (grpc.port().unwrap(), http.port().unwrap())
    };
    assert_eq!(ports("http://127.0.0.1:6333"), (6334, 6333));
    assert_eq!(ports("http://127.0.0.1:6334"), (6334, 6333));
    assert_eq!(ports("http://127.0.0.1"), (6334, 6333));
    assert_eq!(ports("https://vectors.example"), (6334, 6333));
    assert_eq!(ports("https://vectors.example:7001"), (7001, 7000));
    let refused = addresses(&"unix:/tmp/qdrant".parse().unwrap());
    assert!(matches!(refused, Err(StoreError::Refused(_))));
}

#[test]
fn a_scope_is_part_of_the_filter() {
    let org = OrganisationId::new();
    let (case, document) = (CaseId::new(), DocumentId::new());
    let whole = (ORGANISATION.to_owned(), vec![org.to_string()]);
    let of_case = (CASE.to_owned(), vec![case.to_string()]);
    let of_document = (DOCUMENT.to_owned(), vec![document.to_string()]);
    let cases = Reach::Cases(Arc::new(BTreeSet::from([case])));
    let shared =
        Reach::Shared { client: ClientId::new(), documents: Arc::new(BTreeSet::from([document])) };
    let anything = Narrow::default();
    let in_case = Narrow { case: Some(case), documents: None };
    let open = |reach: &Reach, narrow: &Narrow| {
        conditions(&points::open_to(&scope(org, reach.clone()), narrow).unwrap())
    };
    assert_eq!(open(&Reach::Organisation, &anything), std::slice::from_ref(&whole));
    assert_eq!(open(&cases, &anything), [whole.clone(), of_case.clone()]);
    assert_eq!(open(&shared, &anything), [whole.clone(), of_document.clone()]);
    // Narrowing adds to what must hold and takes nothing away.
    assert_eq!(open(&cases, &in_case), [whole.clone(), of_case.clone(), of_case.clone()]);
    assert_eq!(open(&shared, &in_case), [whole, of_document, of_case]);
}

#[test]
fn a_scope_that_opens_nothing_asks_nothing() {
    let org = OrganisationId::new();
    let no_cases = scope(org, Reach::Cases(Arc::default()));
    let no_documents =
        scope(org, Reach::Shared { client: ClientId::new(), documents: Arc::default() });
    assert_eq!(points::open_to(&no_cases, &Narrow::default()), None);
    assert_eq!(points::open_to(&no_documents, &Narrow::default()), None);
    let nowhere = Narrow { case: None, documents: Some(Arc::default()) };
    assert_eq!(points::open_to(&scope(org, Reach::Organisation), &nowhere), None);
}

#[test]
fn requests_are_bounded_and_keep_every_entry() {
    let (document, version, case) = (DocumentId::new(), VersionId::new(), CaseId::new());
    let entry =
        || Entry { passage: PassageId::new(), document, version, case, vector: vec![0.0; 1536] };
    let entries: Vec<Entry> = (0..3_000).map(|_| entry()).collect();
    let requests = points::requests(OrganisationId::new(), entries.clone());
    let sizes: Vec<usize> = requests.iter().map(Vec::len).collect();
    assert_eq!(sizes, [1365, 1365, 270]);
    let ids: Vec<_> = requests.iter().flatten().map(|point| point.id.clone().unwrap()).collect();
    let given: Vec<_> = entries.iter().map(|entry| points::id(entry.passage)).collect();
    assert_eq!(ids, given);
    let PointStruct { payload, .. } = &requests[0][0];
    assert_eq!(payload[WHOLE].as_str().unwrap(), &format!("{version}/3000"));
    assert!(points::requests(OrganisationId::new(), Vec::new()).is_empty());
}

#[test]
fn a_version_counts_only_when_all_of_it_is_there() {
    let version = VersionId::new();
    assert_eq!(points::whole(&format!("{version}/3"), 3), Some(version));
    assert_eq!(points::whole(&format!("{version}/3"), 2), None);
    assert_eq!(points::whole(&version.to_string(), 1), None);
    assert_eq!(points::whole("3", 3), None);
}

#[tokio::test]
async fn nobody_listening_is_unreachable_at_once() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let stores = stores(&format!("http://{closed}"));
    let started = Instant::now();
    let opened = stores.open("model", 8).await.err();
    assert!(matches!(opened, Some(StoreError::Unreachable(_))), "{opened:?}");
    let listed = stores.generations().await.err();
    assert!(matches!(listed, Some(StoreError::Unreachable(_))), "{listed:?}");
    assert!(started.elapsed() < CONNECT);
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let stores = stores(&format!("http://{}", silent.local_addr().unwrap()));
    let started = Instant::now();
    let listed = stores.generations().await.err();
    assert!(matches!(listed, Some(StoreError::Unreachable(_))), "{listed:?}");
    assert!(started.elapsed() <= CONNECT + ANSWER + CONNECT, "{:?}", started.elapsed());
}
