//! Mail: its header lines and body as pages, its files as documents.

use std::borrow::Cow;

use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::filename::{self, Names};
use super::letter::{self, Letter};
use super::source::Source;
use super::{Attachment, ReadError, mbox, text};

/// Takes a mail apart.
///
/// # Errors
/// Fails when the bytes are no mail.
pub(super) fn read(bytes: &[u8]) -> Result<Source, ReadError> {
    // A mail saved as UTF-16, or with a mark, is one that went through a text editor.
    let bytes = if text::is_wide(bytes) {
        Cow::Owned(text::decode(bytes).into_bytes())
    } else {
        Cow::Borrowed(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
    };
    let bytes = mbox::without_start(bytes.trim_ascii_start());
    let message = MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| ReadError::Damaged("its mail headers cannot be read".into()))?;
    let mut letter = Letter {
        headers: headers(&message),
        subject: message.subject().map(str::to_owned),
        body: body(&message),
        ..Letter::default()
    };
    if is_encrypted(&message) {
        letter.notes.push(letter::ENCRYPTED);
    }
    let mut names = Names::default();
    for (number, part) in (1..).zip(message.attachments()) {
        if is_signature(part) {
            continue;
        }
        let file_name = names.give(name(number, part), number);
        let file = Attachment { file_name, bytes: part.contents().to_vec() };
        letter.add(file, is_picture_in_text(part));
    }
    Ok(letter.into_source())
}

/// When a mail was sent, for a list: `2009-06-01 04:28`.
pub(super) fn sent(message: &Message<'_>) -> Option<String> {
    let date = message.date().filter(|date| date.is_valid())?;
    Some(format!(
        "{:04}-{:02}-{:02} {:02}:{:02}",
        date.year, date.month, date.day, date.hour, date.minute
    ))
}

/// The people of a header line.
pub(super) fn addresses(address: &Address<'_>) -> String {
    let all = address.iter().map(|one| letter::person(one.name(), one.address()));
    all.collect::<Vec<_>>().join(", ")
}

