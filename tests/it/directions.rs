//! Directions read from real orders, compared with labels made by hand
//! (`tests/it/directions.toml`); and from the sample order sheet, through the service.

use std::collections::BTreeMap;
use std::path::Path;

use munshi::assistant::tasks::PageText;
use munshi::assistant::tasks::directions::{Kind, Read, read};
use serde::Deserialize;
use serde_json::Value;

use crate::on_both_engines;
use crate::support::test_data;

/// A document whose every direction is labelled.
#[derive(Deserialize)]
struct Labelled {
    /// Its id in `retrieval/irled2017-precedent`.
    id: String,
    /// The date its directions are counted from, where it is known.
    dated: Option<String>,
    /// Its directions; none when it has none.
    #[serde(default)]
    direction: Vec<Label>,
}

/// A direction as a person reads it.
#[derive(Deserialize)]
struct Label {
    kind: Kind,
    /// Words of it.
    words: String,
    /// Its day; none where a careful reader could not tell it.
    on: Option<String>,
    /// Whether that day is certain.
    #[serde(default)]
    certain: bool,
}

#[derive(Deserialize)]
struct Labels {
    document: Vec<Labelled>,
}

/// The texts of a collection of judgments, by id.
fn corpus() -> Option<BTreeMap<String, String>> {
    let path = test_data("retrieval/irled2017-precedent/corpus.jsonl.xz")?;
    let mut bytes = Vec::new();
    let mut file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    lzma_rs::xz_decompress(&mut file, &mut bytes).unwrap();
    let lines = String::from_utf8(bytes).unwrap();
    let text = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        let part = |name: &str| value[name].as_str().unwrap().to_owned();
        (part("id"), part("text"))
    };
    Some(lines.lines().filter(|line| !line.is_empty()).map(text).collect())
}

