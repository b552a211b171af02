//! Mails as Outlook saves them.
//!
//! A `.msg` is a compound file: each property of the mail is a stream named by
//! its number and type ([MS-OXMSG]), each recipient and each file a storage of
//! its own. A mail inside a mail becomes a `.msg` of its own.

mod inner;
mod properties;
mod rich;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike as _};

use super::filename::{self, Names};
use super::letter::{self, Letter};
use super::source::Source;
use super::{Attachment, ReadError, rtf};
use properties::{Object, Store};

// Numbers of properties, from [MS-OXPROPS].
const MESSAGE_CLASS: u16 = 0x001a;
const SUBJECT: u16 = 0x0037;
const SUBMITTED: u16 = 0x0039;
const RECIPIENT_KIND: u16 = 0x0c15;
const SENDER_NAME: u16 = 0x0c1a;
const SENDER_ADDRESS: u16 = 0x0c1f;
const SENDER_MAIL: u16 = 0x5d01;
const ON_BEHALF_OF_NAME: u16 = 0x0042;
const ON_BEHALF_OF_MAIL: u16 = 0x5d02;
const SHOWN_TO: [(&str, u16, u32); 3] = [("To", 0x0e04, 1), ("Cc", 0x0e03, 2), ("Bcc", 0x0e02, 3)];
const DELIVERED: u16 = 0x0e06;
const CREATED: u16 = 0x3007;
const BODY: u16 = 0x1000;
const BODY_RICH: u16 = 0x1009;
const BODY_HTML: u16 = 0x1013;
const NAME: u16 = 0x3001;
const ADDRESS: u16 = 0x3003;
const MAIL_ADDRESS: u16 = 0x39fe;
const FILE: u16 = 0x3701;
const FILE_NAME: u16 = 0x3704;
const FILE_METHOD: u16 = 0x3705;
const FILE_LONG_NAME: u16 = 0x3707;
const FILE_PLACE: u16 = 0x370b;
const FILE_TYPE: u16 = 0x370e;
const FILE_CONTENT_ID: u16 = 0x3712;

/// Most recipients and files of a mail.
const MAX_PARTS: usize = 2000;
/// Seconds from 1601, where Windows counts from, to 1970.
const FROM_1601: i64 = 11_644_473_600;

/// Takes a mail apart.
///
/// # Errors
/// Fails when it is damaged or no mail.
pub(super) fn read(bytes: Vec<u8>) -> Result<Source, ReadError> {
    let mut store = Store::open(bytes)?;
    let root = PathBuf::from("/");
    let mail = store.object(&root);
    let mut letter = Letter {
        headers: headers(&mut store, &mail),
        subject: store.text(&mail, SUBJECT),
        body: body(&mut store, &mail),
        ..Letter::default()
    };
    let class = store.text(&mail, MESSAGE_CLASS).unwrap_or_default();
    if class.eq_ignore_ascii_case("IPM.Note.SMIME") {
        letter.notes.push(letter::ENCRYPTED);
    }
    let mut names = Names::default();
    for (number, part) in (1..).zip(store.parts("__attach_version1.0_", MAX_PARTS)) {
        let file = store.object(&part);
        let name = names.give(file_name(&mut store, &file, number), number);
        match content(&mut store, &file, &part) {
            Ok(bytes) => {
                let picture = is_picture_in_text(&mut store, &file, &name);
                letter.add(Attachment { file_name: name, bytes }, picture);
            }
            Err(why) => letter.left_out.push(format!("{name} ({why})")),
        }
    }
    Ok(letter.into_source())
}

/// The header lines a reader of the mail sees.
fn headers(store: &mut Store, mail: &Object) -> Vec<(&'static str, String)> {
    let name = store.text(mail, SENDER_NAME).or_else(|| store.text(mail, ON_BEHALF_OF_NAME));
    let address = [SENDER_MAIL, SENDER_ADDRESS, ON_BEHALF_OF_MAIL]
        .into_iter()
        .find_map(|id| store.text(mail, id).filter(|address| address.contains('@')));
    let mut lines = vec![("From", letter::person(name.as_deref(), address.as_deref()))];
    let people = people(store);
    for (header, shown, kind) in SHOWN_TO {
        let all: Vec<&str> =
            people.iter().filter(|one| one.0 == kind).map(|one| one.1.as_str()).collect();
        let all = if all.is_empty() {
            store.text(mail, shown).unwrap_or_default()
        } else {
            all.join(", ")
        };
        lines.push((header, all));
    }
    let date = [SUBMITTED, DELIVERED, CREATED].into_iter().find_map(|id| mail.time(id));
    lines.push(("Date", date.and_then(written_date).unwrap_or_default()));
    lines.retain(|(_, value)| !value.trim().is_empty());
    lines
}

