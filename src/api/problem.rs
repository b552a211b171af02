//! What a caller is told when a request is refused: RFC 9457 problems.
//!
//! A *code* is one kind of refusal, with its status, its address and its title;
//! [`Code`] is the only place they are listed. A [`Problem`] is a code with, where
//! it helps the caller, the particulars. What is not there and what is not open to
//! the caller are the same code with the same words.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Display;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

use crate::audit::Call;
use utoipa::openapi::{Content, Ref, RefOr, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// The media type of problems.
const PROBLEM_JSON: &str = "application/problem+json";

macro_rules! codes {
    ($($name:ident = $status:ident, $slug:literal, $title:literal;)+) => {
        /// A kind of refusal.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Code {
            $(#[doc = $title] $name,)+
        }

        impl Code {
            /// Every code, in the order of the table.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),+];

            /// Its status, the end of its address, and its title.
            pub(crate) const fn parts(self) -> (StatusCode, &'static str, &'static str) {
                match self {
                    $(Self::$name => (StatusCode::$status, $slug, $title),)+
                }
            }
        }
    };
}

codes! {
    BadRequest       = BAD_REQUEST,           "bad-request",        "The request cannot be read";
    UploadBroken     = BAD_REQUEST,           "upload-broken",      "The upload broke off";
    NotSignedIn      = UNAUTHORIZED,          "not-signed-in",      "Sign in first";
    NotRecognised    = UNAUTHORIZED,          "not-recognised",     "Email or password not recognised";
    EntryCodeRefused = UNAUTHORIZED,          "code-refused",       "Code or link not recognised";
    SessionNeeded    = FORBIDDEN,             "session-needed",     "Sign in to do this";
    Csrf             = FORBIDDEN,             "csrf",               "The change did not come from a page of this service";
    ReadOnly         = FORBIDDEN,             "read-only",          "You may read this case but not change it";
    LeadsOnly        = FORBIDDEN,             "leads-only",         "For those who lead the case";
    BehindWall       = FORBIDDEN,             "behind-wall",        "A wall stands in the way";
    NotTheirTime     = FORBIDDEN,             "not-their-time",     "The time is another person's";
    LetterClosed     = FORBIDDEN,             "letter-closed",      "The letter is for its recipient alone";
    SignInAgain      = UNAUTHORIZED,          "sign-in-again",      "Sign in again";
    ProviderRefused  = UNAUTHORIZED,          "provider-refused",   "The sign-in provider's answer was not accepted";
    ProveFirst       = FORBIDDEN,             "prove-first",        "Confirm that it is you";
    NotFound         = NOT_FOUND,             "not-found",          "Not found";
    LinkGone         = GONE,                  "link-gone",          "The link does not work any more";
    TooManyTries     = TOO_MANY_REQUESTS,     "too-many-tries",     "Too many wrong tries";
    MethodNotAllowed = METHOD_NOT_ALLOWED,    "method-not-allowed", "Not possible at this address";
    AlreadySetUp     = CONFLICT,              "already-set-up",     "Set up already";
    NotSetUp         = CONFLICT,              "not-set-up",         "Not set up yet";
    EmailTaken       = CONFLICT,              "email-taken",        "The email has an account already";
    LastAdmin        = CONFLICT,              "last-admin",         "The last admin";
    LastLead         = CONFLICT,              "last-lead",          "The last who leads the case";
    WallStands       = CONFLICT,              "wall-stands",        "The wall stands already";
    GroupNameTaken   = CONFLICT,              "group-name-taken",   "There is a group of that name";
    GroupNamed       = CONFLICT,              "group-named",        "Walls name the group";
    FactorConflict   = CONFLICT,              "factor-conflict",    "The second factor cannot be changed so now";
    HearingChanged   = CONFLICT,              "hearing-changed",    "The hearing was changed meanwhile";
    ProposalDecided  = CONFLICT,              "proposal-decided",   "The proposal is decided already";
    ChangedMeanwhile = CONFLICT,              "changed-meanwhile",  "Somebody else changed it meanwhile";
    CaseClosed       = CONFLICT,              "case-closed",        "The case is closed";
    CaseHasNoClient  = CONFLICT,              "case-has-no-client", "The case has no client";
    TooManyRequests  = TOO_MANY_REQUESTS,     "too-many-requests",  "Too many requests";
    UnknownHost      = MISDIRECTED_REQUEST,   "unknown-host",       "Not a name of this service";
    StillAnswering   = CONFLICT,              "still-answering",    "The answer is still being written";
    LegalHold        = CONFLICT,              "legal-hold",         "A legal hold keeps it";
    NotExported      = CONFLICT,              "not-exported",       "The answer cannot be exported";
    ModelConflict    = CONFLICT,              "model-conflict",     "The embedding model cannot be changed so now";
    BodyTooLarge     = PAYLOAD_TOO_LARGE,     "body-too-large",     "The request is too large";
    FileTooLarge     = PAYLOAD_TOO_LARGE,     "file-too-large",     "The file is too large";
    FileEmpty        = UNPROCESSABLE_ENTITY,  "file-empty",         "The file is empty";
    FileRefused      = UNPROCESSABLE_ENTITY,  "file-refused",       "The file was not taken";
    PageNotDrawn     = UNPROCESSABLE_ENTITY,  "page-not-drawn",     "The page cannot be shown as an image";
    WeakPassword     = UNPROCESSABLE_ENTITY,  "weak-password",      "The password is not good enough";
    InvalidEmail     = UNPROCESSABLE_ENTITY,  "invalid-email",      "Not an email address";
    NameMissing      = UNPROCESSABLE_ENTITY,  "name-missing",       "A name is missing";
    NotPinnable      = UNPROCESSABLE_ENTITY,  "not-pinnable",       "The answer cannot be pinned";
    TitleMissing     = UNPROCESSABLE_ENTITY,  "title-missing",      "A title is missing";
    ClientMismatch   = UNPROCESSABLE_ENTITY,  "client-mismatch",    "Role and client do not fit";
    OneTimeWrong     = UNPROCESSABLE_ENTITY,  "wrong-code",         "The code was not right";
    PasskeyRefused   = UNPROCESSABLE_ENTITY,  "passkey-refused",    "The passkey was not accepted";
    InvalidPhone     = UNPROCESSABLE_ENTITY,  "invalid-phone",      "Not a telephone number";
    ClientReadOnly   = FORBIDDEN,             "client-read-only",   "You may see this client but not change it";
    ClientChanged    = CONFLICT,              "client-changed",     "The client was changed meanwhile";
    ClientsDiffer    = CONFLICT,              "clients-differ",     "The two clients cannot be merged so";
    ClientUnfit      = UNPROCESSABLE_ENTITY,  "client-unfit",       "The client cannot be kept so";
    CheckRefused     = UNPROCESSABLE_ENTITY,  "check-refused",      "The conflict check was not taken";
    CheckNotTheirs   = FORBIDDEN,             "check-not-theirs",   "An admin decides this check";
    UnknownClient    = UNPROCESSABLE_ENTITY,  "unknown-client",     "No such client";
    NoMember         = UNPROCESSABLE_ENTITY,  "no-member",          "Not someone who can be a member";
    ReasonMissing    = UNPROCESSABLE_ENTITY,  "reason-missing",     "A reason is missing";
    QuestionEmpty    = UNPROCESSABLE_ENTITY,  "question-empty",     "The question is empty";
    QuestionTooLong  = UNPROCESSABLE_ENTITY,  "question-too-long",  "The question is too long";
    TaskRefused      = UNPROCESSABLE_ENTITY,  "task-refused",       "The task was not taken";
    TokenRefused     = UNPROCESSABLE_ENTITY,  "token-refused",      "The API token was not made";
    UnknownModel     = UNPROCESSABLE_ENTITY,  "unknown-model",      "No such embedding model";
    PrivacyRefused   = UNPROCESSABLE_ENTITY,  "privacy-refused",    "It cannot be done so";
    ProposalUnfit    = UNPROCESSABLE_ENTITY,  "proposal-unfit",     "The proposal cannot be approved so";
    GoldenRefused    = UNPROCESSABLE_ENTITY,  "golden-refused",     "The golden question was not taken";
    TooManyAnswers   = TOO_MANY_REQUESTS,     "too-many-answers",   "Too many answers are being written";
    TooManyCodes     = TOO_MANY_REQUESTS,     "too-many-codes",     "Too many codes were sent";
    Internal         = INTERNAL_SERVER_ERROR, "internal",           "Something went wrong";
    BudgetRefused    = UNPROCESSABLE_ENTITY,  "budget-refused",     "The budget was not set";
    OverBudget       = CONFLICT,              "over-budget",        "A budget stands in the way";
    PricesRefused    = UNPROCESSABLE_ENTITY,  "prices-refused",     "The prices were not taken";
    FeeConflict      = CONFLICT,              "fee-conflict",       "It is billed or decided already";
    NothingToBill    = CONFLICT,              "nothing-to-bill",    "There is nothing to put on a bill";
    ReportRefused    = UNPROCESSABLE_ENTITY,  "report-refused",     "The provider's report was not taken";
    DeadlineConflict = CONFLICT,              "deadline-conflict",  "It cannot be changed so now";
    DeadlineRefused  = UNPROCESSABLE_ENTITY,  "deadline-refused",   "The deadline cannot be entered so";
    SearchNotReady   = SERVICE_UNAVAILABLE,   "search-not-ready",   "Search is not ready";
    ModelAway        = SERVICE_UNAVAILABLE,   "model-away",         "The embedding model does not answer";
}

/// A refusal, as a caller is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// What kind of refusal it is.
    pub(crate) code: Code,
    /// The particulars, if the caller may know them.
    pub(crate) detail: Option<String>,
    /// After how many seconds it may be tried again, where that is known.
    pub(crate) retry_after: Option<u64>,
}

