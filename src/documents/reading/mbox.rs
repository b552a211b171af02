//! Mailboxes: many mails in one file.
//!
//! The page of a mailbox lists its mails; each mail is a document of its own.

use mail_parser::{Message, MessageParser};

use super::filename::{self, Names};
use super::source::Source;
use super::{Attachment, ReadError, mail, text};

/// Most mails of one mailbox.
const MAX_MAILS: usize = 20_000;

/// Takes a mailbox apart. A mailbox of one mail is that mail.
///
/// # Errors
/// Fails when there is no mail in it.
pub(super) fn read(bytes: &[u8]) -> Result<Source, ReadError> {
    let (mails, more) = split(bytes);
    let [first, _, ..] = mails.as_slice() else {
        return mail::read(mails.first().map_or(bytes, Vec::as_slice));
    };
    if first.is_empty() {
        return Err(ReadError::Damaged("it has no mails".into()));
    }
    let mut list = vec![format!("Mailbox of {} mails\n", mails.len())];
    let mut names = Names::default();
    let mut attachments = Vec::new();
    for (number, bytes) in (1..).zip(mails) {
        let Some(message) = MessageParser::default().parse_headers(&bytes) else {
            list.push(format!("{number} | left out: its header lines cannot be read"));
            continue;
        };
        list.push(format!("{number} | {}", line(&message)));
        let file_name = names.give(name(number, &message), number);
        drop(message);
        attachments.push(Attachment { file_name, bytes });
    }
    if more {
        list.push("\nThere are more mails; split the mailbox and upload the rest.".to_owned());
    }
    Ok(Source { pages: text::pages(&list.join("\n")), attachments, ..Source::default() })
}

/// Whether a line starts a mail: `From`, who sent it, and when.
pub(super) fn is_start(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    // The time has colons and the year four digits: "Mon Jun 01 10:00:00 2009".
    let clock = |word: &&[u8]| word.len() >= 5 && word[0].is_ascii_digit() && word.contains(&b':');
    let year = |word: &&[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    let words = || rest.trim_ascii().split(|byte| *byte == b' ').skip(1).take(10);
    words().any(|word| clock(&word)) && words().any(|word| year(&word))
}

/// A mail without the line that starts it in a mailbox.
pub(super) fn without_start(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
    if is_start(&bytes[..end]) { &bytes[end..] } else { bytes }
}

/// The mails of a mailbox, and whether there are more than are taken.
///
/// A line `From …` starts one when it is the first or follows an empty line;
/// in the text of a mail it was written `>From …`.
fn split(bytes: &[u8]) -> (Vec<Vec<u8>>, bool) {
    let mut mails: Vec<Vec<u8>> = Vec::new();
    let mut after_gap = true;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if after_gap && is_start(line) {
            if mails.len() == MAX_MAILS {
                return (mails, true);
            }
            mails.push(Vec::new());
        } else if let Some(mail) = mails.last_mut() {
            let quoted = line.iter().position(|byte| *byte != b'>').unwrap_or(0);
            let unquoted = quoted > 0 && line[quoted..].starts_with(b"From ");
            mail.extend_from_slice(&line[usize::from(unquoted)..]);
        }
        after_gap = line.trim_ascii().is_empty();
    }
    (mails, false)
}

/// A mail as a row of the list: when, from whom, about what.
fn line(message: &Message<'_>) -> String {
    let from = message.from().map(mail::addresses).unwrap_or_default();
    let subject = message.subject().unwrap_or("(no subject)");
    let row = [mail::sent(message).unwrap_or_default(), from, subject.to_owned()];
    let row: Vec<String> =
        row.iter().map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    row.join(" | ")
}

/// A mail's day and subject as the name of a file.
fn name(number: usize, message: &Message<'_>) -> String {
    let day = mail::sent(message).map(|sent| sent.chars().take(10).collect::<String>() + " ");
    let subject = message.subject().filter(|subject| !subject.trim().is_empty());
    let subject = subject.map_or_else(|| format!("mail {number}"), str::to_owned);
    filename::of_text(&format!("{}{subject}", day.unwrap_or_default()), ".eml")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: &str = "From asha@firm.example Mon Jun 01 10:00:00 2009\n\
        From: Asha <asha@firm.example>\nSubject: Re: brief/12\n\
        Date: Mon, 1 Jun 2009 10:00:00 +0530\n\nHello\n>From the bar\nFrom here on.\n\n\
        From b@c.in Tue Jun  2 11:00:00 2009 +0530\nSubject: Second\n\nBye\n";

    #[test]
    fn each_mail_is_a_document_and_a_line_of_the_list() {
        let source = read(BOX.as_bytes()).unwrap();
        let names: Vec<&str> = source.attachments.iter().map(|f| f.file_name.as_str()).collect();
        assert_eq!(names, ["2009-06-01 Re brief 12.eml", "Second.eml"]);
        let first = mail::read(&source.attachments[0].bytes).unwrap();
        assert!(first.pages[0].ends_with("Hello\nFrom the bar\nFrom here on."), "{first:?}");
        assert!(source.pages[0].contains(
            "1 | 2009-06-01 10:00 | Asha <asha@firm.example> | Re: brief/12\n2 |  |  | Second"
        ));
    }

    #[test]
    fn a_mailbox_of_one_mail_is_that_mail() {
        let one = &BOX[..BOX.find("From b@c").unwrap()];
        let source = read(one.as_bytes()).unwrap();
        assert_eq!(source.title.as_deref(), Some("Re: brief/12"));
        assert!(source.attachments.is_empty());
    }
}
