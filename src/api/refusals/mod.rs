//! What each area's failures mean to a caller. No match has a catch-all arm, so a
//! new failure cannot ship without a decision about what the caller sees.

mod cases;
mod clients;
mod conflicts;
mod deadlines;
mod fees;
mod hearings;
mod messages;
mod money;
mod notices;
mod portal;
mod webhooks;

use crate::api::problem::{Code, Problem};
use crate::assistant::chain::ModelsError;
use crate::assistant::{AskError, ProposalError};
use crate::audit::AuditError;
use crate::auth::AuthError;
use crate::db::DbError;
use crate::documents::DocumentError;
use crate::documents::reading::ReadError;
use crate::outbox::OutboxError;
use crate::privacy::PrivacyError;
use crate::search::golden::GoldenError;
use crate::search::{BadValue, IndexError, SavedError, SearchError};
use crate::vectors::{GenerationError, VectorError};
use crate::walls::WallError;

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        Self::internal(&error)
    }
}

impl From<ModelsError> for Problem {
    fn from(error: ModelsError) -> Self {
        match error {
            ModelsError::NotFound => Self::shown(Code::NotFound, &error),
            ModelsError::Db(error) => Self::internal(&error),
        }
    }
}

impl From<AuditError> for Problem {
    fn from(error: AuditError) -> Self {
        Self::internal(&error)
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        let code = match &error {
            AuthError::NotRecognised => Code::NotRecognised,
            AuthError::AlreadySetUp => Code::AlreadySetUp,
            AuthError::NotSetUp => Code::NotSetUp,
            AuthError::WeakPassword(_) => Code::WeakPassword,
            AuthError::LinkGone => Code::LinkGone,
            AuthError::TooManyTries(seconds) => {
                let refused = Self::shown(Code::TooManyTries, &error);
                return Self { retry_after: Some(*seconds), ..refused };
            }
            AuthError::Email(_) => Code::InvalidEmail,
            AuthError::NoName => Code::NameMissing,
            AuthError::EmailTaken(_) => Code::EmailTaken,
            AuthError::ClientMismatch => Code::ClientMismatch,
            AuthError::LastAdmin => Code::LastAdmin,
            AuthError::NotFound => Code::NotFound,
            AuthError::AdminOnly => return Self::hidden(),
            AuthError::Ended => Code::NotSignedIn,
            AuthError::SessionNeeded => Code::SessionNeeded,
            AuthError::BadToken(_) => Code::TokenRefused,
            AuthError::CodeRefused => Code::EntryCodeRefused,
            AuthError::WrongCode => Code::OneTimeWrong,
            AuthError::SignInAgain => Code::SignInAgain,
            AuthError::ProveFirst => Code::ProveFirst,
            AuthError::BehindWall => Code::BehindWall,
            AuthError::FactorThere
            | AuthError::FactorFirst
            | AuthError::LastFactor
            | AuthError::ClientsHaveNone
            | AuthError::ClientsHaveNoPassword
            | AuthError::NoGateway
            | AuthError::NoPasskeysHere => Code::FactorConflict,
            AuthError::TooManyCodes => Code::TooManyCodes,
            AuthError::PhoneNumber(_) => Code::InvalidPhone,
            AuthError::PasskeyRefused => Code::PasskeyRefused,
            AuthError::Provider(_) => Code::ProviderRefused,
            AuthError::Hash(_) | AuthError::Vault(_) | AuthError::Outbox(_) | AuthError::Db(_) => {
                return Self::internal(&error);
            }
            AuthError::Sign(_) => return Self::internal(&error),
        };
        Self::shown(code, &error)
    }
}

impl From<OutboxError> for Problem {
    fn from(error: OutboxError) -> Self {
        match &error {
            OutboxError::AdminOnly => Self::hidden(),
            OutboxError::NotFound => Self::shown(Code::NotFound, &error),
            OutboxError::GoesOut => Self::shown(Code::LetterClosed, &error),
            OutboxError::BehindWall => Self::shown(Code::BehindWall, &error),
            OutboxError::Vault(_) | OutboxError::Db(_) => Self::internal(&error),
        }
    }
}

