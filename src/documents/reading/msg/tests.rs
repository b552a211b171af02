use std::io::{Cursor, Write};

use super::*;

type File = cfb::CompoundFile<Cursor<Vec<u8>>>;

fn put(file: &mut File, path: &str, bytes: &[u8]) {
    file.create_stream(path).unwrap().write_all(bytes).unwrap();
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A property of fixed size as it is stored.
fn fixed(id: u16, kind: u16, value: u64) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend(id.to_le_bytes());
    bytes.extend([6, 0, 0, 0]);
    bytes.extend(value.to_le_bytes());
    bytes
}

/// A mail with a recipient, a file, and a mail inside.
fn mail() -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    // 1 June 2009, 04:30 UTC.
    let date = fixed(SUBMITTED, 0x40, (1_243_830_600 + 11_644_473_600) * 10_000_000);
    let code_page = fixed(0x3ffd, 3, 1252);
    put(&mut file, "/__properties_version1.0", &[vec![0; 32], date, code_page].concat());
    put(&mut file, "/__substg1.0_0037001F", &wide("अपील no. 12"));
    put(&mut file, "/__substg1.0_0C1A001F", &wide("Asha Rao"));
    put(&mut file, "/__substg1.0_5D01001F", &wide("asha@firm.example"));
    put(&mut file, "/__substg1.0_1000001E", b"Fee: \xa35\r\nPlease find it attached.");
    file.create_storage("/__recip_version1.0_#00000000").unwrap();
    put(
        &mut file,
        "/__recip_version1.0_#00000000/__properties_version1.0",
        &[vec![0; 8], fixed(RECIPIENT_KIND, 3, 2)].concat(),
    );
    put(&mut file, "/__recip_version1.0_#00000000/__substg1.0_39FE001F", &wide("b@court.example"));
    file.create_storage("/__attach_version1.0_#00000000").unwrap();
    put(&mut file, "/__attach_version1.0_#00000000/__substg1.0_37010102", b"%PDF-");
    put(&mut file, "/__attach_version1.0_#00000000/__substg1.0_3707001F", &wide("../order.pdf"));
    let inner = "/__attach_version1.0_#00000001";
    file.create_storage(inner).unwrap();
    put(&mut file, &format!("{inner}/__substg1.0_3001001F"), &wide("Re: Listing"));
    put(
        &mut file,
        &format!("{inner}/__properties_version1.0"),
        &[vec![0; 8], fixed(FILE_METHOD, 3, 5)].concat(),
    );
    let inner = format!("{inner}/__substg1.0_3701000D");
    file.create_storage(&inner).unwrap();
    let date = fixed(SUBMITTED, 0x40, (1_243_830_600 + 11_644_473_600) * 10_000_000);
    put(&mut file, &format!("{inner}/__properties_version1.0"), &[vec![0; 24], date].concat());
    put(&mut file, &format!("{inner}/__substg1.0_0037001F"), &wide("Listing"));
    put(&mut file, &format!("{inner}/__substg1.0_1000001F"), &wide("Listed on Monday."));
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn a_mail_of_outlook_reads_as_any_other() {
    let source = read(mail()).unwrap();
    assert_eq!(source.title.as_deref(), Some("अपील no. 12"));
    assert_eq!(
        source.pages,
        ["From: Asha Rao <asha@firm.example>\nCc: b@court.example\n\
          Date: Mon, 1 Jun 2009 04:30:00 +0000\nSubject: अपील no. 12\n\n\
          Fee: £5\nPlease find it attached.\n\nAttachments: order.pdf, Re Listing.msg"]
    );
    assert_eq!(source.attachments[0].bytes, b"%PDF-");
}

#[test]
fn a_mail_inside_is_a_mail_of_its_own() {
    let source = read(mail()).unwrap();
    let inner = read(source.attachments[1].bytes.clone()).unwrap();
    assert_eq!(
        inner.pages,
        ["Date: Mon, 1 Jun 2009 04:30:00 +0000\nSubject: Listing\n\nListed on Monday."]
    );
}

#[test]
fn a_container_without_a_mail_is_refused() {
    let empty = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    assert!(matches!(read(empty.into_inner().into_inner()), Err(ReadError::Damaged(_))));
    assert!(matches!(read(b"\xd0\xcf\x11\xe0".to_vec()), Err(ReadError::Damaged(_))));
}

#[test]
fn a_time_beyond_the_calendar_of_mails_is_left_out() {
    let of_2026 = (1_793_700_000 + FROM_1601).unsigned_abs() * 10_000_000;
    assert!(written_date(of_2026).unwrap().contains(" 2026 "));
    assert_eq!(written_date(u64::MAX / 4), None);
    assert_eq!(written_date(u64::MAX), None);
}