impl Problem {
    /// A refusal whose particulars the caller may know.
    pub(crate) fn shown(code: Code, message: &(impl Display + ?Sized)) -> Self {
        Self { code, detail: Some(message.to_string()), retry_after: None }
    }

    /// A failure of ours: written to the log with its causes, shown to nobody.
    pub(crate) fn internal(error: &(dyn Error + 'static)) -> Self {
        tracing::error!(error, "a request failed");
        Self { code: Code::Internal, detail: None, retry_after: None }
    }

    /// The status of the answer.
    pub(crate) const fn status(&self) -> StatusCode {
        self.code.parts().0
    }

    /// The answer to whoever may not know whether something is there.
    pub(crate) fn hidden() -> Self {
        let words = "there is nothing at this address, or it is not open to you";
        Self::shown(Code::NotFound, words)
    }

    /// The answer to whoever has not signed in.
    pub(crate) fn not_signed_in() -> Self {
        let words = "send a session's token as `Authorization: Bearer …`, or sign in on the pages";
        Self::shown(Code::NotSignedIn, words)
    }
}

/// A refusal on the wire.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemView {
    /// Which kind of problem: `/problems/` and its name.
    #[serde(rename = "type")]
    #[schema(example = "/problems/not-found")]
    kind: String,
    /// The kind of problem in words.
    #[schema(example = "Not found")]
    title: &'static str,
    /// The status of the answer.
    #[schema(example = 404)]
    status: u16,
    /// The particulars, in words for a person.
    #[schema(example = "there is no such document")]
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The request's id, as in the header `x-request-id`; quote it when asking for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<Uuid>,
}