impl From<WallError> for Problem {
    fn from(error: WallError) -> Self {
        let code = match &error {
            WallError::NotAllowed => return Self::hidden(),
            WallError::NotFound
            | WallError::NoGroup
            | WallError::NoPerson
            | WallError::NoSubject => Code::NotFound,
            WallError::Reason => Code::ReasonMissing,
            WallError::Standing => Code::WallStands,
            WallError::NoName => Code::NameMissing,
            WallError::NameTaken => Code::GroupNameTaken,
            WallError::Named => Code::GroupNamed,
            WallError::Db(_) => return Self::internal(&error),
        };
        Self::shown(code, &error)
    }
}

impl From<BadValue> for Problem {
    fn from(error: BadValue) -> Self {
        Self::shown(Code::BadRequest, &error)
    }
}

impl From<SavedError> for Problem {
    fn from(error: SavedError) -> Self {
        let code = match &error {
            SavedError::Name => Code::NameMissing,
            SavedError::Nothing | SavedError::Bad(_) | SavedError::TooMany => Code::BadRequest,
            SavedError::NotFound => Code::NotFound,
            SavedError::Db(_) => return Self::internal(&error),
        };
        Self::shown(code, &error)
    }
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        let code = match error {
            DocumentError::Case(error) => return error.into(),
            DocumentError::Read(error) => return error.into(),
            DocumentError::NotAllowed => return Self::hidden(),
            DocumentError::Disk(_) | DocumentError::Vault(_) | DocumentError::Db(_) => {
                return Self::internal(&error);
            }
            DocumentError::NotFound => Code::NotFound,
            DocumentError::Refused(_) => Code::FileRefused,
            DocumentError::Invalid(_) => Code::BadRequest,
            DocumentError::Empty => Code::FileEmpty,
            DocumentError::TooLarge(_) => Code::FileTooLarge,
            DocumentError::BrokenOff(_) => Code::UploadBroken,
            DocumentError::NoClient => Code::CaseHasNoClient,
        };
        Self::shown(code, &error)
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match &error {
            ReadError::NoSuchPage { .. } | ReadError::NoPicture => {
                Self::shown(Code::NotFound, &error)
            }
            ReadError::Encrypted
            | ReadError::WrongPassword
            | ReadError::Damaged(_)
            | ReadError::TimedOut { .. }
            | ReadError::Crashed(_)
            | ReadError::TooLarge(_) => Self::shown(Code::PageNotDrawn, &error),
            ReadError::Io(_) => Self::internal(&error),
        }
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Documents(error) => error.into(),
            SearchError::Index(IndexError::NotReady) | SearchError::Interrupted => {
                Self::shown(Code::SearchNotReady, &error)
            }
            SearchError::Index(
                IndexError::Busy
                | IndexError::ReadOnly
                | IndexError::Damaged(_)
                | IndexError::Directory(_)
                | IndexError::Engine(_),
            ) => Self::internal(&error),
        }
    }
}

impl From<VectorError> for Problem {
    fn from(error: VectorError) -> Self {
        match &error {
            VectorError::NoModel(_) | VectorError::Embed(_) => Self::shown(Code::ModelAway, &error),
            VectorError::OverBudget(_) => Self::shown(Code::OverBudget, &error),
            VectorError::Store(_) | VectorError::Db(_) => Self::internal(&error),
        }
    }
}

impl From<GenerationError> for Problem {
    fn from(error: GenerationError) -> Self {
        let code = match error {
            GenerationError::AdminOnly => return Self::hidden(),
            GenerationError::Vectors(error) => return error.into(),
            GenerationError::Db(error) => return error.into(),
            GenerationError::UnknownModel(_) => Code::UnknownModel,
            GenerationError::Unusable(_) => Code::ModelAway,
            GenerationError::NotDroppable => Code::NotFound,
            GenerationError::LiveAlready
            | GenerationError::ShadowAlready
            | GenerationError::NoShadow
            | GenerationError::Incomplete(_)
            | GenerationError::NoPrevious => Code::ModelConflict,
        };
        Self::shown(code, &error)
    }
}

