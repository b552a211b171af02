//! What the letters about accounts say.

use super::LinkKind;
use crate::auth::User;
use crate::outbox::Words;

/// The letter a link goes out in.
pub(super) fn link(kind: LinkKind, name: &str, organisation: &str, link: &str) -> Words {
    let name = one_line(name);
    let organisation = one_line(organisation);
    let (subject, start, until) = match kind {
        LinkKind::Invitation => (
            "Your account for your chamber's documents".to_owned(),
            format!(
                "{organisation} has made an account for you on Munshi, where its documents are \
                 kept and searched. Open this link to choose your password:"
            ),
            "The link works once, within seven days. If you did not expect it, you need do nothing.",
        ),
        LinkKind::Reset => (
            "Choose another password".to_owned(),
            format!(
                "Somebody, hopefully you, asked for another password for your account with \
                 {organisation}. Open this link to choose it:"
            ),
            "The link works once, within one hour. If you did not ask, you need do nothing: your \
             password stays as it is.",
        ),
        LinkKind::Verification => (
            "Is this your email address?".to_owned(),
            format!(
                "Open this link to confirm that this address is yours; your account with \
                 {organisation} uses it to reach you:"
            ),
            "The link works once, within three days. If you have no such account, you need do \
             nothing.",
        ),
    };
    let text = format!("Dear {name},\n\n{start}\n\n{link}\n\n{until}\n");
    Words { subject, text }
}

/// The letter that tells a client where they get in; it holds no secret.
pub(super) fn client(user: &User, organisation: &str, page: &str) -> Words {
    let organisation = one_line(organisation);
    Words {
        subject: "Your papers with your advocates".to_owned(),
        text: format!(
            "Dear {},\n\n{organisation} shares papers with you on Munshi. To read them open this \
             page and type {}:\n\n{page}\n\nA code comes to that address each time; you need no \
             password. If you did not expect this, you need do nothing.\n",
            one_line(&user.name),
            one_line(&user.email),
        ),
    }
}

/// The letter that tells of something done to an account.
pub(super) fn notice(name: &str, organisation: &str, text: &str, forgotten: &str) -> Words {
    let name = one_line(name);
    let organisation = one_line(organisation);
    Words {
        subject: "About your account".to_owned(),
        text: format!(
            "Dear {name},\n\n{text}\n\nIf that was not you, choose another password at \
             {forgotten} and tell an admin of {organisation}.\n"
        ),
    }
}

/// A name as one line: it must not start lines of its own in a letter.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_holds_its_link_on_a_line_of_its_own() {
        for kind in [LinkKind::Invitation, LinkKind::Reset, LinkKind::Verification] {
            let words = link(kind, "Asha\nBcc: x", "Rao\r\n& Mehta", "https://m.in/x?token=abc");
            assert!(words.text.lines().any(|line| line == "https://m.in/x?token=abc"));
            assert!(words.text.starts_with("Dear Asha Bcc: x,"), "{}", words.text);
            assert!(!words.subject.contains(char::is_control));
        }
    }
}
