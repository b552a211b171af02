//! A month in the life of a chamber, played through its pages: from the first visit of a
//! client to the closing of the case.

use chrono::{Days, NaiveDate};
use munshi::db::Dialect;
use munshi::kernel::{Clock, SystemClock, day_in_india};

use crate::support::browser::{Browser, serve};
use crate::support::{PASSWORD, TestApp, code_in, sample};

const ORDER: &str = "sharma-v-kapoor/order-2026-07-17.pdf";
const CLIENT: &str = "accounts@laxmitextiles.example";

fn today() -> NaiveDate {
    day_in_india(SystemClock.now())
}

fn days_on(days: u64) -> NaiveDate {
    today().checked_add_days(Days::new(days)).unwrap()
}

/// The id at the end of a path, or before one of its parts.
fn id_in(path: &str) -> String {
    let mut parts = path.split('/');
    parts.rfind(|part| part.len() == 36).unwrap_or_else(|| panic!("{path}")).to_owned()
}

/// The chamber, at work in a browser.
struct Month {
    app: TestApp,
    browser: Browser,
    address: String,
}

impl Month {
    async fn begin() -> Self {
        let app = TestApp::start(Dialect::Sqlite).await;
        app.admin().await;
        let address = serve(&app).await;
        let browser = Browser::open(&address).await;
        browser.sign_in("admin@example.in", PASSWORD).await;
        browser.find("nav.nav").await;
        Self { app, browser, address }
    }

    /// What stands on the chamber's papers.
    async fn chamber(&self, kind: &str) {
        self.browser.go("/admin/chamber").await;
        let gstin = if kind == "company" { "08AABCM1234F1ZX" } else { "08AAAFM1234F1ZS" };
        let fields = [
            ("supplier_kind", kind),
            ("legal_name", "Test chamber"),
            ("address", "12 Bar Council Road, Jaipur"),
            ("state_code", "08"),
            ("gstin", gstin),
            ("pan", ""),
            ("upi", "chamber@upi"),
            ("terms_days", "30"),
            ("prefix", "TC"),
        ];
        self.browser.send("/admin/chamber", &fields).await;
    }

    async fn client(&self, name: &str, kind: &str, class: &str) -> String {
        self.browser.go("/clients/new").await;
        let fields = [
            ("name", name),
            ("kind", kind),
            ("gst_class", class),
            ("city", "Jaipur"),
            ("state_code", "08"),
            ("address", "4 Johari Bazaar, Jaipur"),
        ];
        self.browser.send("/clients", &fields).await;
        id_in(&self.browser.path().await)
    }

    async fn case(&self, title: &str, number: &str, client: &str) -> String {
        self.browser.go("/cases/new").await;
        let fields = [
            ("title", title),
            ("number", number),
            ("court", "Delhi High Court"),
            ("client", client),
        ];
        self.browser.send("/cases", &fields).await;
        id_in(&self.browser.path().await)
    }

    /// A bill of one fee, issued; gives its page.
    async fn bill(&self, case: &str, words: &str, rupees: &str) -> String {
        let browser = &self.browser;
        browser.go("/money/invoices").await;
        let subject = format!("case:{case}");
        browser.send("/money/invoices", &[("for", &subject), ("all", "no")]).await;
        let bill = id_in(&browser.path().await);
        let page = format!("/money/invoices/{bill}");
        let lines = format!("{page}/lines");
        let line = [("kind", "fee"), ("amount", rupees), ("description", words)];
        browser.send(&lines, &line).await;
        browser.sees(words).await;
        browser.send(&format!("{page}/issue"), &[("on", &today().to_string())]).await;
        page
    }
}

/// Intake: the other side was a client once, under another spelling and company form.
async fn intake(month: &Month) -> (String, String) {
    let browser = &month.browser;
    month.client("Lakshmi Textiles Private Limited", "company", "business_above").await;
    let client = month.client("Verma Constructions", "firm", "business_above").await;
    let case = month
        .case("Verma Constructions v. Laxmi Textiles Pvt. Ltd.", "CS(COMM) 45/2026", &client)
        .await;
    browser.go(&format!("/cases/{case}/parties")).await;
    let parties = format!("/cases/{case}/parties");
    let other = [("name", "M/s Laxmi Textiles (P) Ltd."), ("role", "defendant"), ("ours", "no")];
    browser.send(&parties, &other).await;
    browser.sees("possible conflict").await;
    let check = browser.link("Look at the check").await;
    browser.go(&check).await;
    browser.sees("Lakshmi Textiles Private Limited").await;
    let decision =
        [("decision", "waived"), ("reason", "An old matter, unrelated; both consented.")];
    browser.send(&format!("{check}/decisions"), &decision).await;
    browser.sees("both consented").await;
    (client, case)
}

