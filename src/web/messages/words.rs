//! The words around messages, in the languages of the portal.

use crate::messages::{MOST_A_MINUTE, MOST_ATTACHMENTS, MessageError};
use crate::portal::Language;
use crate::web::portal::words::{Speak, fill};
use crate::web::show::Moment;

/// What stands around messages.
#[derive(Debug, Clone, Copy)]
pub struct MessageWords {
    /// The language they are in.
    pub language: Language,
    /// The pages' name.
    pub title: &'static str,
    /// What the page of a case is.
    pub lead: &'static str,
    /// The link to what was written before.
    pub older: &'static str,
    /// That nothing was written.
    pub none: &'static str,
    /// What to do then.
    pub none_hint: &'static str,
    /// What the list of messages is.
    pub list: &'static str,
    /// That everything was read, as it follows a name.
    pub all_read: &'static str,
    /// That the last message was not read.
    pub not_all_read: &'static str,
    /// Who reads for the chamber.
    pub chamber: &'static str,
    /// The label of the text.
    pub write: &'static str,
    /// That a message cannot be changed.
    pub write_hint: &'static str,
    /// The label of the files.
    pub files: &'static str,
    /// The button that sends.
    pub send: &'static str,
    /// Where new messages begin.
    pub new: &'static str,
    /// The tag of what a client wrote.
    pub client: &'static str,
    /// That a message was taken back.
    pub taken_back: &'static str,
    /// The button that takes one back.
    pub take_back: &'static str,
    /// That a file is downloaded.
    pub download: &'static str,
    /// The label of the search.
    pub search: &'static str,
    /// The button that searches.
    pub search_button: &'static str,
    /// The heading of what was found.
    pub found: &'static str,
    /// That nothing was found.
    pub not_found: &'static str,
    /// What to do then.
    pub not_found_hint: &'static str,
    /// That no case has messages.
    pub inbox_none: &'static str,
    /// What to do then.
    pub inbox_hint: &'static str,
    /// The heading over the cases.
    pub cases: &'static str,
    /// How many are new: the word after the number.
    pub unread: &'static str,
    /// What stands for a message without words.
    pub no_words: &'static str,
    /// That a message says nothing.
    pub error_empty: &'static str,
    /// That it is too long.
    pub error_too_long: &'static str,
    /// That too much goes with it; how much may.
    pub error_too_many: &'static str,
    /// That a file is too large; which.
    pub error_too_large: &'static str,
    /// That a file is of no kind that is taken; which.
    pub error_kind: &'static str,
    /// That it is too late to take a message back.
    pub error_too_late: &'static str,
    /// That too many were written within a minute; how many may be.
    pub error_too_fast: &'static str,
    /// What to do with files when a message was refused.
    pub error_files: &'static str,
}

impl MessageWords {
    /// When something was, in words.
    #[must_use]
    pub fn when(&self, moment: &Moment) -> String {
        let said = moment.to_string();
        match (self.language, said.rsplit_once(", ")) {
            (Language::Hindi, Some((_, time))) => {
                format!("{}, {time}", self.language.day_of(moment.0))
            }
            _ => said,
        }
    }

    /// Why a client's message was not taken; none for a failure of ours.
    #[must_use]
    pub fn refusal(&self, error: &MessageError) -> Option<String> {
        Some(match error {
            MessageError::Empty => self.error_empty.to_owned(),
            MessageError::TooLong => self.error_too_long.to_owned(),
            MessageError::TooMany => fill(self.error_too_many, &MOST_ATTACHMENTS.to_string()),
            MessageError::TooLarge(name) => fill(self.error_too_large, name),
            MessageError::Refused(name, _) => fill(self.error_kind, name),
            MessageError::TooLate => self.error_too_late.to_owned(),
            MessageError::TooFast => fill(self.error_too_fast, &MOST_A_MINUTE.to_string()),
            _ => return None,
        })
    }
}

static ENGLISH: MessageWords = MessageWords {
    language: Language::English,
    title: "Messages",
    lead: "What you and your advocate’s chamber write each other. Nobody else reads it.",
    older: "Older messages",
    none: "Nothing written yet",
    none_hint: "Write to your advocate below. You are told by mail when they answer.",
    list: "Messages, the oldest first",
    all_read: "has read everything",
    not_all_read: "has not read the last message yet",
    chamber: "The chamber",
    write: "Write to your advocate",
    write_hint: "A message cannot be changed; you can take it back for 15 minutes.",
    files: "Files, up to 10 MiB each",
    send: "Send",
    new: "New since you last read",
    client: "client",
    taken_back: "Taken back",
    take_back: "Take back",
    download: "download",
    search: "Words of a message",
    search_button: "Search",
    found: "Found",
    not_found: "No message says that",
    not_found_hint: "Every word must stand in the message; try fewer words.",
    inbox_none: "No messages yet",
    inbox_hint: "Choose a case below to write to your advocate.",
    cases: "Write about a case",
    unread: "new",
    no_words: "taken back, or a file alone",
    error_empty: "Write something, or attach a file.",
    error_too_long: "A message has at most 10,000 characters. Send what is longer as a file.",
    error_too_many: "At most {} files can go with one message.",
    error_too_large: "“{}” is larger than 10 MiB. Send it under “Needed” instead, or in parts.",
    error_kind: "“{}” is of a kind that cannot be read here. Send a PDF, a photograph or a Word file.",
    error_too_late: "A message can be taken back for 15 minutes. Write another that says what is right.",
    error_too_fast: "You wrote {} messages within a minute. Wait a minute and send it again.",
    error_files: "Choose files again if you had chosen some.",
};

