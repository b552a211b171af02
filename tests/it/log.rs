//! The log of the program at its most talkative, searched for every secret there was.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use munshi::db::Dialect;
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp};

/// The password given for a file.
const FILE_PASSWORD: &str = "Ope9-Sesame-Zebra";

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_in_the_log() {
    let app = TestApp::start(Dialect::Sqlite).await;
    app.admin().await;
    let TestApp { app, router, dir, settings } = app;
    app.close().await;
    drop((app, router));
    let config = dir.path().join("munshi.toml");
    let more = "log.filter = \"trace\"\nhttp.listen = \"127.0.0.1:0\"";
    std::fs::write(&config, format!("{settings}\n{more}")).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_munshi"))
        .arg("--config")
        .arg(&config)
        .arg("serve")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = program.stderr.take().unwrap();
    let reading = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        log.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let mut said = BufReader::new(program.stdout.take().unwrap()).lines().map_while(Result::ok);
    let address = said
        .find_map(|line| Some(line.split_once("http://")?.1.trim_end_matches('/').to_owned()))
        .expect("the program says where it is");
    let secrets = scenario(&format!("http://{}", address.trim())).await;
    rustix::process::kill_process(
        rustix::process::Pid::from_child(&program),
        rustix::process::Signal::TERM,
    )
    .unwrap();
    program.wait().unwrap();
    let log = reading.join().unwrap();
    assert!(log.contains("DEBUG request{id="), "the log says too little to be looked through");
    let refused = |line: &str| line.contains(" INFO ") && line.contains("refused status=401");
    assert!(log.lines().any(refused), "a refused request is not in the log");
    for (what, secret) in &secrets {
        assert!(!secret.is_empty(), "{what} is empty");
        let found = log.lines().find(|line| line.contains(secret.as_str()));
        assert_eq!(found, None, "{what} is in the log");
    }
    println!("{} secrets, none in {} lines", secrets.len(), log.lines().count());
}

/// Signs in rightly and wrongly, uploads, searches, asks with tokens in every place;
/// gives every secret that passed by.
async fn scenario(address: &str) -> Vec<(&'static str, String)> {
    let _chosen = rustls::crypto::ring::default_provider().install_default();
    let http =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut secrets = vec![("the password", PASSWORD.to_owned())];
    let mut keep = |what, secret: &str| secrets.push((what, secret.to_owned()));
    let wrong = json!({ "email": "admin@example.in", "password": "Wrong-Pass-71-Tiger" });
    let session = format!("{address}/api/v1/session");
    let refused = http.post(&session).json(&wrong).send().await.unwrap();
    assert_eq!(refused.status(), 401);
    keep("a wrong password", "Wrong-Pass-71-Tiger");
    let right = json!({ "email": "admin@example.in", "password": PASSWORD });
    let opened: Value =
        http.post(&session).json(&right).send().await.unwrap().json().await.unwrap();
    let token = opened["token"].as_str().unwrap().to_owned();
    keep("the API token", &token);
    let form = format!("email=admin%40example.in&password={}", PASSWORD.replace(' ', "+"));
    let entered = http
        .post(format!("{address}/sign-in"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .unwrap();
    let cookie = entered.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    keep("the session's cookie", cookie.split_once('=').unwrap().1);
    let page = http.get(format!("{address}/")).header("cookie", &cookie).send().await.unwrap();
    let page = page.text().await.unwrap();
    let csrf = page.split("name=\"csrf\" content=\"").nth(1).unwrap().split('"').next().unwrap();
    keep("the form token", csrf);
    let made = json!({ "title": "A v. B" });
    let cases = format!("{address}/api/v1/cases");
    let case: Value = http
        .post(&cases)
        .bearer_auth(&token)
        .json(&made)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let case = case["id"].as_str().unwrap();
    let body = "--XX\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n\
                %PDF-1.4 broken\r\n--XX--\r\n";
    let uploaded = http
        .post(format!("{address}/api/v1/cases/{case}/documents"))
        .bearer_auth(&token)
        .header("content-type", "multipart/form-data; boundary=XX")
        .body(body)
        .send()
        .await
        .unwrap();
    let document: Value = uploaded.json().await.unwrap();
    if let Some(document) = document["document_id"].as_str() {
        let path = format!("{address}/api/v1/documents/{document}/versions/1/password");
        let given = json!({ "password": FILE_PASSWORD });
        let _ = http.post(path).bearer_auth(&token).json(&given).send().await.unwrap();
    }
    keep("a file's password", FILE_PASSWORD);
    for (what, path, secret) in [
        ("a link's token", "/reset?token=", "Qx7mRw2LpZ9sVd4TnYb1KcHf6GjUeA30"),
        ("a link's token in the path", "/invitation/", "Zt5nGq8XvB2mLs7RdWk4YcPf9HjEuA61"),
        ("words searched for", "/search?q=", "confidential-zebra-merger"),
        ("a key in a query", "/api/v1/search?api_key=", "sk-Zebra99Tiger88Lion77"),
    ] {
        let _ = http
            .get(format!("{address}{path}{secret}"))
            .header("cookie", &cookie)
            .header("authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ6ZWJyYSJ9.")
            .send()
            .await
            .unwrap();
        keep(what, secret);
    }
    keep("a token of another kind", "eyJzdWIiOiJ6ZWJyYSJ9");
    secrets
}
