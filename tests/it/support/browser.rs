//! A real Chromium, driven through its own driver.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::json;
use thirtyfour::prelude::*;

use super::TestApp;

/// A browser and the service it looks at.
pub(crate) struct Browser {
    pub(crate) driver: WebDriver,
    pub(crate) address: String,
    child: Child,
    _profile: tempfile::TempDir,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Serves an app on a free port of this machine, its background work included.
pub(crate) async fn serve(app: &TestApp) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = app.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let worker = app.app.clone();
    tokio::spawn(async move { worker.work(tokio_util::sync::CancellationToken::new()).await });
    address
}

impl Browser {
    /// Opens a browser on a service.
    pub(crate) async fn open(address: &str) -> Self {
        // Whoever comes first chooses; the service chooses the same.
        let _chosen = rustls::crypto::ring::default_provider().install_default();
        let port = free_port();
        let child = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: apt-get install chromium chromium-driver");
        let profile = tempfile::tempdir().unwrap();
        let mut wanted = DesiredCapabilities::chrome();
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,900",
            &format!("--user-data-dir={}", profile.path().display()),
        ] {
            wanted.add_arg(argument).unwrap();
        }
        let server = format!("http://127.0.0.1:{port}");
        let mut tries = 0;
        let driver = loop {
            match WebDriver::new(&server, wanted.clone()).await {
                Ok(driver) => break driver,
                Err(error) if tries == 60 => panic!("Chromium did not start: {error}"),
                Err(_) => tries += 1,
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        };
        Self { driver, address: address.to_owned(), child, _profile: profile }
    }

    pub(crate) async fn go(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.address)).await.unwrap();
    }

    /// The first element that fits, waiting for it.
    pub(crate) async fn find(&self, css: &str) -> WebElement {
        self.driver
            .query(By::Css(css))
            .wait(Duration::from_secs(30), Duration::from_millis(100))
            .first()
            .await
            .unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    pub(crate) async fn type_into(&self, css: &str, text: &str) {
        self.find(css).await.send_keys(text).await.unwrap();
    }

    pub(crate) async fn click(&self, css: &str) {
        let element = self.find(css).await;
        // To the middle: what stays at the foot of the screen must not lie over it.
        element.scroll_into_view().await.unwrap();
        element.click().await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Waits until the page's text contains something.
    pub(crate) async fn sees(&self, text: &str) {
        for _ in 0..300 {
            if let Ok(body) = self.driver.find(By::Tag("body")).await
                && body.text().await.unwrap_or_default().contains(text)
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let body = self.find("body").await.text().await.unwrap();
        panic!("`{text}` did not appear in:\n{body}");
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str) {
        self.go("/sign-in").await;
        self.type_into("input[name=email]", email).await;
        self.type_into("input[name=password]", password).await;
        self.click(".door form button").await;
        // Where the next page is asked for before the answer is there, the answer wins.
        for _ in 0..50 {
            let here = self.driver.current_url().await.unwrap();
            if !here.path().ends_with("/sign-in") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub(crate) async fn close(mut self) {
        let _ = self.driver.clone().quit().await;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Browser {
    /// Fills in the form that is sent to an address, by the names of its fields, as the
    /// person at the page would: a field that is not there, or a choice that is not
    /// offered, fails. A box is ticked by `yes` and cleared by `no`.
    pub(crate) async fn fill(&self, action: &str, fields: &[(&str, &str)]) {
        self.find(&format!("form[action=\"{action}\"]")).await;
        let script = "const [action, fields] = arguments;\
            const forms = [...document.querySelectorAll('form')]\
              .filter(form => form.getAttribute('action') === action);\
            const form = forms.find(form => fields.every(([name]) => form.elements[name]));\
            if (!form) return 'no form has all of ' + fields.map(field => field[0]);\
            for (const box of [...document.querySelectorAll('details')])\
              if (box.contains(form)) box.open = true;\
            for (const [name, value] of fields) {\
              const field = form.elements[name];\
              if (field.type === 'checkbox') { field.checked = value === 'yes'; continue; }\
              if (field.tagName === 'SELECT') {\
                const wanted = [...field.options].find(option => option.value === value\
                  || option.label === value || option.label.includes(value));\
                if (!wanted) return name + ' does not offer ' + value + ': '\
                  + [...field.options].map(option => option.label);\
                field.value = wanted.value; continue; }\
              field.value = value; }\
            form.dataset.filled = 'yes'; return '';";
        let arguments = vec![json!(action), json!(fields)];
        let said = self.driver.execute(script, arguments).await.unwrap();
        assert_eq!(said.json(), &json!(""), "the form of {action}");
    }

    /// Fills in a form and sends it by its first button.
    pub(crate) async fn send(&self, action: &str, fields: &[(&str, &str)]) {
        self.fill(action, fields).await;
        self.press("form[data-filled] button:not([name])").await;
    }

    /// Presses a button, says yes when it asks, and waits for the page after it.
    pub(crate) async fn press(&self, css: &str) {
        let before = self.find("html").await;
        self.driver.execute("window.confirm = () => true;", Vec::new()).await.unwrap();
        self.click(css).await;
        for _ in 0..300 {
            if before.tag_name().await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{css} led nowhere: {}", self.find("body").await.text().await.unwrap());
    }

    /// Where the browser is: the path of the address.
    pub(crate) async fn path(&self) -> String {
        self.driver.current_url().await.unwrap().path().to_owned()
    }

    /// The address of the first link with these words in it.
    pub(crate) async fn link(&self, words: &str) -> String {
        let link = self.driver.query(By::XPath(format!("//a[contains(., \"{words}\")]")));
        let link = link.wait(Duration::from_secs(30), Duration::from_millis(100)).first().await;
        link.unwrap_or_else(|error| panic!("{words}: {error}")).attr("href").await.unwrap().unwrap()
    }

    /// The text of the page.
    pub(crate) async fn text(&self) -> String {
        self.find("main").await.text().await.unwrap()
    }
}