static HINDI: MessageWords = MessageWords {
    language: Language::Hindi,
    title: "संदेश",
    lead: "आप और आपके वकील का कार्यालय एक-दूसरे को जो लिखते हैं। कोई और इसे नहीं पढ़ता।",
    older: "पुराने संदेश",
    none: "अभी कुछ नहीं लिखा गया",
    none_hint: "नीचे अपने वकील को लिखें। उत्तर आने पर आपको ईमेल से सूचना मिलेगी।",
    list: "संदेश, सबसे पुराने पहले",
    all_read: "ने सब पढ़ लिया है",
    not_all_read: "ने अंतिम संदेश अभी नहीं पढ़ा है",
    chamber: "कार्यालय",
    write: "अपने वकील को लिखें",
    write_hint: "संदेश बदला नहीं जा सकता; 15 मिनट तक उसे वापस लिया जा सकता है।",
    files: "फ़ाइलें, प्रत्येक 10 MiB तक",
    send: "भेजें",
    new: "आपके पढ़ने के बाद के संदेश",
    client: "मुवक्किल",
    taken_back: "वापस लिया गया",
    take_back: "वापस लें",
    download: "डाउनलोड",
    search: "संदेश के शब्द",
    search_button: "खोजें",
    found: "मिले संदेश",
    not_found: "ऐसा कोई संदेश नहीं मिला",
    not_found_hint: "हर शब्द संदेश में होना चाहिए; कम शब्दों से खोजें।",
    inbox_none: "अभी कोई संदेश नहीं",
    inbox_hint: "अपने वकील को लिखने के लिए नीचे मामला चुनें।",
    cases: "किसी मामले के बारे में लिखें",
    unread: "नए",
    no_words: "वापस लिया गया, या केवल फ़ाइल",
    error_empty: "कुछ लिखें, या कोई फ़ाइल जोड़ें।",
    error_too_long: "एक संदेश में 10,000 से अधिक अक्षर नहीं हो सकते। इससे लंबा हो, तो फ़ाइल के रूप में भेजें।",
    error_too_many: "एक संदेश के साथ {} से अधिक फ़ाइलें नहीं भेजी जा सकतीं।",
    error_too_large: "“{}” 10 MiB से बड़ी है। उसे “ज़रूरी काग़ज़” के पृष्ठ से भेजें, या हिस्सों में भेजें।",
    error_kind: "“{}” ऐसी फ़ाइल है जो यहाँ पढ़ी नहीं जा सकती। PDF, फ़ोटो या वर्ड फ़ाइल भेजें।",
    error_too_late: "संदेश 15 मिनट तक ही वापस लिया जा सकता है। सही बात एक और संदेश में लिखें।",
    error_too_fast: "आपने एक मिनट में {} संदेश लिखे। एक मिनट रुककर फिर भेजें।",
    error_files: "अगर आपने फ़ाइलें चुनी थीं, तो उन्हें फिर से चुनें।",
};

/// The words in a language.
#[must_use]
pub const fn message_words(language: Language) -> &'static MessageWords {
    match language {
        Language::English => &ENGLISH,
        Language::Hindi => &HINDI,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn a_moment_is_said_in_the_reader_s_language() {
        let moment = Moment(DateTime::from_timestamp(1_793_736_300, 0).unwrap());
        assert_eq!(message_words(Language::English).when(&moment), "4 Nov 2026, 01:35");
        assert_eq!(message_words(Language::Hindi).when(&moment), "4 नवंबर 2026, 01:35");
    }

    #[test]
    fn a_client_is_refused_in_their_language() {
        let words = message_words(Language::Hindi);
        for error in [
            MessageError::Empty,
            MessageError::TooLong,
            MessageError::TooMany,
            MessageError::TooLarge("क".to_owned()),
            MessageError::Refused("क".to_owned(), "this looks like a program".to_owned()),
            MessageError::TooLate,
            MessageError::TooFast,
        ] {
            let said = words.refusal(&error).unwrap().replace("PDF", "").replace("MiB", "");
            assert!(!said.contains(|c: char| c.is_ascii_alphabetic() || c == '{'), "{said}");
        }
        assert_eq!(words.refusal(&MessageError::NotFound), None);
    }
}