/// The header lines a reader of the mail sees.
fn headers(message: &Message<'_>) -> Vec<(&'static str, String)> {
    let date = match message.date().filter(|date| date.is_valid()) {
        Some(date) => Some(date.to_rfc822()),
        None => message.header_raw("Date").map(|date| date.trim().to_owned()),
    };
    let lines = [
        ("From", message.from().map(addresses)),
        ("To", message.to().map(addresses)),
        ("Cc", message.cc().map(addresses)),
        ("Bcc", message.bcc().map(addresses)),
        ("Date", date),
    ];
    lines.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// What the mail says: its text, or its web page as text where there is none.
fn body(message: &Message<'_>) -> String {
    let plain: Vec<String> = message.text_bodies().filter_map(text_of).collect();
    let plain = plain.join("\n");
    if !plain.trim().is_empty() {
        return plain;
    }
    message.html_bodies().filter_map(text_of).collect::<Vec<_>>().join("\n")
}

/// The text of a part of a mail's body; `None` for a picture in it.
fn text_of(part: &MessagePart<'_>) -> Option<String> {
    match &part.body {
        PartType::Text(text) => Some(text.clone().into_owned()),
        PartType::Html(page) => Some(
            letter::text_of_html(page)
                .unwrap_or_else(|_| mail_parser::decoders::html::html_to_text(page)),
        ),
        _ => None,
    }
}

fn is_encrypted(message: &Message<'_>) -> bool {
    let kind = |name: &str| {
        message.content_type().and_then(|kind| kind.attribute(name)).map(str::to_ascii_lowercase)
    };
    message.is_content_type("multipart", "encrypted")
        || ["pkcs7-mime", "x-pkcs7-mime"]
            .iter()
            .any(|sub| message.is_content_type("application", sub))
            && kind("smime-type").is_none_or(|kind| kind.ends_with("enveloped-data"))
}

/// Whether a part only proves that the mail was not altered.
fn is_signature(part: &MessagePart<'_>) -> bool {
    ["pkcs7-signature", "x-pkcs7-signature", "pgp-signature"]
        .iter()
        .any(|kind| part.is_content_type("application", kind))
}

/// Whether a part is a picture the body shows.
fn is_picture_in_text(part: &MessagePart<'_>) -> bool {
    let inline = part.content_disposition().is_none_or(|how| how.ctype() == "inline");
    part.content_type().is_some_and(|kind| kind.ctype() == "image")
        && (part.content_id().is_some() || inline)
}

/// The sender's name for a file, or one that says what it is.
fn name(number: usize, part: &MessagePart<'_>) -> String {
    let given = part.attachment_name().map(filename::plain).filter(|name| !name.is_empty());
    given.unwrap_or_else(|| match part.message() {
        Some(message) => {
            let subject = message.subject().filter(|subject| !subject.trim().is_empty());
            match subject {
                Some(subject) => filename::of_text(subject, ".eml"),
                None => format!("message-{number}.eml"),
            }
        }
        None => format!("attachment-{number}"),
    })
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
        Content-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n\
        --b\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\n\
        Content-Disposition: inline; filename=logo.png\r\n\
        Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n\
        --b\r\nContent-Type: message/rfc822\r\n\r\n\
        From: clerk@court.example\r\nSubject: Listing\r\n\r\nListed on Monday.\r\n--b--\r\n";

    #[test]
    fn headers_and_body_become_text() {
        let mail = read(MAIL.as_bytes()).unwrap();
        assert_eq!(mail.title.as_deref(), Some("अपील no. 12"));
        let page = &mail.pages[0];
        assert!(
            page.starts_with("From: Asha Rao <asha@firm.example>\nTo: registry@court.example\n")
        );
        assert!(page.contains("Subject: अपील no. 12\n\nPlease find the order."));
        assert!(page.contains("\n\nAttachments: final.pdf, Listing.eml\n\n"), "{page}");
        assert!(page.ends_with("\n\nLeft out: small pictures inside the text: 1"), "{page}");
    }

    #[test]
    fn files_come_decoded_and_a_mail_inside_is_a_mail_again() {
        let mail = read(MAIL.as_bytes()).unwrap();
        let wanted = Attachment { file_name: "final.pdf".into(), bytes: b"%PDF-".to_vec() };
        assert_eq!(mail.attachments[0], wanted);
        assert_eq!(mail.attachments.len(), 2);
        let inner = read(&mail.attachments[1].bytes).unwrap();
        assert_eq!(inner.title.as_deref(), Some("Listing"));
        assert!(inner.pages[0].ends_with("Listed on Monday."));
    }

    #[test]
    fn a_mail_in_sixteen_bits_or_with_its_mailbox_line_is_read() {
        let wide: Vec<u8> = MAIL.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&wide).unwrap().title.as_deref(), Some("अपील no. 12"));
        let started = format!("\u{feff}\r\nFrom a@b Mon Jan 06 10:00:00 2025\r\n{MAIL}");
        assert_eq!(read(started.as_bytes()).unwrap().title.as_deref(), Some("अपील no. 12"));
    }

    #[test]
    fn an_encrypted_mail_and_an_outlook_package_are_named() {
        let encrypted = "From: a@b\r\nSubject: S\r\nMIME-Version: 1.0\r\n\
            Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\
            Content-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHA6CA\r\n";
        assert!(read(encrypted.as_bytes()).unwrap().pages[0].contains("This mail is encrypted"));
        let package = "From: a@b\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n\
            Content-Type: application/ms-tnef; name=winmail.dat\r\n\
            Content-Transfer-Encoding: base64\r\n\r\neJ8+IgAA\r\n--b--\r\n";
        let mail = read(package.as_bytes()).unwrap();
        assert!(mail.findings[0].detail.starts_with("winmail.dat: a package only Outlook"));
    }
}