impl From<GoldenError> for Problem {
    fn from(error: GoldenError) -> Self {
        let code = match error {
            GoldenError::AdminOnly => return Self::hidden(),
            GoldenError::Search(error) => return error.into(),
            GoldenError::Vectors(error) => return error.into(),
            GoldenError::Db(error) => return error.into(),
            GoldenError::NotFound => Code::NotFound,
            GoldenError::Length
            | GoldenError::Expected
            | GoldenError::Span
            | GoldenError::Document(_)
            | GoldenError::TooMany
            | GoldenError::NoneYet
            | GoldenError::Line { .. } => Code::GoldenRefused,
        };
        Self::shown(code, &error)
    }
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Case(error) => error.into(),
            AskError::Documents(error) => error.into(),
            AskError::NotAllowed => Self::hidden(),
            AskError::Empty => Self::shown(Code::QuestionEmpty, &error),
            AskError::Task(_) => Self::shown(Code::TaskRefused, &error),
            AskError::TooLong => Self::shown(Code::QuestionTooLong, &error),
            AskError::NotFound => Self::shown(Code::NotFound, &error),
            AskError::NotFinished | AskError::Withheld => Self::shown(Code::NotExported, &error),
            AskError::TooMany(_) => Self::shown(Code::TooManyAnswers, &error),
            AskError::StillRunning => Self::shown(Code::StillAnswering, &error),
            AskError::NoTitle => Self::shown(Code::TitleMissing, &error),
            AskError::NotPinnable(_) => Self::shown(Code::NotPinnable, &error),
            AskError::Held => Self::shown(Code::LegalHold, &error),
            AskError::Paper(_) | AskError::Db(_) => Self::internal(&error),
        }
    }
}

impl From<ProposalError> for Problem {
    fn from(error: ProposalError) -> Self {
        let code = match error {
            ProposalError::Case(error) => return error.into(),
            ProposalError::Fees(error) => return error.into(),
            ProposalError::Hearing(error) => return error.into(),
            ProposalError::Deadline(error) => return error.into(),
            ProposalError::Ask(error) => return error.into(),
            ProposalError::Db(error) => return error.into(),
            ProposalError::NotFound => Code::NotFound,
            ProposalError::Decided(_) => Code::ProposalDecided,
            ProposalError::NotTheirTime => Code::NotTheirTime,
            ProposalError::NoReason => Code::ReasonMissing,
            ProposalError::Unfit(_) => Code::ProposalUnfit,
        };
        Self::shown(code, &error)
    }
}

impl From<PrivacyError> for Problem {
    fn from(error: PrivacyError) -> Self {
        let code = match error {
            PrivacyError::Document(error) => return error.into(),
            PrivacyError::Search(error) => return error.into(),
            PrivacyError::NotFound => return Self::hidden(),
            PrivacyError::Held(_) => Code::LegalHold,
            PrivacyError::NotConfirmed(_) | PrivacyError::Invalid(_) => Code::PrivacyRefused,
            PrivacyError::Vectors(_)
            | PrivacyError::Vault(_)
            | PrivacyError::Disk(_)
            | PrivacyError::Db(_) => return Self::internal(&error),
        };
        Self::shown(code, &error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::CaseError;

    #[test]
    fn a_case_that_is_not_open_hides_behind_every_area() {
        let case = Problem::from(CaseError::NotFound);
        assert_eq!(Problem::from(DocumentError::Case(CaseError::NotFound)), case);
        assert_eq!(Problem::from(AskError::Case(CaseError::NotFound)), case);
    }

    #[test]
    fn whoever_may_not_is_told_as_little_as_whoever_is_lost() {
        assert_eq!(Problem::from(AuthError::AdminOnly), Problem::hidden());
        assert_eq!(Problem::from(CaseError::NotAllowed), Problem::hidden());
        assert_eq!(Problem::from(DocumentError::NotAllowed), Problem::hidden());
    }
}