fn directions_of(text: &str, dated: Option<&str>) -> Vec<Read> {
    let dated = dated.map(|day| day.parse().unwrap());
    read(&[PageText { number: 1, text: text.to_owned() }], dated)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Of what is extracted, nearly all is right; of what a reader finds, most is extracted;
/// and no day that is wrong is passed for certain.
#[test]
fn directions_of_real_orders_are_read_as_a_person_reads_them() {
    let Some(corpus) = corpus() else { return };
    let labels = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/directions.toml");
    let labels: Labels = toml::from_str(&std::fs::read_to_string(labels).unwrap()).unwrap();
    let (mut extracted, mut right, mut labelled, mut found) = (0, 0, 0, 0);
    let mut bold = Vec::new();
    for document in &labels.document {
        let text = &corpus[&document.id];
        let read = directions_of(text, document.dated.as_deref());
        labelled += document.direction.len();
        let mut free: Vec<&Label> = document.direction.iter().collect();
        for direction in &read {
            extracted += 1;
            assert!(text.contains(&direction.quote), "{}: not verbatim", document.id);
            let on = direction.on.map(|day| day.to_string());
            let quote = one_line(&direction.quote);
            let fits = |label: &&&Label| {
                label.kind == direction.kind
                    && quote.contains(&label.words)
                    && (label.on.is_none() || label.on == on)
            };
            if let Some(place) = free.iter().position(|label| fits(&label)) {
                let label = free.remove(place);
                right += 1;
                found += 1;
                if direction.doubt.is_none() && !label.certain {
                    bold.push(format!("{}: {on:?} of “{quote}” is not certain", document.id));
                }
            } else {
                println!("wrong: {} {:?} {on:?} {quote}", document.id, direction.kind);
                if direction.doubt.is_none() {
                    bold.push(format!("{}: {on:?} of “{quote}” is wrong", document.id));
                }
            }
        }
        for label in free {
            println!("missed: {} {:?} {:?} {}", document.id, label.kind, label.on, label.words);
        }
    }
    let share = |part: usize, whole: usize| part * 1000 / whole.max(1);
    println!(
        "directions: {labelled} labelled, {extracted} extracted, {right} right: precision {}.{} %, \
         recall {}.{} %; {} wrong or uncertain days passed for certain",
        share(right, extracted) / 10,
        share(right, extracted) % 10,
        share(found, labelled) / 10,
        share(found, labelled) % 10,
        bold.len(),
    );
    assert!(labelled >= 40, "only {labelled} directions are labelled");
    assert!(share(right, extracted) >= 900, "precision fell");
    assert!(share(found, labelled) >= 800, "recall fell");
    assert!(bold.len() * 20 <= extracted, "{}", bold.join("\n"));
}

/// Everything that is extracted, for making labels: `MUNSHI_SHOW=1`, with `--nocapture`.
#[test]
fn everything_extracted_is_verbatim() {
    let Some(corpus) = corpus() else { return };
    #[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
    let show = std::env::var("MUNSHI_SHOW").is_ok();
    let mut count = 0;
    for (id, text) in corpus.iter().take(if show { usize::MAX } else { 300 }) {
        for direction in directions_of(text, None) {
            count += 1;
            assert!(text.contains(&direction.quote), "{id}: not verbatim");
            assert_eq!(&text[direction.start..direction.end], direction.quote, "{id}");
            if show {
                let Read { kind, on, doubt, computed, quote, .. } = direction;
                println!("{id}\t{kind:?}\t{on:?}\t{doubt:?}\t{computed}\t{}", one_line(&quote));
            }
        }
    }
    println!("{count} directions, each verbatim");
    assert!(count > 20, "only {count}");
}

const SHEET: &str = "state-v-qureshi/order-sheet.pdf";

/// The hearings and deadlines of the sample order sheet, as a person reads them.
const IN_SHEET: [(&str, &str); 8] = [
    ("hearing", "2026-05-26"),
    ("deadline", "2026-06-01"),
    ("hearing", "2026-06-03"),
    ("hearing", "2026-06-09"),
    ("deadline", "2026-08-04"),
    ("hearing", "2026-06-22"),
    ("deadline", "2026-11-16"),
    ("hearing", "2026-12-14"),
];

on_both_engines! {
    async fn an_order_sheet_becomes_proposals(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("State v. Qureshi").await;
        let uploaded = admin.upload_sample(&case, SHEET).await;
        let document = uploaded.body["document_id"].as_str().unwrap_or_else(|| panic!("{uploaded:?}")).to_owned();
        app.settle().await;
        let path = format!("/api/v1/documents/{document}/directions");
        let read = admin.get(&path).await.body;
        let told: Vec<(&str, &str)> = read["directions"].as_array().unwrap().iter()
            .map(|one| (one["kind"].as_str().unwrap(), one["on"].as_str().unwrap_or("")))
            .collect();
        assert_eq!(told, IN_SHEET, "{read}");
        // Every quotation stands on the page it names.
        for one in read["directions"].as_array().unwrap() {
            let cited = &one["cited"];
            let page = format!("/api/v1/documents/{document}/versions/1/pages/{}", cited["page"]);
            let page = admin.get(&page).await.body;
            let text = page["text"].as_str().unwrap();
            let (start, end) = (cited["start"].as_u64().unwrap(), cited["end"].as_u64().unwrap());
            let stands = &text[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()];
            assert_eq!(one_line(stands), one_line(cited["quote"].as_str().unwrap()));
        }
        // Reading proposes nothing; asked to, it proposes each once.
        assert_eq!(admin.get("/api/v1/proposals").await.body, serde_json::json!([]));
        let made = admin.post(&path, Value::Null).await.body;
        let again = admin.post(&path, Value::Null).await.body;
        assert_eq!(made["directions"], again["directions"]);
        let waiting = admin.get(&format!("/api/v1/proposals?case={case}&status=open")).await.body;
        assert_eq!(waiting.as_array().map(Vec::len), Some(told.len()), "{waiting}");
        assert_eq!(waiting[0]["message_id"], Value::Null);
        assert!(waiting[0]["computed"].is_string(), "{waiting}");
    }

    async fn the_list_of_dates_is_sorted_and_quotes_its_pages(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("Sharma v. Kapoor").await;
        admin.upload_sample(&case, "sharma-v-kapoor/order-2026-07-17.pdf").await;
        admin.upload_sample(&case, "sharma-v-kapoor/plaint.pdf").await;
        app.settle().await;
        let list = admin.get(&format!("/api/v1/cases/{case}/chronology")).await.body;
        let lines = list["lines"].as_array().unwrap();
        let days: Vec<&str> = lines.iter().map(|line| line["on"].as_str().unwrap()).collect();
        assert!(days.is_sorted(), "{days:?}");
        for day in ["2022-04-04", "2022-07-29", "2024-09-12", "2024-09-18", "2024-11-20"] {
            assert!(days.contains(&day), "{day} is missing: {days:?}");
        }
        assert_eq!(list["documents"], 2);
        assert_eq!(list["unread"], serde_json::json!([]));
        let mut checked = 0;
        for cited in lines.iter().flat_map(|line| line["cited"].as_array().unwrap()) {
            let page = format!(
                "/api/v1/documents/{}/versions/1/pages/{}",
                cited["document_id"].as_str().unwrap(),
                cited["page"]
            );
            let text = admin.get(&page).await.body["text"].as_str().unwrap().to_owned();
            assert!(one_line(&text).contains(&one_line(cited["quote"].as_str().unwrap())), "{cited}");
            checked += 1;
        }
        println!("{} lines, {checked} quotations checked", lines.len());
        // One document alone, and a document of another case.
        let document = lines[0]["cited"][0]["document_id"].as_str().unwrap();
        let one = admin.get(&format!("/api/v1/cases/{case}/chronology?documents={document}")).await;
        assert_eq!(one.body["documents"], 1);
        let other = admin.open_case("Rao v. Iyer").await;
        let wrong = admin.get(&format!("/api/v1/cases/{other}/chronology?documents={document}")).await;
        assert_eq!(wrong.status, 404, "{wrong:?}");
        let outside = app.person("outside@example.in", "advocate", None).await;
        assert_eq!(outside.get(&format!("/api/v1/cases/{case}/chronology")).await.status, 404);
        assert_eq!(outside.get(&format!("/api/v1/documents/{document}/directions")).await.status, 404);
        assert_eq!(outside.post(&format!("/api/v1/documents/{document}/directions"), Value::Null).await.status, 404);
    }
}
