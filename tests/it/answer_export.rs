//! An answer is exported for filing, and read back by the service itself.

use std::io::Write as _;
use std::path::PathBuf;

use munshi::assistant::export::Format;
use munshi::documents::reading::{Limits, Ocr, ReadEvent, ReadOptions, Reader, identify};
use munshi::paper::{Block, Paper, Run, pdf};
use serde_json::json;

use crate::on_both_engines;
use crate::support::scripted_llm::{Script, ScriptedLlm};
use crate::support::{Caller, TestApp};

const QUESTION: &str = "What did the court hold on limitation?";
const ORDER: &str = "sharma-v-kapoor/order-2026-07-17.pdf";

/// The text of a file, as an upload of it is read.
async fn text_of(bytes: &[u8], name: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join(name);
    std::fs::File::create(&path).unwrap().write_all(bytes).unwrap();
    let format = identify(&bytes[..bytes.len().min(8192)], &path).unwrap();
    let ocr = Ocr { enabled: false, ..Ocr::default() };
    let reader = Reader::new(PathBuf::from(env!("CARGO_BIN_EXE_munshi")), Limits::default(), ocr);
    let mut events = reader.read(&path, format, ReadOptions::default());
    let mut text = String::new();
    while let Some(event) = events.recv().await {
        if let ReadEvent::Page(page) = event.unwrap() {
            text.push_str(&page.text);
            text.push('\n');
        }
    }
    text
}

/// Words alone, so that lines and what prints nothing make no difference.
fn flat(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !matches!(c, '\u{200b}' | '\u{ad}')).collect();
    visible.split_whitespace().collect::<String>()
}

async fn exported(caller: &Caller, app: &TestApp, id: &str, format: Format) -> Vec<u8> {
    let shown =
        caller.get(&format!("/api/v1/messages/{id}/export?format={}", format.as_str())).await;
    assert!(shown.status.is_success(), "{shown:?}");
    let scope = app.app.auth.local_admin().await.unwrap();
    let file = app.app.assistant.export(&scope, id.parse().unwrap(), format).await.unwrap();
    assert!(file.name.ends_with(format.as_str()), "{}", file.name);
    file.bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exported_answer_holds_its_quotations_sources_and_record() {
    let text = "The point was decided [1]. \"The Court accordingly holds that the suit is within \
                limitation\" [1]. \"The suit was filed by the man in the moon\" [1]. It was dated \
                1 January 1901.";
    let llm = ScriptedLlm::start(vec![Script::say(text)]).await.unwrap();
    let settings = format!(
        "llm.base_url = {:?}\nllm.model = \"scripted\"\nllm.api_key = \"k\"",
        llm.base_url()
    );
    let app = TestApp::start_with(munshi::db::Dialect::Sqlite, &settings).await;
    let admin = app.admin().await;
    let case = admin.open_case("Sharma v. Kapoor").await;
    admin.upload_sample(&case, ORDER).await;
    app.settle().await;
    let answer =
        admin.post("/api/v1/ask", json!({ "question": QUESTION, "case_id": case })).await.body;
    assert_eq!(answer["verification"]["struck"], json!({ "quotation": 1, "date": 1 }), "{answer}");
    let id = answer["id"].as_str().unwrap();
    let documents = admin.get(&format!("/api/v1/cases/{case}/documents")).await.body;
    let original = std::fs::read(crate::support::sample(ORDER)).unwrap();
    let hash = {
        use sha2::Digest as _;
        let digest = sha2::Sha256::digest(&original);
        digest.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    };
    for format in [Format::Docx, Format::Pdf] {
        let bytes = exported(&admin, &app, id, format).await;
        let read = flat(&text_of(&bytes, &format!("answer.{}", format.as_str())).await);
        for expected in [
            QUESTION,
            "The Court accordingly holds that the suit is within limitation",
            "man in the moon",
            "1 January 1901",
            "Table of sources",
            hash.as_str(),
            "order-2026-07-17.pdf",
            "AI use record",
            "scripted",
            "fingerprint of the prompt",
            "Reviewed by",
            "1 quotation checked word for word",
            "Searched 1 document, 7 pages",
        ] {
            assert!(
                read.contains(&flat(expected)),
                "{format:?}: {expected}\n not in {read}\n{documents}"
            );
        }
        let before = read.split(&flat("Removed from the answer")).next().unwrap();
        assert!(!before.contains(&flat("man in the moon")), "{format:?}: {before}");
    }
    let record = admin.get("/api/v1/audit?action=answer.export").await;
    assert!(record.text.contains("answer.export"), "{record:?}");
}

on_both_engines! {
    async fn an_answer_is_exported_only_while_it_is_open(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("Sharma v. Kapoor").await;
        admin.upload_sample(&case, ORDER).await;
        app.settle().await;
        let body = json!({ "question": QUESTION, "case_id": case });
        let answer = admin.post("/api/v1/ask", body).await.body;
        let id = answer["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/messages/{id}/export?format=pdf");
        assert!(admin.get(&path).await.status.is_success());
        assert_eq!(admin.get(&format!("/api/v1/messages/{id}/export?format=odt")).await.status, 400);

        // Another's answer is not there.
        let other = app.person("other@example.in", "advocate", None).await;
        assert_eq!(other.get(&path).await.status, 404);

        // What was asked is no answer.
        let conversation = answer["conversation_id"].as_str().unwrap();
        let told = admin.get(&format!("/api/v1/conversations/{conversation}")).await.body;
        let question = told["messages"][0]["id"].as_str().unwrap();
        let refused = admin.get(&format!("/api/v1/messages/{question}/export?format=pdf")).await;
        let kind = refused.body["type"].as_str();
        assert_eq!((refused.status.as_u16(), kind), (409, Some("/problems/not-exported")));
    }
}

/// Every script that the fonts cover comes out as text that can be searched.
#[tokio::test]
async fn indian_scripts_of_a_pdf_are_read_back() {
    let lines = [
        "The appeal is allowed for ₹ 5,00,000 – “costs” follow.",
        "न्यायालय ने कहा कि अभियुक्त दोषी नहीं है",
        "আদালত বলেছে যে আসামি দোষী নয়",
        "ਅਦਾਲਤ ਨੇ ਕਿਹਾ ਕਿ ਉਹ ਦੋਸ਼ੀ ਨਹੀਂ",
        "અદાલતે કહ્યું કે આરોપી દોષી નથી",
        "நீதிமன்றம் கூறியது",
        "న్యాయస్థానం చెప్పింది",
        "ನ್ಯಾಯಾಲಯ ಹೇಳಿತು",
        "കോടതി പറഞ്ഞു",
        "ଅଦାଲତ କହିଲେ",
    ];
    let blocks = lines.iter().map(|line| Block::Text(vec![Run::plain(*line)])).collect();
    let paper = Paper { title: "Scripts".into(), foot: "Scripts".into(), blocks };
    let read = flat(&text_of(&pdf(&paper).unwrap(), "scripts.pdf").await);
    let lost: Vec<&str> = lines.into_iter().filter(|line| !read.contains(&flat(line))).collect();
    assert!(lost.is_empty(), "{lost:#?}\nnot in\n{read}");
}