impl From<Problem> for ProblemView {
    fn from(problem: Problem) -> Self {
        let Problem { code, detail, retry_after: _ } = problem;
        let (status, slug, title) = code.parts();
        let request_id = Call::under_way().map(|call| call.request);
        let kind = format!("/problems/{slug}");
        Self { kind, title, status: status.as_u16(), detail, request_id }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, ..) = self.code.parts();
        let retry_after = self.retry_after;
        let mut response = (status, axum::Json(ProblemView::from(self))).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl IntoResponses for Problem {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let refused = ResponseBuilder::new()
            .description("Refused; the problem says why.")
            .content(PROBLEM_JSON, Content::new(Some(Ref::from_schema_name("Problem"))))
            .build();
        BTreeMap::from([("4XX".to_owned(), refused.into())])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_its_own_address_and_title() {
        let parts: Vec<_> = Code::ALL.iter().map(|code| code.parts()).collect();
        let slugs: BTreeSet<_> = parts.iter().map(|(_, slug, _)| slug).collect();
        let titles: BTreeSet<_> = parts.iter().map(|(_, _, title)| title).collect();
        assert_eq!(slugs.len(), parts.len());
        assert_eq!(titles.len(), parts.len());
    }

    #[test]
    fn addresses_are_plain_words() {
        for code in Code::ALL {
            let (status, slug, _) = code.parts();
            assert!(slug.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{slug}");
            assert!(status.is_client_error() || status.is_server_error(), "{slug}");
        }
    }

    #[test]
    fn a_problem_names_its_kind_and_particulars() {
        let response = Problem::shown(Code::NotFound, "there is no such case").into_response();
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.headers()[CONTENT_TYPE], PROBLEM_JSON);
        let view = ProblemView::from(Problem::shown(Code::NotFound, "there is no such case"));
        assert_eq!(
            serde_json::to_value(view).unwrap(),
            serde_json::json!({
                "type": "/problems/not-found",
                "title": "Not found",
                "status": 404,
                "detail": "there is no such case",
            })
        );
    }

    #[test]
    fn a_failure_of_ours_shows_nothing() {
        let problem = Problem::internal(&std::io::Error::other("/secret/path"));
        assert_eq!((problem.code, problem.detail), (Code::Internal, None));
    }

    #[test]
    fn whoever_has_not_signed_in_is_told_how() {
        let response = Problem::not_signed_in().into_response();
        assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer");
    }
}
