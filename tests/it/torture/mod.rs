//! Hostile files: whatever they are, each ends as read, read in part, or
//! refused with a reason, and none touches the service.

mod mutate;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use munshi::documents::reading::{
    Format, Limits, Ocr, ReadError, ReadEvent, ReadOptions, Reader, identify,
};
use tokio::task::JoinSet;

use crate::support::test_data;
use mutate::Chance;

/// Mutations tried when nobody asks for more; they take about half a minute.
const MUTATIONS: usize = 3_000;
/// Files read at once.
const AT_ONCE: usize = 3;
/// No file may keep the service busy for longer, whatever it does: the time to
/// open it and the time of the pages that may be lost.
const LONGEST: Duration = Duration::from_mins(2);

/// How a file ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Read,
    InPart,
    Refused,
    /// In a way it must not.
    Wrong(String),
}

fn reader(limits: Limits) -> Reader {
    let ocr = Ocr { enabled: false, ..Ocr::default() };
    Reader::new(PathBuf::from(env!("CARGO_BIN_EXE_munshi")), limits, ocr)
}

fn low() -> Limits {
    Limits { page_secs: 5, memory_mib: 768, document_secs: 60, restarts: 2, ..Limits::default() }
}

/// Takes a file as an upload is taken.
async fn end_of(reader: &Reader, path: &Path) -> End {
    let mut head = Vec::new();
    let file = std::fs::File::open(path).unwrap();
    std::io::Read::read_to_end(&mut std::io::Read::take(file, 8192), &mut head).unwrap();
    let format = match identify(&head, path) {
        Ok(format) => format,
        Err(refusal) if refusal.to_string().contains("; ") => return End::Refused,
        Err(refusal) => return End::Wrong(format!("refused without advice: {refusal}")),
    };
    let reading = read(reader, path, format);
    tokio::time::timeout(LONGEST, reading).await.unwrap_or(End::Wrong("it hangs".into()))
}

async fn read(reader: &Reader, path: &Path, format: Format) -> End {
    let mut events = reader.read(path, format, ReadOptions::default());
    let (mut good, mut bad) = (0, 0);
    while let Some(event) = events.recv().await {
        match event {
            Ok(ReadEvent::Page(page)) => match page.error {
                Some(why) if is_unclear(&why) => return End::Wrong(why),
                Some(_) => bad += 1,
                None => good += 1,
            },
            Ok(ReadEvent::Done) if bad == 0 => return End::Read,
            Ok(ReadEvent::Done) => return End::InPart,
            Ok(_) => {}
            Err(error @ ReadError::Io(_)) => return End::Wrong(error.to_string()),
            Err(error) if is_unclear(&error.to_string()) => return End::Wrong(error.to_string()),
            Err(_) if good > 0 => return End::InPart,
            Err(_) => return End::Refused,
        }
    }
    End::Wrong("it ends without a word".into())
}

/// Whether a message tells of an end of the reading process for which there is
/// no plain reason: a fault of ours.
fn is_unclear(message: &str) -> bool {
    const CLEAR: [&str; 5] = [
        "MiB of memory",
        "nested too deeply",
        "of processor time",
        "too many of its pages",
        "took too long",
    ];
    message.contains("stopped") && !CLEAR.iter().any(|reason| message.contains(reason))
}

/// Reads files, a few at once, and counts how they end; one that ends wrong is
/// kept, named for a person to find.
async fn ends(reader: &Reader, files: impl Iterator<Item = (String, Vec<u8>)>) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let (mut counts, mut wrong) = (BTreeMap::<String, usize>::new(), Vec::new());
    let mut at_work = JoinSet::new();
    let mut slowest = (Duration::ZERO, String::new());
    let mut files = files.enumerate();
    loop {
        while at_work.len() < AT_ONCE
            && let Some((number, (name, bytes))) = files.next()
        {
            let path = dir.path().join(number.to_string());
            std::fs::File::create(&path).unwrap().write_all(&bytes).unwrap();
            let reader = reader.clone();
            at_work.spawn(async move {
                let started = Instant::now();
                let end = end_of(&reader, &path).await;
                (name, path, end, started.elapsed())
            });
        }
        let Some(done) = at_work.join_next().await else { break };
        let (name, path, end, took) = done.unwrap();
        if took > slowest.0 {
            slowest = (took, name.clone());
        }
        if let End::Wrong(why) = &end {
            let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.broken"));
            std::fs::copy(&path, &kept).unwrap();
            wrong.push(format!("{}: {why}", kept.display()));
        }
        let kind = if let End::Wrong(_) = end { "Wrong".into() } else { format!("{end:?}") };
        *counts.entry(kind).or_default() += 1;
        std::fs::remove_file(path).unwrap();
    }
    println!("{counts:?}, slowest {:?} {}", slowest.0, slowest.1);
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn every_malformed_file_ends_in_words() {
    let folders = ["pdf-malformed", "office/malformed"].map(test_data);
    let mut found = Vec::new();
    for folder in folders.iter().flatten() {
        all_files(folder, &mut found);
    }
    found.sort();
    let files = found.into_iter().map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read(path).unwrap())
    });

    let wrong = ends(&reader(low()), files).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_broken_file_ends_in_words() {
    #[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
    let asked = std::env::var("MUNSHI_TORTURE_MUTATIONS").ok();
    let count = asked.map_or(MUTATIONS, |count| count.parse().unwrap());
    let good = mutate::good_files(test_data("office"));
    let good: Vec<_> =
        good.into_iter().chain(mutate::good_files(test_data("pdf-quality"))).collect();
    let files = (0..count).map(|number| {
        let mut chance = Chance::new(number as u64);
        let (name, bytes) = &good[chance.below(good.len())];
        let name = Path::new(name).file_name().unwrap().to_string_lossy();
        (format!("{number}-{name}"), mutate::broken(bytes, &mut chance))
    });

    let wrong = ends(&reader(low()), files).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn all_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            all_files(&path, into);
        } else {
            into.push(path);
        }
    }
}