/// The vakalatnama, the first hearing, and two adjournments from the cause list on.
async fn in_court(month: &Month, case: &str) {
    let browser = &month.browser;
    let page = format!("/cases/{case}/parties");
    browser.go(&page).await;
    let paper = [
        ("parties", "Verma Constructions"),
        ("advocates", "A. Admin"),
        ("court", "Delhi High Court"),
        ("signed_on", &today().to_string()),
    ];
    browser.send(&format!("/cases/{case}/vakalatnamas"), &paper).await;
    browser.sees("A. Admin").await;

    let list = format!(
        "HIGH COURT OF DELHI AT NEW DELHI\nCAUSE LIST FOR {}\nCOURT NO. 12\n\
         HON'BLE MR. JUSTICE A. K. RAO\n\n\
         FOR ADMISSION\n\
         30. FAO(OS) 3/2020       RAM KUMAR                     MR. S. KHAN\n\
         \x20                        VS. STATE OF DELHI            MS. P. ROY\n\
         31. CS(COMM) 45/2026     VERMA CONSTRUCTIONS           MR. A. ADMIN\n\
         \x20                        VS. LAXMI TEXTILES PVT LTD    MR. T. SEN\n",
        today().format("%d.%m.%Y"),
    );
    browser.go("/cause-lists").await;
    browser.send("/cause-lists", &[("text", &list)]).await;
    browser.sees("Verma Constructions v. Laxmi").await;
    browser.press("button[name=action][value=accept]").await;
    browser.sees("accepted").await;

    let hearings = format!("/cases/{case}/hearings");
    browser.go(&hearings).await;
    browser.sees("court hall 12").await;
    let outcome = browser.find("form[action$='/outcome']").await.attr("action").await;
    let fields = [
        ("outcome", "adjourned"),
        ("adjourned_by", "the other side"),
        ("adjourned_words", "Counsel for the defendant was not ready"),
        ("next_date", &days_on(9).to_string()),
        ("next_purpose", "Framing of issues"),
    ];
    browser.send(&outcome.unwrap().unwrap(), &fields).await;
    browser.go(&hearings).await;
    browser.sees("Framing of issues").await;
    browser.sees("not ready").await;
    browser.go("/diary?view=week").await;
    browser.find("h1").await;
    browser.go(&format!("/diary?view=day&day={}", days_on(9))).await;
    browser.sees("Verma Constructions v. Laxmi").await;
}

/// Papers come in and are asked about; time is noted and a deadline kept.
async fn at_the_desk(month: &Month, case: &str) {
    let browser = &month.browser;
    browser.go(&format!("/cases/{case}")).await;
    browser.type_into("input[type=file]", &sample(ORDER).display().to_string()).await;
    browser.sees("Searchable by words and meaning").await;
    browser.go(&format!("/cases/{case}/assistant")).await;
    browser.type_into("#question", "What did the court hold on limitation?").await;
    browser.click("[data-send]").await;
    browser.sees("Searched 1 document, 7 pages").await;

    browser.go("/admin/rates").await;
    browser.fill("/admin/rates", &[("per_hour", "6000")]).await;
    browser.press("form[data-filled] button").await;
    browser.go("/time").await;
    let time = [
        ("case", case),
        ("worked_on", &today().to_string()),
        ("minutes", "1:30"),
        ("description", "Reading the order and drafting the reply"),
    ];
    browser.send("/time", &time).await;
    browser.sees("Reading the order").await;
    browser.sees("9,000.00").await;

    browser.go(&format!("/cases/{case}/deadlines")).await;
    let task = [("title", "File the written statement"), ("due", &days_on(12).to_string())];
    browser.send(&format!("/cases/{case}/deadlines"), &task).await;
    browser.sees("File the written statement").await;
}

