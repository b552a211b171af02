//! The ways in: first set-up, sign-in, a new password, a client's one-time code.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::Field;

/// Sign-in with email and password.
#[derive(Debug, Clone, Template)]
#[template(path = "entry/sign_in.html")]
pub struct SignInPage {
    /// The frame.
    pub layout: Layout,
    /// The email typed.
    pub email: Field,
    /// Why the last attempt failed, in words that do not say which half was wrong.
    pub problem: Option<String>,
    /// Where to go once signed in; a path of this service.
    pub next: Option<String>,
    /// Whether clients sign in here by a code sent to them.
    pub client_codes: bool,
}

/// The one-time set-up that makes the organisation and its first admin.
#[derive(Debug, Clone, Template)]
#[template(path = "entry/setup.html")]
pub struct SetupPage {
    /// The frame.
    pub layout: Layout,
    /// The chamber or firm.
    pub organisation: Field,
    /// The admin's name.
    pub name: Field,
    /// The admin's email.
    pub email: Field,
    /// What is wrong with the password; the value is never sent back.
    pub password: Field,
    /// Anything wrong with the whole.
    pub problem: Option<String>,
}

/// Choosing a new password; asked for after a one-time password was used.
#[derive(Debug, Clone, Template)]
#[template(path = "entry/password.html")]
pub struct PasswordPage {
    /// The frame.
    pub layout: Layout,
    /// Whether the present one was a one-time password.
    pub first_time: bool,
    /// What is wrong with the present password.
    pub current: Field,
    /// What is wrong with the new one.
    pub password: Field,
}

/// A client's way in: an email address first, then the code sent to it.
#[derive(Debug, Clone, Template)]
#[template(path = "entry/code.html")]
pub struct CodePage {
    /// The frame.
    pub layout: Layout,
    /// The email typed.
    pub email: Field,
    /// Whether a code was sent; the page then asks for it.
    pub sent: bool,
    /// What is wrong with the code.
    pub code: Field,
}

pages!(SignInPage, SetupPage, PasswordPage, CodePage);

#[cfg(test)]
mod samples {
    use super::*;

    fn layout(title: &str) -> Layout {
        Layout::open(title, String::from("sample-token"))
    }

    impl SignInPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: layout("Sign in"),
                email: Field::of("anjali@raomehta.in"),
                problem: Some(String::from("The email or the password is not right.")),
                next: Some(String::from("/cases")),
                client_codes: true,
            }
        }
    }

    impl SetupPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: layout("Set up Munshi"),
                organisation: Field::of("Rao & Mehta, Advocates"),
                name: Field::default(),
                email: Field::refused("anjali@", "Enter a whole email address."),
                password: Field::default(),
                problem: None,
            }
        }
    }

    impl PasswordPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: layout("Choose a password"),
                first_time: true,
                current: Field::default(),
                password: Field::refused("", "Use at least 12 characters."),
            }
        }
    }

    impl CodePage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: layout("Client sign-in"),
                email: Field::of("accounts@sharmatextiles.in"),
                sent: true,
                code: Field::default(),
            }
        }
    }
}
