//! The words around what one is told of, in the languages of the portal.

use crate::notices::{How, Kind};
use crate::portal::Language;

/// What stands around the choices.
#[derive(Debug, Clone, Copy)]
pub struct NoticeWords {
    /// The page's name.
    pub title: &'static str,
    /// Before the address the letters go to.
    pub lead: &'static str,
    /// What a notice never holds.
    pub lead_hint: &'static str,
    /// The heading of the kinds.
    pub what: &'static str,
    /// The heading of the times.
    pub when: &'static str,
    /// The label of the beginning of quiet.
    pub quiet_from: &'static str,
    /// Its hint.
    pub quiet_from_hint: &'static str,
    /// The label of the end of quiet.
    pub quiet_until: &'static str,
    /// Its hint.
    pub quiet_until_hint: &'static str,
    /// The label of the digest's hour.
    pub digest_at: &'static str,
    /// Its hint.
    pub digest_at_hint: &'static str,
    /// The button.
    pub keep: &'static str,
    /// That it was done.
    pub kept: &'static str,
    /// That a time cannot be read.
    pub error_time: &'static str,
    /// What is always told.
    pub always: &'static str,
}

static ENGLISH: NoticeWords = NoticeWords {
    title: "Notices",
    lead: "What you are told of by mail, and when. The letters go to",
    lead_hint: "A notice never holds what is in a message or a document; it leads to the page.",
    what: "What",
    when: "When",
    quiet_from: "Quiet from",
    quiet_from_hint: "By the clock of India. Leave both empty for no quiet.",
    quiet_until: "Quiet until",
    quiet_until_hint: "Letters of the quiet hours come when they end.",
    digest_at: "The daily digest comes at",
    digest_at_hint: "One letter with all that waits for it; none when nothing does.",
    keep: "Keep these choices",
    kept: "Your choices are kept.",
    error_time: "Write times of day as 21:00; for quiet, both its beginning and its end.",
    always: "Letters for signing in, such as links and codes, always come at once.",
};

static HINDI: NoticeWords = NoticeWords {
    title: "सूचनाएँ",
    lead: "आपको ईमेल से किन बातों की और कब सूचना मिले। पत्र इस पते पर जाते हैं:",
    lead_hint: "सूचना में किसी संदेश या दस्तावेज़ की बात नहीं होती; वह केवल पन्ने तक ले जाती है।",
    what: "किन बातों की",
    when: "कब",
    quiet_from: "शांति कब से",
    quiet_from_hint: "भारतीय समय। शांति न चाहिए तो दोनों ख़ाली छोड़ें।",
    quiet_until: "शांति कब तक",
    quiet_until_hint: "इस बीच के पत्र इसके बाद आते हैं।",
    digest_at: "दैनिक सार का समय",
    digest_at_hint: "जो कुछ हो, एक ही पत्र में; कुछ न हो तो पत्र नहीं आता।",
    keep: "ये पसंद रखें",
    kept: "आपकी पसंद रख ली गई है।",
    error_time: "समय 21:00 की तरह लिखें; शांति के लिए उसका आरंभ और अंत दोनों लिखें।",
    always: "साइन-इन के लिंक और कोड हमेशा तुरंत आते हैं।",
};

/// The words in a language.
#[must_use]
pub const fn notice_words(language: Language) -> &'static NoticeWords {
    match language {
        Language::English => &ENGLISH,
        Language::Hindi => &HINDI,
    }
}

/// What a kind tells of; the kinds of the chamber alone have English words only.
#[must_use]
pub const fn kind_words(kind: Kind, language: Language) -> &'static str {
    match (language, kind) {
        (Language::Hindi, Kind::NextDate) => "मामले की अगली तारीख़ और उसके बदलाव",
        (Language::Hindi, Kind::Message) => "कार्यालय के संदेश",
        (Language::Hindi, Kind::DocumentsShared) => "आपके साथ साझा किए गए दस्तावेज़",
        (Language::Hindi, Kind::SomethingNeeded) => "आपके वकील को आपसे क्या चाहिए",
        (Language::Hindi, Kind::News) => "आपके मामलों की नई जानकारी",
        (Language::Hindi, Kind::Invoice) => "बिल",
        (Language::Hindi, Kind::Payment) => "भुगतान",
        (_, kind) => kind.words(),
    }
}

/// How somebody is told, in words.
#[must_use]
pub const fn how_words(how: How, language: Language) -> &'static str {
    match (language, how) {
        (Language::Hindi, How::AtOnce) => "तुरंत",
        (Language::Hindi, How::Digest) => "दैनिक सार के साथ",
        (Language::Hindi, How::Never) => "ईमेल से नहीं",
        (Language::English, how) => how.words(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Role;

    #[test]
    fn whatever_a_client_is_told_of_has_hindi_words() {
        for &kind in Kind::ALL.iter().filter(|kind| kind.is_for(Role::Client)) {
            assert_ne!(kind_words(kind, Language::Hindi), kind.words(), "{kind:?}");
        }
    }
}
