//! What axe-core finds on a page, at the width of a desk and of a phone.

use std::sync::OnceLock;

use serde_json::{Value, json};
use thirtyfour::extensions::cdp::ChromeDevTools;

use super::browser::Browser;

/// The width of a small phone, in CSS pixels.
const PHONE: u32 = 360;

fn axe() -> &'static str {
    static AXE: OnceLock<String> = OnceLock::new();
    AXE.get_or_init(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/axe-core/axe.min.js");
        std::fs::read_to_string(path).expect("axe-core is missing: scripts/fetch-axe")
    })
}

impl Browser {
    /// Makes the window a phone's, or a desk's again.
    pub(crate) async fn be_a_phone(&self, phone: bool) {
        let tools = ChromeDevTools::new(self.driver.handle.clone());
        let (width, height) = if phone { (PHONE, 740) } else { (1280, 900) };
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        tools.execute_cdp_with_params("Emulation.setDeviceMetricsOverride", metrics).await.unwrap();
    }

    /// What is wrong with the page that is shown: what axe-core finds against WCAG 2.1 A
    /// and AA, in both widths, what sticks out of a phone's screen, and what a keyboard
    /// does not reach.
    pub(crate) async fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for phone in [false, true] {
            self.be_a_phone(phone).await;
            let width = if phone { "phone" } else { "desk" };
            faults.extend(
                self.axe_faults().await.into_iter().map(|fault| format!("{width}: {fault}")),
            );
        }
        faults.extend(self.sticking_out().await.map(|fault| format!("phone: {fault}")));
        self.be_a_phone(false).await;
        faults.extend(self.out_of_reach().await);
        faults
    }

    async fn axe_faults(&self) -> Vec<String> {
        let present = self.ask("return typeof window.axe !== 'undefined';").await;
        if present != json!(true) {
            self.driver.execute(axe(), Vec::new()).await.unwrap();
        }
        let script = "const done = arguments[arguments.length - 1];\
            axe.run(document, { resultTypes: ['violations'], runOnly: { type: 'tag',\
              values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] } })\
            .then(found => done(found.violations.map(rule => rule.id + ': ' + rule.help + ' at '\
              + rule.nodes.slice(0, 3).map(node => node.html.slice(0, 200) + ' {'\
              + (node.failureSummary || '').slice(0, 260) + '}').join(' | '))))\
            .catch(error => done(['axe failed: ' + error]));";
        let found = self.driver.execute_async(script, Vec::new()).await.unwrap();
        strings(found.json())
    }

    /// The element that reaches farthest out of the screen, if one does.
    async fn sticking_out(&self) -> Option<String> {
        self.be_a_phone(true).await;
        let script = "const wide = document.documentElement.scrollWidth;\
            if (wide <= innerWidth) return null;\
            let most = null, right = 0;\
            for (const one of document.querySelectorAll('main *, header *')) {\
              const edge = one.getBoundingClientRect().right;\
              if (edge > right) { right = edge; most = one; } }\
            return 'the page is ' + wide + ' wide: ' + (most ? most.outerHTML.slice(0, 200) : '');";
        self.ask(script).await.as_str().map(str::to_owned)
    }

    /// What can be used with a mouse and not with a keyboard.
    async fn out_of_reach(&self) -> Vec<String> {
        let script = "const out = [];\
            const what = 'a[href], button, input:not([type=hidden]), select, textarea, summary';\
            for (const one of document.querySelectorAll(what)) {\
              const box = one.getBoundingClientRect();\
              if (one.disabled || box.width === 0 || one.closest('[inert], [hidden]')) continue;\
              if (one.getAttribute('role') === 'tab') continue;\
              if (one.tabIndex < 0) out.push('no key reaches ' + one.outerHTML.slice(0, 160)); }\
            return out;";
        strings(&self.ask(script).await)
    }

    /// Runs no scripts of pages from here on.
    pub(crate) async fn run_no_scripts(&self) {
        let tools = ChromeDevTools::new(self.driver.handle.clone());
        let off = json!({ "value": true });
        tools.execute_cdp_with_params("Emulation.setScriptExecutionDisabled", off).await.unwrap();
    }

    async fn ask(&self, script: &str) -> Value {
        self.driver.execute(script, Vec::new()).await.unwrap().json().clone()
    }
}

fn strings(found: &Value) -> Vec<String> {
    let found = found.as_array().into_iter().flatten();
    found.filter_map(Value::as_str).map(str::to_owned).collect()
}