/// A PDF of three pages whose second says `content`, beside a form `X` that
/// names itself ten times, `depth` forms deep.
fn three_pages(content: &[u8], filter: &str, depth: usize) -> Vec<u8> {
    let stream = |words: &str, content: &[u8]| {
        let head = format!("<<{words}/Length {}>>stream\n", content.len());
        [head.as_bytes(), content, b"\nendstream"].concat()
    };
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>".to_vec(),
    ];
    for content in [6, 7, 6] {
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {content} 0 R\
             /Resources<</Font<</F 8 0 R>>/XObject<</X 9 0 R>>>>>>"
        );
        objects.push(page.into_bytes());
    }
    objects.push(stream("", b"BT /F 12 Tf 72 700 Td (The appeal is allowed.) Tj ET"));
    objects.push(stream(filter, content));
    objects.push(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec());
    for level in 0..=depth {
        let words = format!(
            "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F 8 0 R>>\
             /XObject<</X {} 0 R>>>>",
            10 + level
        );
        let laughs = if level < depth { "/X Do ".repeat(10) } else { "0 0 9 9 re f".into() };
        objects.push(stream(&words, laughs.as_bytes()));
    }
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(&objects) {
        writeln!(table, "{:010} 00000 n ", pdf.len()).unwrap();
        pdf.extend(format!("{number} 0 obj\n").bytes());
        pdf.extend(object);
        pdf.extend(b"\nendobj\n");
    }
    let (start, size) = (pdf.len(), objects.len() + 1);
    pdf.extend(format!("{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n").bytes());
    pdf
}

/// Reads a PDF and returns the error of each page, and of the whole.
async fn errors(
    limits: Limits,
    pdf: &[u8],
    options: ReadOptions,
) -> (Vec<Option<String>>, Option<ReadError>) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let mut events = reader(limits).read(file.path(), Format::Pdf, options);
    let mut pages = Vec::new();
    while let Some(event) = events.recv().await {
        match event {
            Ok(ReadEvent::Page(page)) => pages.push(page.error),
            Ok(_) => {}
            Err(error) => return (pages, Some(error)),
        }
    }
    (pages, None)
}

/// Draws a page of a PDF.
async fn draw(limits: Limits, pdf: &[u8], page: u32) -> Result<Vec<u8>, ReadError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    reader(limits).draw(file.path(), Format::Pdf, None, page, 72).await
}

fn all() -> ReadOptions {
    ReadOptions::default()
}

