//! What one wants to be told of, and when.

mod words;

use askama::Template;

use crate::web::page::{Layout, pages};
use crate::web::parts::{Choice, Field};

pub use words::{NoticeWords, how_words, kind_words, notice_words};

/// What one is told of by mail.
#[derive(Debug, Clone, Template)]
#[template(path = "notices/settings.html")]
pub struct NoticesPage {
    /// The frame.
    pub layout: Layout,
    /// The words around the choices.
    pub words: &'static NoticeWords,
    /// Where the form goes: `/account/notices`, or `/portal/notices` for a client.
    pub action: &'static str,
    /// Where the letters go.
    pub email: String,
    /// The kinds of notices.
    pub kinds: Vec<NoticeKindRow>,
    /// When quiet begins.
    pub quiet_from: Field,
    /// When it ends.
    pub quiet_until: Field,
    /// When the digest comes.
    pub digest_at: Field,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
}

/// A kind of notice and how it is told.
#[derive(Debug, Clone)]
pub struct NoticeKindRow {
    /// Its name; the form sends it with `kind-` before it.
    pub name: &'static str,
    /// What it tells of.
    pub words: &'static str,
    /// How it can be told.
    pub ways: Vec<Choice>,
}

pages!(NoticesPage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::Role;
    use crate::notices::{How, Kind};
    use crate::portal::Language;
    use crate::web::page::Area;
    use crate::web::parts::samples::text;

    impl NoticesPage {
        pub(crate) fn sample() -> Self {
            let ways = |chosen: How| {
                How::ALL.into_iter().map(move |how| Choice {
                    value: text(how.as_str()),
                    label: text(how.words()),
                    chosen: how == chosen,
                })
            };
            let kinds = Kind::ALL.iter().filter(|kind| kind.is_for(Role::Advocate));
            let row = |kind: &Kind| NoticeKindRow {
                name: kind.as_str(),
                words: kind.words(),
                ways: ways(kind.usual()).collect(),
            };
            Self {
                layout: Layout::sample("Notices", Area::Elsewhere, Role::Advocate),
                words: notice_words(Language::English),
                action: "/account/notices",
                email: text("mehta@raomehta.in"),
                kinds: kinds.map(row).collect(),
                quiet_from: Field::refused("9 pm", "Write times of day as 21:00."),
                quiet_until: Field::of("07:00"),
                digest_at: Field::of("08:00"),
                problem: None,
            }
        }

        pub(crate) fn sample_client() -> Self {
            let words = notice_words(Language::Hindi);
            let done = crate::web::page::Flash { done: true, text: text(words.kept) };
            let layout = Layout::sample(words.title, Area::Portal, Role::Client);
            Self {
                layout: layout.in_language(Language::Hindi).with_flash(Some(done)),
                words,
                action: "/portal/notices",
                quiet_from: Field::of("21:00"),
                ..Self::sample()
            }
        }
    }
}
