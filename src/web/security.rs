//! Second factors: the second step of a sign-in, one's own account, and an admin's
//! rules.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::Field;
use super::show::Moment;
use crate::kernel::{PasskeyId, Role, UserId};

/// The second step of a sign-in.
#[derive(Debug, Clone, Template)]
#[template(path = "security/second.html")]
pub struct SecondPage {
    /// The frame; its token is the waiting sign-in's.
    pub layout: Layout,
    /// The way whose code is asked for: `app`, `sms`, `backup_code`, or `passkey`.
    pub way: &'static str,
    /// The other ways, each with its words.
    pub others: Vec<(&'static str, &'static str)>,
    /// Whether a passkey can be used.
    pub passkey: bool,
    /// Whether a code was just sent to the telephone.
    pub sent: bool,
    /// The code, which is never sent back, and what was wrong with it.
    pub code: Field,
    /// Where to go once signed in; a path of this service.
    pub next: Option<String>,
}

/// Setting up an authenticator app, of one's own accord or because the role needs it.
#[derive(Debug, Clone, Template)]
#[template(path = "security/app.html")]
pub struct AppPage {
    /// The frame.
    pub layout: Layout,
    /// Whether a sign-in waits for it.
    pub enrol: bool,
    /// The QR code, as a `data:` address.
    pub picture: String,
    /// The secret as text.
    pub secret: String,
    /// What comes back with the code.
    pub offer: String,
    /// The code, and what was wrong with it.
    pub code: Field,
    /// Where to go once signed in.
    pub next: Option<String>,
}

/// Backup codes, shown once.
#[derive(Debug, Clone, Template)]
#[template(path = "security/codes.html")]
pub struct CodesPage {
    /// The frame.
    pub layout: Layout,
    /// The codes.
    pub codes: Vec<String>,
    /// Where the reader goes on.
    pub next: String,
}

/// A passkey in the list.
#[derive(Debug, Clone)]
pub struct PasskeyRow {
    /// Its id.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub created: Moment,
    /// When it was last used.
    pub used: Option<Moment>,
}

/// What one signs in with.
#[derive(Debug, Clone, Template)]
#[template(path = "security/account.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing the page or the answer says")]
pub struct SecurityPage {
    /// The frame.
    pub layout: Layout,
    /// Whether it was proven lately who is there; changes need that.
    pub proven: bool,
    /// Whether an authenticator app is set up.
    pub app: bool,
    /// The passkeys.
    pub passkeys: Vec<PasskeyRow>,
    /// Whether passkeys work at this address.
    pub passkeys_work: bool,
    /// The end of the telephone number.
    pub phone: Option<String>,
    /// Whether text messages can be sent.
    pub sms_works: bool,
    /// Whether a code was sent and is asked for.
    pub phone_asked: bool,
    /// How many backup codes are left.
    pub backup_codes: i64,
    /// Whether the role must have a factor.
    pub required: bool,
    /// What is wrong with a field of the page.
    pub problem: Option<String>,
}

impl SecurityPage {
    /// Whether there is a factor that the rest can stand in for.
    #[must_use]
    pub fn has_factor(&self) -> bool {
        self.app || !self.passkeys.is_empty()
    }
}

/// A role and whether it must have a second factor.
#[derive(Debug, Clone)]
pub struct RuleRow {
    /// The role.
    pub role: Role,
    /// Its name for people.
    pub label: &'static str,
    /// Whether it must.
    pub required: bool,
}

/// A person and what they have set up.
#[derive(Debug, Clone)]
pub struct FactorsRow {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: String,
    /// What they have, in words.
    pub has: String,
    /// Whether there is anything to remove.
    pub resettable: bool,
}

/// How people must sign in, for admins.
#[derive(Debug, Clone, Template)]
#[template(path = "security/rules.html")]
pub struct SignInRulesPage {
    /// The frame.
    pub layout: Layout,
    /// The roles.
    pub rules: Vec<RuleRow>,
    /// The people.
    pub people: Vec<FactorsRow>,
}

pages!(SecondPage, AppPage, CodesPage, SecurityPage, SignInRulesPage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::web::page::Area;

    fn open(title: &str) -> Layout {
        Layout::open(title, String::from("sample-token"))
    }

    fn day(text: &str) -> Moment {
        text.parse::<chrono::DateTime<chrono::Utc>>().unwrap().into()
    }

    impl SecondPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: open("Second step"),
                way: "sms",
                others: vec![("app", "Use the authenticator app")],
                passkey: true,
                sent: true,
                code: Field::refused("", "That was not right."),
                next: Some(String::from("/cases")),
            }
        }
    }

    impl AppPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: open("Set up a second factor"),
                enrol: true,
                picture: String::from("data:image/svg+xml;base64,PHN2Zy8+"),
                secret: String::from("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
                offer: String::from("sealed"),
                code: Field::default(),
                next: None,
            }
        }
    }

    impl CodesPage {
        pub(crate) fn sample() -> Self {
            let codes = vec![String::from("7k2mq-x0d9f"), String::from("b4n8t-0hzq2")];
            Self { layout: open("Backup codes"), codes, next: String::from("/") }
        }
    }

    impl SecurityPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Security", Area::Elsewhere, Role::Advocate),
                proven: true,
                app: true,
                passkeys: vec![PasskeyRow {
                    id: PasskeyId::new(),
                    name: String::from("Office laptop"),
                    created: day("2026-10-02T09:30:00Z"),
                    used: None,
                }],
                passkeys_work: true,
                phone: Some(String::from("…210")),
                sms_works: true,
                phone_asked: true,
                backup_codes: 8,
                required: true,
                problem: Some(String::from("That was not right.")),
            }
        }

        pub(crate) fn sample_bare() -> Self {
            Self {
                proven: false,
                app: false,
                passkeys: Vec::new(),
                phone: None,
                phone_asked: false,
                backup_codes: 0,
                problem: None,
                ..Self::sample()
            }
        }
    }

    impl SignInRulesPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Sign-in rules", Area::SignInRules, Role::Admin),
                rules: vec![
                    RuleRow { role: Role::Admin, label: "Admins", required: true },
                    RuleRow { role: Role::Advocate, label: "Advocates", required: false },
                ],
                people: vec![FactorsRow {
                    id: UserId::new(),
                    name: String::from("Anjali Mehta"),
                    role: String::from("admin"),
                    has: String::from("Authenticator app, 1 passkey"),
                    resettable: true,
                }],
            }
        }
    }
}
