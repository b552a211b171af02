//! The ways in: first set-up, sign-in, a new password, a client's one-time code.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::Field;
use super::portal::words::fill;

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
    /// What people call the provider they can sign in with.
    pub provider: Option<String>,
    /// Whether passkeys work at this address.
    pub passkeys: bool,
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

/// A client's way in: an address first, then the code sent to it.
#[derive(Debug, Clone, Template)]
#[template(path = "entry/code.html")]
pub struct CodePage {
    /// The frame.
    pub layout: Layout,
    /// The mail address or telephone number typed.
    pub address: Field,
    /// What the code must come back with, once one was asked for.
    pub request: Option<String>,
    /// What is wrong with the code.
    pub code: Field,
}

/// Asking for a link to choose another password.
#[derive(Debug, Clone, Template)]
#[template(path = "entry/forgotten.html")]
pub struct ForgottenPage {
    /// The frame.
    pub layout: Layout,
    /// The email typed.
    pub email: Field,
    /// Whether it was asked for; the page then says what comes next.
    pub sent: bool,
    /// Why it was not taken, such as too many tries.
    pub problem: Option<String>,
}

/// Choosing a password by the link of an invitation or of a forgotten one.
#[derive(Debug, Clone, Template)]
#[template(path = "entry/choose_password.html")]
pub struct ChoosePasswordPage {
    /// The frame.
    pub layout: Layout,
    /// What the link ends in; the form sends it back.
    pub token: String,
    /// Whether it is their first password.
    pub invited: bool,
    /// Whose account it is.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// Their organisation.
    pub organisation: String,
    /// What is wrong with the password.
    pub password: Field,
}

/// Confirming an email by a link.
#[derive(Debug, Clone, Template)]
#[template(path = "entry/verify_email.html")]
pub struct VerifyEmailPage {
    /// The frame.
    pub layout: Layout,
    /// What the link ends in; the form sends it back.
    pub token: String,
    /// The email.
    pub email: String,
    /// Whether it is confirmed.
    pub done: bool,
    /// Why it could not be.
    pub problem: Option<String>,
}

/// What a link leads to that does not work any more.
#[derive(Debug, Clone, Template)]
#[template(path = "entry/link_gone.html")]
pub struct LinkGonePage {
    /// The frame.
    pub layout: Layout,
}

/// Changing the email one signs in with.
#[derive(Debug, Clone, Template)]
#[template(path = "entry/email.html")]
pub struct EmailPage {
    /// The frame.
    pub layout: Layout,
    /// The present email.
    pub present: String,
    /// The new one, as typed.
    pub email: Field,
    /// What is wrong with the password.
    pub current: Field,
}

pages!(ForgottenPage, ChoosePasswordPage, VerifyEmailPage, LinkGonePage, EmailPage);
/// What the link in a client's letter opens: a button.
#[derive(Debug, Clone, Template)]
#[template(path = "entry/link.html")]
pub struct LinkPage {
    /// The frame.
    pub layout: Layout,
    /// The link's token.
    pub token: String,
    /// Why it did not open.
    pub problem: Option<String>,
}

impl CodePage {
    /// Where a code is on its way to, in a sentence.
    #[must_use]
    pub fn sent(&self) -> String {
        fill(self.layout.words().sign_in_sent, &self.address.value)
    }
}

pages!(SignInPage, SetupPage, PasswordPage, CodePage, LinkPage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::portal::Language;

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
                provider: Some(String::from("Rao ID")),
                passkeys: true,
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

    impl ForgottenPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: layout("Forgotten password"),
                email: Field::of("anjali@raomehta.in"),
                sent: false,
                problem: Some(String::from("Too much was tried from your network.")),
            }
        }

        pub(crate) fn sample_sent() -> Self {
            Self { sent: true, problem: None, ..Self::sample() }
        }
    }

    impl ChoosePasswordPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: layout("Choose a password"),
                token: String::from("sample-link"),
                invited: true,
                name: String::from("S. Khan"),
                email: String::from("khan@raomehta.in"),
                organisation: String::from("Rao & Mehta, Advocates"),
                password: Field::refused("", "The password is too easy to guess."),
            }
        }
    }

    impl VerifyEmailPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: layout("Confirm your email"),
                token: String::from("sample-link"),
                email: String::from("khan@raomehta.in"),
                done: false,
                problem: None,
            }
        }

        pub(crate) fn sample_done() -> Self {
            Self { done: true, token: String::new(), ..Self::sample() }
        }
    }

    impl LinkGonePage {
        pub(crate) fn sample() -> Self {
            Self { layout: layout("The link does not work") }
        }
    }

    impl EmailPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: layout("Change email"),
                present: String::from("khan@raomehta.in"),
                email: Field::refused("khan@", "Enter a whole email address."),
                current: Field::default(),
            }
        }
    }

    impl CodePage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: layout("Client sign-in"),
                address: Field::of("accounts@sharmatextiles.in"),
                request: Some(String::from("sample-request")),
                code: Field::default(),
            }
        }

        pub(crate) fn sample_start() -> Self {
            Self { request: None, address: Field::default(), ..Self::sample() }
        }

        pub(crate) fn sample_hindi() -> Self {
            let page = Self::sample_start();
            Self { layout: page.layout.clone().in_language(Language::Hindi), ..page }
        }
    }

    impl LinkPage {
        pub(crate) fn sample() -> Self {
            let token = String::from("sample-link");
            Self { layout: layout("Client sign-in"), token, problem: None }
        }

        pub(crate) fn sample_refused() -> Self {
            let problem = Some(String::from("The code or link is not right or is over."));
            Self { problem, ..Self::sample() }
        }

        pub(crate) fn sample_hindi() -> Self {
            let page = Self::sample_refused();
            Self { layout: page.layout.clone().in_language(Language::Hindi), ..page }
        }
    }
}
