//! What a client reads, row by row, in their language.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::dated;
use crate::documents::Share;
use crate::portal::{
    Approved, Delivery, DeliveryStatus, DoneHow, Language, Request, SharedDocument,
};
use crate::web::portal::words::{Speak, fill};
use crate::web::portal::{NeededRow, NewsRow, SentRow, SharedRow};

/// Something that is or was needed.
pub(super) fn needed_row(language: Language, request: Request, today: NaiveDate) -> NeededRow {
    let words = language.words();
    let late = request.due_on.is_some_and(|due| due < today);
    let due = request
        .due_on
        .map(|due| fill(if late { words.overdue } else { words.due }, &language.day(due)));
    let done = request.done.map(|(_, how)| match how {
        DoneHow::Delivered => words.done_sent.to_owned(),
        DoneHow::Chamber => words.done_chamber.to_owned(),
    });
    let Request { id, case_title, what, .. } = request;
    NeededRow { id, case_title, what, due, late, done }
}

/// News in the reader's language, or else in the other.
pub(super) fn news_row(language: Language, news: Approved) -> Option<NewsRow> {
    let Approved { english, hindi, approved_by, approved_at, .. } = news;
    let (own, strange, strange_lang) = match language {
        Language::English => (english, hindi, Language::Hindi),
        Language::Hindi => (hindi, english, Language::English),
    };
    let (text, lang, other) = match own {
        Some(text) => (text, language.as_str(), false),
        None => (strange?, strange_lang.as_str(), true),
    };
    let by = fill(language.words().approved_by, &approved_by);
    Some(NewsRow { text, lang, other, by, on: language.day_of(approved_at) })
}

/// A shared document.
pub(super) fn shared_row(language: Language, shared: SharedDocument) -> SharedRow {
    let SharedDocument { document, pages, shared_at, shared_by, until, .. } = shared;
    let about = about_share(language, pages, (&shared_by, shared_at), until);
    SharedRow { id: document.id, title: document.title, about }
}

/// The same of a share, for who looks at what its client sees.
pub(super) fn row_of_share(
    language: Language,
    title: String,
    pages: Option<u32>,
    share: &Share,
) -> SharedRow {
    let by = (share.shared_by.as_str(), share.shared_at);
    let about = about_share(language, pages, by, share.expires_at);
    SharedRow { id: share.document, title, about }
}

fn about_share(
    language: Language,
    pages: Option<u32>,
    (by, at): (&str, DateTime<Utc>),
    until: Option<DateTime<Utc>>,
) -> Vec<String> {
    let words = language.words();
    let mut about = Vec::new();
    about.extend(pages.map(|pages| language.pages(pages)));
    about.push(fill(words.shared_by, by));
    about.push(language.day_of(at));
    about.extend(until.map(|until| fill(words.until, &language.day_of(last_day(until)))));
    about
}

/// A moment on the last day of a share: it ends as the next day begins.
pub(super) fn last_day(until: DateTime<Utc>) -> DateTime<Utc> {
    until.checked_sub_signed(TimeDelta::seconds(1)).unwrap_or(until)
}

/// A file that was sent.
pub(super) fn sent_row(language: Language, delivery: Delivery) -> SentRow {
    let words = language.words();
    let about = dated(&language.size(delivery.size_bytes), &language.day_of(delivery.sent_at));
    let status = match delivery.status {
        DeliveryStatus::Waiting => words.waiting,
        DeliveryStatus::Accepted => words.accepted,
        DeliveryStatus::Refused => words.refused,
    };
    SentRow {
        name: delivery.file_name,
        about,
        case_title: delivery.case_title,
        request: delivery.request.map(|(_, what)| fill(words.for_request, &what)),
        status,
        reason: delivery.reason.map(|reason| fill(words.refused_why, &reason)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{CaseId, NewsId};

    fn news(english: Option<&str>, hindi: Option<&str>) -> Approved {
        Approved {
            id: NewsId::new(),
            case_id: CaseId::new(),
            english: english.map(str::to_owned),
            hindi: hindi.map(str::to_owned),
            approved_by: "Anjali Mehta".to_owned(),
            approved_at: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
        }
    }

    #[test]
    fn news_is_read_in_ones_own_language_or_else_in_the_other() {
        let both = news_row(Language::Hindi, news(Some("Heard."), Some("सुना।"))).unwrap();
        assert_eq!((both.text.as_str(), both.lang, both.other), ("सुना।", "hi", false));
        let one = news_row(Language::Hindi, news(Some("Heard."), None)).unwrap();
        assert_eq!((one.text.as_str(), one.lang, one.other), ("Heard.", "en", true));
        assert!(news_row(Language::English, news(None, None)).is_none());
    }
}
