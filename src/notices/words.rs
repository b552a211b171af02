//! What a notice says: templates in its reader's language, and the frame around them.

use askama::Template;
use chrono::{Datelike, NaiveDate};

use super::Notice;
use crate::outbox::Words;

/// The language of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Hindi,
}

impl Language {
    /// The language of a stored mark; English where it is another.
    pub(super) fn of(mark: &str) -> Self {
        if mark == "hi" { Self::Hindi } else { Self::English }
    }
}

#[derive(Template)]
#[template(path = "notices/subject.en.txt")]
struct SubjectEn<'a> {
    notice: &'a Notice,
}

#[derive(Template)]
#[template(path = "notices/body.en.txt")]
struct BodyEn<'a> {
    notice: &'a Notice,
}

#[derive(Template)]
#[template(path = "notices/subject.hi.txt")]
struct SubjectHi<'a> {
    notice: &'a Notice,
}

#[derive(Template)]
#[template(path = "notices/body.hi.txt")]
struct BodyHi<'a> {
    notice: &'a Notice,
}

/// A day in English: `5 December 2026`.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
pub(super) fn day_en(day: &NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// A day in Hindi: `5 दिसंबर 2026`.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
pub(super) fn day_hi(day: &NaiveDate) -> String {
    const MONTHS: [&str; 12] = [
        "जनवरी",
        "फ़रवरी",
        "मार्च",
        "अप्रैल",
        "मई",
        "जून",
        "जुलाई",
        "अगस्त",
        "सितंबर",
        "अक्टूबर",
        "नवंबर",
        "दिसंबर",
    ];
    let month = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
    format!("{} {month} {}", day.day(), day.year())
}

/// The subject and the text of a notice, without the frame.
pub(super) fn of(notice: &Notice, language: Language) -> (String, String) {
    let (subject, body) = match language {
        Language::English => (SubjectEn { notice }.render(), BodyEn { notice }.render()),
        Language::Hindi => (SubjectHi { notice }.render(), BodyHi { notice }.render()),
    };
    // A template over plain values fails only when writing to memory does.
    (line(&subject.unwrap_or_default()), body.unwrap_or_default().trim().to_owned())
}

/// A subject is one line whatever somebody typed into a title.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A letter around a text: whom it greets, where the thing stands, and where its reader
/// says what they are told of; who has no account tells the chamber.
pub(super) fn letter(
    language: Language,
    name: &str,
    (subject, text): (&str, &str),
    (link, settings): (&str, Option<&str>),
) -> Words {
    let name = line(name);
    let (greeting, foot, alone) = match language {
        Language::English => (
            format!("Dear {name},"),
            "What you are told of, and when:",
            "If you want no more of these letters, tell your advocate's office.",
        ),
        Language::Hindi => (
            format!("नमस्ते {name},"),
            "आपको किन बातों की सूचना मिले, यह यहाँ बदलें:",
            "यदि आप ऐसी सूचनाएँ नहीं चाहते, तो अपने वकील के कार्यालय को बताएँ।",
        ),
    };
    let foot = match settings {
        Some(settings) => format!("{foot}\n{settings}"),
        None => alone.to_owned(),
    };
    let text = format!("{greeting}\n\n{text}\n\n{link}\n\n{foot}\n");
    Words { subject: subject.to_owned(), text }
}

/// What the digest of a day is called.
pub(super) fn digest_subject(language: Language, day: NaiveDate) -> String {
    match language {
        Language::English => format!("What is new, {}", day_en(&day)),
        Language::Hindi => format!("नई सूचनाएँ, {}", day_hi(&day)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Paise;

    fn samples() -> Vec<Notice> {
        let day: NaiveDate = "2026-12-05".parse().unwrap();
        let case_title = || String::from("Sharma v. Kapoor");
        let from = || String::from("R. Iyer");
        vec![
            Notice::HearingsAhead { day, hearings: vec![case_title()] },
            Notice::DatesToCheck { cases: vec![case_title()] },
            Notice::NextDate { case_title: case_title(), day: Some(day) },
            Notice::NextDate { case_title: case_title(), day: None },
            Notice::TaskGiven {
                title: String::from("File the reply"),
                case_title: Some(case_title()),
                due: Some(day),
            },
            Notice::TasksDue { tasks: vec![String::from("File the reply")] },
            Notice::MessageCame { case_title: case_title(), from: from() },
            Notice::TeamWrote { case_title: case_title(), from: from() },
            Notice::Mentioned { case_title: case_title(), from: from() },
            Notice::DocumentsShared { case_title: case_title(), count: 1 },
            Notice::DocumentsShared { case_title: case_title(), count: 3 },
            Notice::SomethingNeeded {
                case_title: case_title(),
                what: String::from("Your PAN card"),
                due: Some(day),
            },
            Notice::NewsOfCase { case_title: case_title() },
            Notice::InvoiceIssued {
                number: String::from("2026-27/14"),
                total: Paise(11_800_000),
                due: Some(day),
            },
            Notice::PaymentCame { number: String::from("2026-27/14"), amount: Paise(100) },
            Notice::FileCame {
                case_title: case_title(),
                name: String::from("pan.pdf"),
                from: from(),
            },
        ]
    }

    #[test]
    fn every_notice_has_words_in_both_languages() {
        for notice in samples() {
            for language in [Language::English, Language::Hindi] {
                let (subject, text) = of(&notice, language);
                assert!(!subject.is_empty() && !subject.contains('\n'), "{notice:?}: {subject}");
                assert!(!text.is_empty() && !text.contains("\n\n\n"), "{notice:?}: {text}");
                let is_hindi = text.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c));
                assert_eq!(is_hindi, language == Language::Hindi, "{text}");
            }
        }
    }

    #[test]
    fn words_are_whole_sentences() {
        let day = "2026-12-05".parse().ok();
        let notice = Notice::NextDate { case_title: String::from("A v. B"), day };
        let (subject, text) = of(&notice, Language::English);
        assert_eq!(subject, "The next date in your case");
        assert_eq!(text, "The next date in A v. B is 5 December 2026.");
        let (_, text) = of(&notice, Language::Hindi);
        assert_eq!(text, "A v. B की अगली तारीख़ 5 दिसंबर 2026 है।");
        let notice = Notice::TasksDue { tasks: vec!["One".to_owned(), "Two".to_owned()] };
        let (_, text) = of(&notice, Language::English);
        assert_eq!(text, "Due soon or overdue:\n\n- One\n- Two");
    }

    #[test]
    fn a_title_cannot_add_a_header_to_a_mail() {
        let notice = Notice::MessageCame {
            case_title: String::from("A v. B"),
            from: String::from("Eve\r\nBcc: all@example.in"),
        };
        let (subject, _) = of(&notice, Language::English);
        assert_eq!(subject, "A message from Eve Bcc: all@example.in");
    }
}