/// A time, in steps of a ten-millionth of a second since 1601, as mails write it;
/// nothing for one whose year has more than four digits, which they cannot.
fn written_date(ticks: u64) -> Option<String> {
    let seconds = i64::try_from(ticks / 10_000_000).ok()? - FROM_1601;
    let date = DateTime::from_timestamp(seconds, 0)?;
    (0..=9999).contains(&date.year()).then(|| date.to_rfc2822())
}

/// The recipients: what kind each is (1 to, 2 copy, 3 blind copy), and who.
fn people(store: &mut Store) -> Vec<(u32, String)> {
    let parts = store.parts("__recip_version1.0_", MAX_PARTS);
    let mut people = Vec::new();
    for part in parts {
        let one = store.object(&part);
        let name = store.text(&one, NAME);
        let address = [MAIL_ADDRESS, ADDRESS]
            .into_iter()
            .find_map(|id| store.text(&one, id).filter(|address| address.contains('@')));
        let shown = letter::person(name.as_deref(), address.as_deref());
        if !shown.is_empty() {
            people.push((one.number(RECIPIENT_KIND).unwrap_or(1), shown));
        }
    }
    people
}

/// What the mail says, from the first of its forms that says anything.
fn body(store: &mut Store, mail: &Object) -> String {
    if let Some(text) = store.text(mail, BODY).filter(|text| !text.trim().is_empty()) {
        return text;
    }
    let page = match store.text(mail, BODY_HTML) {
        Some(page) => Some(page),
        None => store.binary(mail, BODY_HTML).map(|bytes| mail.decode_page(&bytes)),
    };
    let text = page.and_then(|page| letter::text_of_html(&page).ok());
    if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
        return text;
    }
    let rich = store.binary(mail, BODY_RICH).and_then(|packed| rich::unpack(&packed));
    let read = rich.and_then(|rich| rtf::read(&rich).ok());
    read.map(|source| source.pages.join("\n")).unwrap_or_default()
}

/// The name of a file, or one that says what it is.
fn file_name(store: &mut Store, file: &Object, number: usize) -> String {
    let given = [FILE_LONG_NAME, FILE_NAME, NAME].into_iter().find_map(|id| {
        let name = store.text(file, id).map(|name| filename::plain(&name));
        name.filter(|name| !name.is_empty())
    });
    let is_mail = file.number(FILE_METHOD) == Some(5);
    match given {
        Some(name) if is_mail => filename::of_text(&name, ".msg"),
        Some(name) => name,
        None if is_mail => format!("message-{number}.msg"),
        None => format!("attachment-{number}"),
    }
}

/// Whether a file is a picture the text shows: it is named there, or has a place.
fn is_picture_in_text(store: &mut Store, file: &Object, name: &str) -> bool {
    const ENDINGS: [&str; 6] = ["jpg", "jpeg", "png", "gif", "bmp", "emf"];
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let kind = store.text(file, FILE_TYPE).unwrap_or_default();
    let placed = file.number(FILE_PLACE).is_some_and(|place| place != u32::MAX);
    (kind.starts_with("image/") || ENDINGS.contains(&ending.as_str()))
        && (placed || store.text(file, FILE_CONTENT_ID).is_some())
}

/// The content of a file, or why it cannot be had.
fn content(store: &mut Store, file: &Object, at: &Path) -> Result<Vec<u8>, &'static str> {
    if let Some(bytes) = store.binary(file, FILE) {
        return Ok(bytes);
    }
    let inner = at.join(properties::stream_name(FILE, properties::OBJECT));
    if store.is_mail(&inner) {
        return inner::as_file(store, &inner).ok_or("the mail inside is damaged");
    }
    match file.number(FILE_METHOD) {
        Some(2..=4 | 7) => Err("only a link to a file elsewhere; ask for the file"),
        Some(6) => Err("an object of another program; save it as a file of its own"),
        _ => Err("its content is missing or too large"),
    }
}

#[cfg(test)]
mod tests;
