//! The engine alone, on the same files: the documents counted and the best twenty
//! passages, under the same scope.

use std::path::Path;

use munshi::kernel::{Reach, Scope};
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::{AggContextParams, AggregationCollector};
use tantivy::collector::{Count, TopDocs};
use tantivy::columnar::Column;
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, Occur, Query as Engine, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, IndexReader, Order, Searcher, Term};

use crate::asked::{Asked, Kind};

/// The fields the facets are counted of.
const FACETS: [&str; 9] = [
    "facet_case",
    "facet_client",
    "facet_kind",
    "facet_court",
    "facet_judge",
    "facet_party",
    "facet_language",
    "facet_statute",
    "facet_cited",
];

/// The engine with an index open.
pub(crate) struct Raw {
    reader: IndexReader,
    organisation: Term,
    cases: Vec<Vec<u8>>,
    text: Field,
    passage_text: Field,
    court: Field,
    document: Field,
    case: Field,
    passage_case: Field,
}

impl Raw {
    pub(crate) fn open(entries: &Path, scope: &Scope) -> Self {
        let index = tantivy::Index::open_in_dir(entries).expect("the index opens");
        let schema = index.schema();
        let field = |name: &str| schema.get_field(name).expect("a field");
        let Reach::Cases(cases) = scope.reach() else { panic!("a scope of cases") };
        let organisation = scope.organisation().uuid();
        Self {
            organisation: Term::from_field_bytes(field("organisation"), organisation.as_bytes()),
            cases: cases.iter().map(|case| case.uuid().as_bytes().to_vec()).collect(),
            text: field("text"),
            passage_text: field("passage_text"),
            court: field("court"),
            document: field("document"),
            case: field("case"),
            passage_case: field("passage_case"),
            reader: index.reader().expect("a reader"),
        }
    }

    /// Asks; gives how many documents match and how many passages are found.
    pub(crate) fn ask(&self, asked: &Asked) -> (usize, usize) {
        let searcher = self.reader.searcher();
        let mut clauses = vec![
            must(Box::new(TermQuery::new(self.organisation.clone(), IndexRecordOption::Basic))),
            must(self.of_cases(self.case)),
            (Occur::Must, asked.raw(self.text, self.court)),
        ];
        if asked.kind == Kind::Field {
            clauses.push((Occur::Must, asked.raw(self.court, self.court)));
        }
        let documents = BooleanQuery::new(clauses);
        if asked.kind == Kind::Newest {
            let newest = TopDocs::with_limit(20).order_by_fast_field::<i64>("date", Order::Desc);
            let (count, newest) = searcher.search(&documents, &(Count, newest)).expect("an answer");
            let newest: Vec<DocAddress> = newest.into_iter().map(|(_, at)| at).collect();
            let best = TopDocs::with_limit(20).order_by_score();
            let passages = self.of_documents(&searcher, &newest, asked);
            return (count, searcher.search(&passages, &best).expect("an answer").len());
        }
        let count = if asked.kind == Kind::Facets {
            let facets = AggregationCollector::from_aggs(facets(), AggContextParams::default());
            searcher.search(&documents, &(Count, facets)).expect("an answer").0
        } else {
            searcher.search(&documents, &Count).expect("a count")
        };
        let passages = BooleanQuery::new(vec![
            must(self.of_cases(self.passage_case)),
            (Occur::Must, asked.raw(self.passage_text, self.court)),
        ]);
        let best = TopDocs::with_limit(20).order_by_score();
        (count, searcher.search(&passages, &best).expect("an answer").len())
    }

    /// The passages of some documents that a query is true of.
    fn of_documents(
        &self,
        searcher: &Searcher,
        documents: &[DocAddress],
        asked: &Asked,
    ) -> BooleanQuery {
        let mut ids = Vec::new();
        for (nth, reader) in (0..).zip(searcher.segment_readers()) {
            let here = documents.iter().filter(|at| at.segment_ord == nth);
            let here: Vec<u32> = here.map(|at| at.doc_id).collect();
            if here.is_empty() {
                continue;
            }
            let half = |name: &str| reader.fast_fields().u64(name).expect("a column");
            let (high, low) = (half("id_high"), half("id_low"));
            ids.extend(here.into_iter().map(|entry| {
                let half = |column: &Column<u64>| column.first(entry).unwrap_or(0).to_be_bytes();
                Term::from_field_bytes(self.document, &[half(&high), half(&low)].concat())
            }));
        }
        BooleanQuery::new(vec![
            must(Box::new(TermSetQuery::new(ids))),
            (Occur::Must, asked.raw(self.passage_text, self.court)),
        ])
    }

    fn of_cases(&self, field: Field) -> Box<dyn Engine> {
        Box::new(TermSetQuery::new(
            self.cases.iter().map(|case| Term::from_field_bytes(field, case)),
        ))
    }
}

fn must(query: Box<dyn Engine>) -> (Occur, Box<dyn Engine>) {
    (Occur::Must, Box::new(ConstScoreQuery::new(query, 0.0)))
}

fn facets() -> Aggregations {
    let terms = FACETS.iter().map(|name| {
        ((*name).to_owned(), serde_json::json!({ "terms": { "field": name, "size": 20 } }))
    });
    serde_json::from_value(serde_json::Value::Object(terms.collect())).expect("aggregations")
}
