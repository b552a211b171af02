//! What the portal says, in English and in Hindi. Every string a client reads is a field of
//! [`Words`], so that a language that lacks one does not compile.

mod english;
mod hindi;
mod spoken;

pub use crate::portal::Language;
pub use spoken::{Speak, fill};

macro_rules! words {
    ($($name:ident,)+) => {
        /// What the portal says in one language; the fields are named for where they stand.
        #[derive(Debug)]
        #[expect(missing_docs, reason = "the English words say what each is for")]
        pub struct Words {
            $(pub $name: &'static str,)+
        }

        impl Words {
            /// Every string with the name of its field.
            #[cfg(test)]
            fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name)),+]
            }
        }
    };
}

words! {
    // The frame.
    skip, menu_of, main, account, more, sign_out, devices, notices, your_data, language, language_choose,
    nav_home, nav_documents, nav_requests, nav_invoices, nav_messages,
    // The way in.
    sign_in_title, sign_in_sent, sign_in_works, address_label, address_hint, send_code, code_label,
    sign_in, no_code, no_code_again, no_code_rest, of_chamber, of_chamber_link, link_once,
    link_new, code_refused,
    // Home.
    home_title, home_none, home_none_next, closed, read_more, needs_title, owed_title, owed_none,
    messages_title, messages_none, letter_opened, consent_asked, consent_read, documents_title, documents_none, documents_all,
    // A case.
    last_title, last_none, next_title, next_none, news_title, news_none, approved_by, number,
    court, hall, heard, not_reached, put_off, decided, was_listed, back_home, other_language,
    // Requests.
    requests_title, requests_none, requests_done, due, overdue, send_now, done_sent, done_chamber,
    // Sending.
    deliver_title, deliver_lead, case_label, case_choose, request_label, request_any, files_label, files_hint,
    note_label, note_hint, send, deliver_no_case, sent_title, sent_none, sent_done, waiting,
    accepted, refused, refused_why, for_request,
    // Documents.
    shared_by, until, download, download_hint, as_text, as_pictures, page, mark_note, not_drawn,
    no_text, more_pages, expires,
    // Invoices.
    invoices_title, invoices_none, invoice, issued_on, due_on, total, paid, outstanding, get_pdf,
    settled,
    // Your data.
    data_title, data_read, data_agree, data_later, data_later_link, data_given, data_given_none,
    wording, withdrawn, withdraw, withdraw_sure, data_copy, data_copy_hint, data_ask, data_empty,
    data_ready, data_fetch, data_waiting, on_paper, in_portal, by_word, by_mail, by_phone,
    // When something cannot be done.
    not_found_title, not_found, broken_title, broken, stale_title, stale, refused_title,
    refused_rest, too_large, reference,
    error_too_many, error_no_file, error_empty, error_too_large, error_kind, error_broken_off,
    error_no_case, error_note, error_gone, error_copy, error_choose_case,
}

/// The words of a language.
#[must_use]
pub const fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &english::WORDS,
        Language::Hindi => &hindi::WORDS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proper nouns and signs that stay in Latin letters in Hindi.
    const KEPT: [&str; 4] = ["PDF", "MB", "{}", "Munshi"];

    #[test]
    fn every_string_is_there_in_both_languages() {
        for language in Language::ALL {
            for (name, text) in words(language).all() {
                assert!(!text.trim().is_empty(), "{name} is empty in {language:?}");
            }
        }
        assert!(words(Language::English).all().len() > 120);
    }

    #[test]
    fn hindi_is_written_in_hindi() {
        for (name, text) in words(Language::Hindi).all() {
            let mut left = text.to_owned();
            for kept in KEPT {
                left = left.replace(kept, "");
            }
            assert!(!left.chars().any(|c| c.is_ascii_alphabetic()), "{name}: {text}");
            assert!(text.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c)), "{name}: {text}");
        }
    }

    #[test]
    fn what_is_filled_in_is_filled_in_in_both() {
        let (english, hindi) = (words(Language::English).all(), words(Language::Hindi).all());
        for ((name, english), (_, hindi)) in english.into_iter().zip(hindi) {
            let holes = |text: &str| text.matches("{}").count();
            assert_eq!(holes(english), holes(hindi), "{name}");
        }
    }

    #[test]
    fn the_client_is_spoken_to_with_respect() {
        for (name, text) in words(Language::Hindi).all() {
            for familiar in ["तुम", "तेरा", "तेरी", "तुम्हार"] {
                assert!(!text.contains(familiar), "{name}: {text}");
            }
        }
    }
}
