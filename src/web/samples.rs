//! The samples of every page, rendered.

use askama::Template;

use super::admin::{SystemPage, UsersPage, WorkPage};
use super::api_docs::ApiDocsPage;
use super::assistant::{AssistantPage, TalkPage};
use super::audit::RecordPage;
use super::billing::{
    AccountPage, BillPage, ChamberPage, InvoicesPage, MoneyPage, PaymentsPage, ReportPage, TdsPage,
};
use super::budgets::{BillsPage, BudgetsPage, CallPage, CallsPage, PricesPage, ReconcilePage};
use super::cases::{
    CasePage, CasesPage, ClosePage, EditPage, FailedPage, FieldsPage, ImportListPage, ImportPage,
    NewCasePage, NotesPage, PartiesPage,
};
use super::changes::ChangesPage;
use super::clients::{ClientFormPage, ClientPage, ClientsPage, DuplicatesPage, MergePage};
use super::conflicts::{CheckPage, ConflictsPage, NewCheckPage};
use super::costs::CostsPage;
use super::deadlines::{
    CalculatorPage, CaseDeadlinesPage, DeadlinesPage, HolidaysPage, KeptPage, OneCalendarPage,
    RulesPage, TaskPage,
};
use super::devices::{DevicesPage, TokensPage};
use super::entry::{
    ChoosePasswordPage, CodePage, EmailPage, ForgottenPage, LinkGonePage, LinkPage, PasswordPage,
    SetupPage, SignInPage, VerifyEmailPage,
};
use super::errors::ErrorPage;
use super::feedback::FeedbackPage;
use super::fees::{
    AgreementPage, CaseMoneyPage, EntryPage, ExpensePage, FeePage, ProposedPage, RatesPage,
    TimePage,
};
use super::hearings::{CalendarsPage, CaseHearingsPage, CauseListPage, CauseListsPage, DiaryPage};
use super::home::HomePage;
use super::letters::{LetterPage, LettersPage};
use super::messages::{CaseMessagesPage, InboxPage, PortalMessagesPage};
use super::models::ModelsPage;
use super::notices::NoticesPage;
use super::office::OfficePage;
use super::portal::invoices::PortalInvoicesPage;
use super::portal::{
    CasePortalPage, PortalCasePage, PortalDeliverPage, PortalDocumentPage, PortalDocumentsPage,
    PortalPage, PortalPreviewPage, PortalRequestsPage,
};
use super::privacy::{CertificatePage, ClientPrivacyPage, ErasePage, PrivacyPage};
use super::proposals::ProposalsPage;
use super::quality::{GoldenPage, QualityPage};
use super::search::{SearchHelpPage, SearchPage};
use super::security::{AppPage, CodesPage, SecondPage, SecurityPage, SignInRulesPage};
use super::tasks::TasksPage;
use super::viewer::DocumentPage;
use super::walls::{AccessPage, PermissionsPage, WallsPage};
use super::webhooks::{WebhookPage, WebhooksPage};

fn html(page: &impl Template) -> String {
    page.render().unwrap()
}