/// The second of three pages failed for this reason, and only it.
fn assert_second_lost(found: &(Vec<Option<String>>, Option<ReadError>), reason: &str) {
    let (pages, whole) = found;
    assert_eq!(whole, &None);
    let [None, Some(why), None] = pages.as_slice() else { panic!("{pages:?}") };
    assert!(why.contains(reason), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_never_ends_costs_itself_alone() {
    let laughs = three_pages(b"/X Do", "", 9);
    // What is drawn is counted; the clock must not come first on a busy machine.
    let patient = Limits { page_secs: 60, ..low() };
    let found = errors(patient, &laughs, all()).await;
    assert_second_lost(&found, "draws more than can be followed");
    let alone = ReadOptions { from: 2, only: true, ..all() };
    let (pages, whole) = errors(patient, &laughs, alone).await;
    assert_eq!((pages.len(), whole), (1, None), "no other page is read in its place");
    // Drawing its picture is ended by the clock, or by the processor time it takes.
    let drawn = draw(Limits { page_secs: 1, ..low() }, &laughs, 2).await;
    assert_eq!(drawn.unwrap_err(), ReadError::TimedOut { page: 2 });
    let drawn = draw(Limits { page_secs: 60, document_secs: 1, ..low() }, &laughs, 2).await;
    let why = drawn.unwrap_err().to_string();
    assert!(why.contains("more than 1 s of processor time"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_unpacks_to_too_much_costs_itself_alone() {
    // Each pair of bytes stands for 128 spaces: 512 MiB in all.
    let spaces = [129, b' '].repeat(4 << 20);
    let bomb = three_pages(&spaces, "/Filter/RunLengthDecode", 0);
    let limits = Limits { memory_mib: 384, page_secs: 60, ..low() };
    assert_second_lost(&errors(limits, &bomb, all()).await, "more than 384 MiB of memory");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_text_than_may_be_kept_is_refused() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all("The appeal is allowed.\n".repeat(100_000).as_bytes()).unwrap();
    let limits = Limits { output_mib: 1, ..low() };
    let mut events = reader(limits).read(file.path(), Format::Text, ReadOptions::default());
    let mut last = None;
    while let Some(event) = events.recv().await {
        last = Some(event);
    }
    assert!(matches!(last, Some(Err(ReadError::TooLarge(_)))), "{last:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_cannot_get_out() {
    let held = reader(low()).confinement().await.unwrap();
    assert!(held.limits.is_in_force(), "{held:?}");
    // Each wall that this kernel has leaves no way; `munshi doctor` names a missing one.
    if held.files.is_in_force() && held.calls.is_in_force() {
        assert_eq!(held.escapes, Vec::<String>::new());
    } else {
        println!("not run in full: {held:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_ends_with_its_reader() {
    let reader = reader(low());
    reader.confinement().await.unwrap();
    let children = || -> BTreeSet<String> {
        let of_ours = format!("\nPPid:\t{}\n", std::process::id());
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        let ours = all.filter(|process| {
            let state = std::fs::read_to_string(process.path().join("status"));
            state.is_ok_and(|state| state.contains(&of_ours) && !state.contains("zombie"))
        });
        ours.map(|process| process.file_name().to_string_lossy().into_owned()).collect()
    };
    // One waits for the next document, started beside what the reader does.
    let deadline = Instant::now() + Duration::from_mins(1);
    while children().is_empty() && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let before = children();
    assert!(!before.is_empty(), "no child waits");
    drop(reader);
    while before.is_subset(&children()) {
        assert!(Instant::now() < deadline, "all children are left: {before:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What a limited shell says of a few words.
async fn shell(reader: &Reader, words: &str) -> (String, Option<i32>) {
    let mut command = reader.helper(Path::new("/bin/sh"), 256, 1);
    let output = command.arg("-c").arg(words).output().await.unwrap();
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&said).trim().to_owned(), output.status.code())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_helper_program_is_limited() {
    let reader = reader(low());
    assert_eq!(
        shell(&reader, "read line < /proc/self/stat; echo fine").await,
        ("fine".into(), Some(0))
    );
    assert_eq!(shell(&reader, "ulimit -v; ulimit -f; ulimit -t").await.0, "262144\n0\n1");
    let file = std::env::temp_dir().join(format!("munshi-helper-{}", std::process::id()));
    let (said, _) = shell(&reader, &format!("echo x > {}", file.display())).await;
    assert!(!said.is_empty());
    assert!(std::fs::metadata(&file).is_ok_and(|file| file.len() == 0) || !file.exists());
    let (_, code) = shell(&reader, "while :; do :; done").await;
    assert_eq!(code, None, "ended by a signal");
    let missing = reader.helper(Path::new("/nonexistent"), 256, 1).output().await.unwrap();
    assert_eq!(missing.status.code(), Some(127));
}

#[tokio::test(flavor = "multi_thread")]
async fn text_recognition_works_as_a_limited_helper() {
    let mut command = reader(low()).helper(Path::new("tesseract"), 1024, 60);
    command.args(["-", "-", "--dpi", "300", "tsv"]).stdin(std::process::Stdio::piped());
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null());
    let mut page = std::io::Cursor::new(Vec::new());
    image::GrayImage::from_pixel(400, 200, image::Luma([255]))
        .write_to(&mut page, image::ImageFormat::Png)
        .unwrap();
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut input, &page.into_inner()).await.unwrap();
    drop(input);
    let output = child.wait_with_output().await.unwrap();
    if output.status.code() == Some(127) {
        println!("not run: there is no `tesseract`");
        return;
    }
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("level\t"));
}