/// A bill under each way of GST, and a part payment with tax held back.
async fn money(month: &Month, case: &str) {
    let browser = &month.browser;
    let page = month.bill(case, "Drafting the plaint", "50000").await;
    browser.sees("TC/").await;
    browser.sees("Tax payable on reverse charge: Yes").await;
    let payment = [("amount", "20000"), ("tds", "5000"), ("reference", "NEFT 4471")];
    browser.send(&format!("{page}/payments"), &payment).await;
    browser.sees("25,000.00").await;

    let person = month.client("Sita Devi", "person", "not_business").await;
    let case = month.case("Sita Devi v. Union of India", "W.P.(C) 99/2026", &person).await;
    month.bill(&case, "Writ petition", "15000").await;
    browser.sees("exempt").await;
    browser.sees("Bill of supply").await;

    // Another chamber would be a company; the same pages then charge the tax.
    month.chamber("company").await;
    month.bill(&case, "Opinion", "10000").await;
    browser.sees("Taxed").await;
    browser.sees("11,800.00").await;
    month.chamber("firm").await;
}

/// The client comes into the portal on a phone.
async fn portal(month: &Month, client: &str, case: &str) {
    let browser = &month.browser;
    month.app.person(CLIENT, "client", Some(client)).await;
    browser.go(&format!("/cases/{case}/portal")).await;
    browser.send(&format!("/cases/{case}/portal/show"), &[]).await;
    let wanted = [("what", "The signed affidavit, scanned")];
    browser.send(&format!("/cases/{case}/portal/requests"), &wanted).await;
    browser.sees("The signed affidavit").await;
    browser.go(&format!("/cases/{case}/messages?with=client")).await;
    let to = format!("/cases/{case}/messages?with=client");
    let message = [("text", "Please send the affidavit by Friday."), ("confirmed", "yes")];
    browser.send(&to, &message).await;
    browser.sees("by Friday").await;

    let phone = Browser::open(&month.address).await;
    phone.be_a_phone(true).await;
    let before = month.app.code_letter(CLIENT).await;
    phone.go("/portal/sign-in").await;
    phone.type_into("input[name=address]", CLIENT).await;
    phone.click(".door form button").await;
    let letter = month.app.new_code_letter(CLIENT, before).await;
    phone.type_into("input[name=code]", &code_in(&letter)).await;
    phone.click(".door form button").await;
    phone.sees("Verma Constructions v. Laxmi").await;
    phone.sees("The signed affidavit").await;
    phone.sees("25,000.00").await;
    phone.go("/portal/messages").await;
    phone.sees("Verma Constructions v. Laxmi").await;
    phone.press("main a[href^='/portal/messages/']").await;
    phone.sees("by Friday").await;
    phone.go("/portal").await;
    let text = phone.text().await;
    assert!(!text.contains("not ready"), "the client reads who was blamed: {text}");
    phone.press("main form[action='/portal/language'] button").await;
    phone.sees("अगली तारीख़").await;
    phone.close().await;
}

/// The case ends; what stands open is said first.
async fn closing(month: &Month, case: &str) {
    let browser = &month.browser;
    browser.go(&format!("/cases/{case}/close")).await;
    let text = browser.text().await;
    for open in ["9,000.00", "25,000.00", "hearing", "to be done"] {
        assert!(text.contains(open), "closing does not say {open}: {text}");
    }
    let ended = [("disposal", "settled"), ("note", "Settled; papers returned.")];
    browser.send(&format!("/cases/{case}/close"), &ended).await;
    browser.go(&format!("/cases/{case}")).await;
    browser.sees("Closed on").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_in_the_life_of_a_chamber() {
    let month = Month::begin().await;
    month.chamber("firm").await;
    let (client, case) = intake(&month).await;
    in_court(&month, &case).await;
    at_the_desk(&month, &case).await;
    money(&month, &case).await;
    portal(&month, &client, &case).await;
    closing(&month, &case).await;
    let record = month.app.admin().await.get("/api/v1/audit?action=case.close").await;
    assert!(record.text.contains("case.close"), "{}", record.text);
    month.browser.close().await;
}