/// Samples, rendered, with their names.
type Rendered = Vec<(&'static str, String)>;

/// Signing in, and what reaches people: letters, messages, notices and webhooks.
fn of_people() -> Rendered {
    vec![
        ("sign-in", html(&SignInPage::sample())),
        ("setup", html(&SetupPage::sample())),
        ("password", html(&PasswordPage::sample())),
        ("code", html(&CodePage::sample())),
        ("forgotten", html(&ForgottenPage::sample())),
        ("forgotten-sent", html(&ForgottenPage::sample_sent())),
        ("choose-password", html(&ChoosePasswordPage::sample())),
        ("verify-email", html(&VerifyEmailPage::sample())),
        ("verify-email-done", html(&VerifyEmailPage::sample_done())),
        ("link-gone", html(&LinkGonePage::sample())),
        ("email", html(&EmailPage::sample())),
        ("office", html(&OfficePage::sample())),
        ("letters", html(&LettersPage::sample())),
        ("letters-empty", html(&LettersPage::sample_empty())),
        ("letter", html(&LetterPage::sample())),
        ("messages-client", html(&CaseMessagesPage::sample())),
        ("messages-team", html(&CaseMessagesPage::sample_empty())),
        ("messages-closed", html(&CaseMessagesPage::sample_closed())),
        ("messages-portal", html(&PortalMessagesPage::sample())),
        ("messages-portal-hindi", html(&PortalMessagesPage::sample_empty())),
        ("inbox", html(&InboxPage::sample())),
        ("inbox-found", html(&InboxPage::sample_found())),
        ("inbox-empty", html(&InboxPage::sample_empty())),
        ("notices", html(&NoticesPage::sample())),
        ("notices-portal-hindi", html(&NoticesPage::sample_client())),
        ("webhooks", html(&WebhooksPage::sample())),
        ("webhooks-empty", html(&WebhooksPage::sample_empty())),
        ("webhook", html(&WebhookPage::sample())),
        ("webhook-empty", html(&WebhookPage::sample_empty())),
        ("code-start", html(&CodePage::sample_start())),
        ("link", html(&LinkPage::sample())),
        ("link-refused", html(&LinkPage::sample_refused())),
        ("devices", html(&DevicesPage::sample())),
        ("tokens", html(&TokensPage::sample())),
        ("tokens-empty", html(&TokensPage::sample_empty())),
        ("second", html(&SecondPage::sample())),
        ("second-app", html(&AppPage::sample())),
        ("second-codes", html(&CodesPage::sample())),
        ("security", html(&SecurityPage::sample())),
        ("security-bare", html(&SecurityPage::sample_bare())),
        ("sign-in-rules", html(&SignInRulesPage::sample())),
    ]
}

/// Cases, hearings, time and bills.
fn of_cases_and_money() -> Rendered {
    vec![
        ("home", html(&HomePage::sample())),
        ("home-empty", html(&HomePage::sample_empty())),
        ("cases", html(&CasesPage::sample())),
        ("cases-empty", html(&CasesPage::sample_empty())),
        ("case-new", html(&NewCasePage::sample())),
        ("time", html(&TimePage::sample())),
        ("time-empty", html(&TimePage::sample_empty())),
        ("time-entry", html(&EntryPage::sample())),
        ("time-entry-billed", html(&EntryPage::sample_billed())),
        ("rates", html(&RatesPage::sample())),
        ("rates-of-case", html(&RatesPage::sample_of_case())),
        ("fees-proposed", html(&ProposedPage::sample())),
        ("fees-proposed-empty", html(&ProposedPage::sample_empty())),
        ("case-money", html(&CaseMoneyPage::sample())),
        ("case-money-empty", html(&CaseMoneyPage::sample_empty())),
        ("case-money-member", html(&CaseMoneyPage::sample_member())),
        ("agreement", html(&AgreementPage::sample())),
        ("expense", html(&ExpensePage::sample())),
        ("expense-kept", html(&ExpensePage::sample_kept())),
        ("expense-billed", html(&ExpensePage::sample_billed())),
        ("fee", html(&FeePage::sample())),
        ("case", html(&CasePage::sample())),
        ("case-empty", html(&CasePage::sample_empty())),
        ("case-register", html(&CasePage::sample_register())),
        ("case-edit", html(&EditPage::sample())),
        ("case-parties", html(&PartiesPage::sample())),
        ("case-parties-empty", html(&PartiesPage::sample_empty())),
        ("case-notes", html(&NotesPage::sample())),
        ("case-notes-empty", html(&NotesPage::sample_empty())),
        ("case-close", html(&ClosePage::sample())),
        ("case-closed", html(&ClosePage::sample_closed())),
        ("case-fields", html(&FieldsPage::sample())),
        ("case-fields-empty", html(&FieldsPage::sample_empty())),
        ("case-import", html(&ImportPage::sample())),
        ("case-import-list", html(&ImportListPage::sample())),
        ("case-import-entered", html(&ImportListPage::sample_entered())),
        ("diary", html(&DiaryPage::sample())),
        ("diary-empty", html(&DiaryPage::sample_empty())),
        ("case-hearings", html(&CaseHearingsPage::sample())),
        ("case-hearings-empty", html(&CaseHearingsPage::sample_empty())),
        ("cause-lists", html(&CauseListsPage::sample())),
        ("cause-lists-empty", html(&CauseListsPage::sample_empty())),
        ("cause-list", html(&CauseListPage::sample())),
        ("cause-list-empty", html(&CauseListPage::sample_empty())),
        ("calendars", html(&CalendarsPage::sample())),
        ("calendars-empty", html(&CalendarsPage::sample_empty())),
        ("money", html(&MoneyPage::sample())),
        ("money-empty", html(&MoneyPage::sample_empty())),
        ("invoices", html(&InvoicesPage::sample())),
        ("invoices-empty", html(&InvoicesPage::sample_empty())),
        ("bill", html(&BillPage::sample())),
        ("bill-issued", html(&BillPage::sample_issued())),
        ("bill-cancelled", html(&BillPage::sample_cancelled())),
        ("payments", html(&PaymentsPage::sample())),
        ("payments-empty", html(&PaymentsPage::sample_empty())),
        ("account", html(&AccountPage::sample())),
        ("account-empty", html(&AccountPage::sample_empty())),
        ("tds", html(&TdsPage::sample())),
        ("tds-empty", html(&TdsPage::sample_empty())),
        ("report", html(&ReportPage::sample())),
        ("report-empty", html(&ReportPage::sample_empty())),
        ("chamber", html(&ChamberPage::sample())),
    ]
}

/// Deadlines, clients, conflicts and walls.
fn of_deadlines_and_clients() -> Rendered {
    vec![
        ("deadlines", html(&DeadlinesPage::sample())),
        ("deadlines-empty", html(&DeadlinesPage::sample_empty())),
        ("deadlines-case", html(&CaseDeadlinesPage::sample())),
        ("deadlines-case-empty", html(&CaseDeadlinesPage::sample_empty())),
        ("deadline", html(&TaskPage::sample())),
        ("deadline-done", html(&TaskPage::sample_done())),
        ("limitation", html(&CalculatorPage::sample())),
        ("limitation-start", html(&CalculatorPage::sample_empty())),
        ("limitation-kept", html(&KeptPage::sample())),
        ("limitation-replaced", html(&KeptPage::sample_replaced())),
        ("limitation-rules", html(&RulesPage::sample())),
        ("holidays", html(&HolidaysPage::sample())),
        ("holidays-empty", html(&HolidaysPage::sample_empty())),
        ("holidays-calendar", html(&OneCalendarPage::sample())),
        ("holidays-calendar-empty", html(&OneCalendarPage::sample_empty())),
        ("clients", html(&ClientsPage::sample())),
        ("clients-empty", html(&ClientsPage::sample_empty())),
        ("client", html(&ClientPage::sample())),
        ("client-contact", html(&ClientPage::sample_contact())),
        ("client-empty", html(&ClientPage::sample_empty())),
        ("client-new", html(&ClientFormPage::sample())),
        ("client-edit", html(&ClientFormPage::sample_known())),
        ("client-merge", html(&MergePage::sample())),
        ("client-duplicates", html(&DuplicatesPage::sample())),
        ("client-duplicates-empty", html(&DuplicatesPage::sample_empty())),
        ("conflicts", html(&ConflictsPage::sample())),
        ("conflicts-empty", html(&ConflictsPage::sample_empty())),
        ("conflict-new", html(&NewCheckPage::sample())),
        ("conflict", html(&CheckPage::sample())),
        ("conflict-empty", html(&CheckPage::sample_empty())),
        ("walls", html(&WallsPage::sample())),
        ("walls-empty", html(&WallsPage::sample_empty())),
        ("access", html(&AccessPage::sample())),
        ("permissions", html(&PermissionsPage::sample())),
        ("failed", html(&FailedPage::sample())),
    ]
}

/// Documents, the assistant, the office, the portal and privacy.
fn of_documents_and_the_office() -> Rendered {
    vec![
        ("document", html(&DocumentPage::sample())),
        ("document-mail", html(&DocumentPage::sample_mail())),
        ("document-locked", html(&DocumentPage::sample_locked())),
        ("document-portal", html(&DocumentPage::sample_portal())),
        ("changes", html(&ChangesPage::sample())),
        ("changes-none", html(&ChangesPage::sample_same())),
        ("search", html(&SearchPage::sample())),
        ("search-help", html(&SearchHelpPage::sample())),
        ("search-start", html(&SearchPage::sample_start())),
        ("search-nothing", html(&SearchPage::sample_nothing())),
        ("assistant", html(&AssistantPage::sample())),
        ("assistant-start", html(&AssistantPage::sample_start())),
        ("talk", html(&TalkPage::sample())),
        ("feedback", html(&FeedbackPage::sample())),
        ("feedback-empty", html(&FeedbackPage::sample_empty())),
        ("tasks", html(&TasksPage::sample())),
        ("tasks-empty", html(&TasksPage::sample_empty())),
        ("costs", html(&CostsPage::sample())),
        ("costs-empty", html(&CostsPage::sample_empty())),
        ("budgets", html(&BudgetsPage::sample())),
        ("budgets-empty", html(&BudgetsPage::sample_empty())),
        ("prices", html(&PricesPage::sample())),
        ("calls", html(&CallsPage::sample())),
        ("calls-empty", html(&CallsPage::sample_empty())),
        ("call", html(&CallPage::sample())),
        ("reconcile", html(&ReconcilePage::sample())),
        ("bills", html(&BillsPage::sample())),
        ("users", html(&UsersPage::sample())),
        ("quality", html(&QualityPage::sample())),
        ("quality-empty", html(&QualityPage::sample_empty())),
        ("golden", html(&GoldenPage::sample())),
        ("models", html(&ModelsPage::sample())),
        ("models-empty", html(&ModelsPage::sample_empty())),
        ("work", html(&WorkPage::sample())),
        ("record", html(&RecordPage::sample())),
        ("record-empty", html(&RecordPage::sample_empty())),
        ("system", html(&SystemPage::sample())),
        ("proposals", html(&ProposalsPage::sample())),
        ("proposals-empty", html(&ProposalsPage::sample_empty())),
        ("portal", html(&PortalPage::sample())),
        ("portal-empty", html(&PortalPage::sample_empty())),
        ("portal-home-hindi", html(&PortalPage::sample_hindi())),
        ("portal-case", html(&PortalCasePage::sample())),
        ("portal-case-empty", html(&PortalCasePage::sample_empty())),
        ("portal-case-hindi", html(&PortalCasePage::sample_hindi())),
        ("portal-documents", html(&PortalDocumentsPage::sample())),
        ("portal-documents-empty", html(&PortalDocumentsPage::sample_empty())),
        ("portal-document", html(&PortalDocumentPage::sample())),
        ("portal-document-text", html(&PortalDocumentPage::sample_text())),
        ("portal-document-hindi", html(&PortalDocumentPage::sample_hindi())),
        ("portal-requests", html(&PortalRequestsPage::sample())),
        ("portal-requests-empty", html(&PortalRequestsPage::sample_empty())),
        ("portal-deliver", html(&PortalDeliverPage::sample())),
        ("portal-deliver-empty", html(&PortalDeliverPage::sample_empty())),
        ("portal-deliver-hindi", html(&PortalDeliverPage::sample_hindi())),
        ("portal-invoices", html(&PortalInvoicesPage::sample())),
        ("portal-invoices-empty", html(&PortalInvoicesPage::sample_empty())),
        ("case-shown", html(&CasePortalPage::sample())),
        ("case-shown-empty", html(&CasePortalPage::sample_empty())),
        ("case-shown-preview", html(&PortalPreviewPage::sample())),
        ("privacy", html(&PrivacyPage::sample())),
        ("privacy-erase", html(&ErasePage::sample())),
        ("privacy-certificate", html(&CertificatePage::sample())),
        ("privacy-client", html(&ClientPrivacyPage::sample())),
        ("privacy-client-hindi", html(&ClientPrivacyPage::sample_hindi())),
        ("code-hindi", html(&CodePage::sample_hindi())),
        ("link-hindi", html(&LinkPage::sample_hindi())),
        ("api-docs", html(&ApiDocsPage::sample())),
    ]
}

/// Every sample, rendered, with a name.
pub(super) fn rendered() -> Vec<(String, String)> {
    let pages = [
        of_people(),
        of_cases_and_money(),
        of_deadlines_and_clients(),
        of_documents_and_the_office(),
    ];
    let pages = pages.into_iter().flatten();
    let mut all: Vec<_> = pages.map(|(name, html)| (name.to_owned(), html)).collect();
    for (number, page) in ErrorPage::samples().iter().enumerate() {
        all.push((format!("error-{number}-{}", page.status.as_u16()), html(page)));
    }
    all
}
