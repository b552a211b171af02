//! Mail: its header lines and body as pages, its files as documents.

use mail_parser::{Address, Message, MessageParser, MimeHeaders};

use super::{Attachment, ReadError, text};

/// A mail taken apart.
pub(super) struct Mail {
    /// Its subject.
    pub(super) title: Option<String>,
    /// Header lines and body.
    pub(super) pages: Vec<String>,
    /// The files it carries.
    pub(super) attachments: Vec<Attachment>,
}

/// Takes a mail apart.
///
/// # Errors
/// Fails when the bytes are no mail.
pub(super) fn read(bytes: &[u8]) -> Result<Mail, ReadError> {
    let message = MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| ReadError::Damaged("its mail headers cannot be read".into()))?;
    let mut whole = headers(&message);
    for part in 0..message.text_body_count() {
        if let Some(body) = message.body_text(part) {
            whole.push('\n');
            whole.push_str(body.replace("\r\n", "\n").trim_end());
            whole.push('\n');
        }
    }
    let attachments: Vec<Attachment> =
        message.attachments().enumerate().map(|(at, part)| attachment(at + 1, part)).collect();
    if !attachments.is_empty() {
        whole.push_str("\nAttachments: ");
        let names: Vec<&str> = attachments.iter().map(|file| file.file_name.as_str()).collect();
        whole.push_str(&names.join(", "));
        whole.push('\n');
    }
    Ok(Mail {
        title: message.subject().map(str::to_owned).filter(|subject| !subject.trim().is_empty()),
        pages: text::pages(&whole),
        attachments,
    })
}

/// The header lines a reader of the mail sees.
fn headers(message: &Message<'_>) -> String {
    let lines = [
        ("From", message.from().map(addresses)),
        ("To", message.to().map(addresses)),
        ("Cc", message.cc().map(addresses)),
        ("Date", message.date().map(mail_parser::DateTime::to_rfc822)),
        ("Subject", message.subject().map(str::to_owned)),
    ];
    lines.into_iter().filter_map(|(name, value)| Some(format!("{name}: {}\n", value?))).collect()
}

fn addresses(address: &Address<'_>) -> String {
    let all: Vec<String> = address
        .iter()
        .map(|one| match (one.name(), one.address()) {
            (Some(name), Some(address)) => format!("{name} <{address}>"),
            (name, address) => name.or(address).unwrap_or_default().to_owned(),
        })
        .collect();
    all.join(", ")
}

fn attachment(number: usize, part: &mail_parser::MessagePart<'_>) -> Attachment {
    let given = part.attachment_name().map(plain_name).filter(|name| !name.is_empty());
    let file_name = given.unwrap_or_else(|| match part.message() {
        Some(message) => {
            let subject = message.subject().map(plain_name).filter(|name| !name.is_empty());
            format!("{}.eml", subject.unwrap_or_else(|| format!("message-{number}")))
        }
        None => format!("attachment-{number}"),
    });
    Attachment { file_name, bytes: part.contents().to_vec() }
}

/// A sender's file name without folders and control characters.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(200).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: Asha Rao <asha@firm.example>\r\n\
        To: registry@court.example\r\n\
        Date: Mon, 6 Jan 2025 10:00:00 +0530\r\n\
        Subject: =?utf-8?B?4KSF4KSq4KWA4KSy?= no. 12\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nPlease find the order.\r\n\
        --b\r\nContent-Type: application/pdf\r\n\
        Content-Disposition: attachment; filename=\"../orders/final.pdf\"\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--b--\r\n";

    #[test]
    fn headers_and_body_become_text() {
        let mail = read(MAIL.as_bytes()).unwrap();
        assert_eq!(mail.title.as_deref(), Some("अपील no. 12"));
        let page = &mail.pages[0];
        assert!(
            page.starts_with("From: Asha Rao <asha@firm.example>\nTo: registry@court.example\n")
        );
        assert!(page.contains("Subject: अपील no. 12\n\nPlease find the order."));
        assert!(page.ends_with("Attachments: final.pdf"));
    }

    #[test]
    fn attachments_come_decoded_and_without_folders() {
        let mail = read(MAIL.as_bytes()).unwrap();
        let wanted = Attachment { file_name: "final.pdf".into(), bytes: b"%PDF-".to_vec() };
        assert_eq!(mail.attachments, [wanted]);
    }
}
