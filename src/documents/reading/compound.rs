//! Compound files, the container of Office before 2007 and of Outlook.

use std::io::{self, Cursor};

use cfb::CompoundFile;

/// Bytes of the header; the sectors follow.
const HEADER: usize = 512;
/// Where the header lists the sectors of the table of chains, and how many it lists.
const LIST: (usize, usize) = (0x4c, 109);
/// Where the header says how long a sector is, as a power of two.
const SECTOR_SHIFT: usize = 0x1e;
/// The mark of a sector that belongs to no chain.
const FREE: [u8; 4] = [0xff; 4];

/// Opens a compound file. Some programs fill the end of the table of chains,
/// past the last sector, with marks that stand for something else; what is
/// refused for that is opened with the marks put right.
///
/// # Errors
/// Fails when it is damaged.
pub(super) fn open(bytes: Vec<u8>) -> io::Result<CompoundFile<Cursor<Vec<u8>>>> {
    if CompoundFile::open(Cursor::new(bytes.as_slice())).is_ok() {
        return CompoundFile::open(Cursor::new(bytes));
    }
    let mut bytes = bytes;
    free_the_rest(&mut bytes);
    CompoundFile::open(Cursor::new(bytes))
}

/// Marks as free what the table of chains says of sectors that are not there.
fn free_the_rest(bytes: &mut [u8]) -> Option<()> {
    let shift = *bytes.get(SECTOR_SHIFT)?;
    if !matches!(shift, 9 | 12) {
        return None;
    }
    let size = 1usize << shift;
    // The header takes the place of a whole sector.
    let sectors = bytes.len().div_ceil(size).saturating_sub(1);
    let a_sector = size / FREE.len();
    for index in 0..LIST.1 {
        let at = LIST.0 + index * FREE.len();
        let sector = u32::from_le_bytes(bytes.get(at..HEADER)?.first_chunk().copied()?) as usize;
        if sector >= sectors {
            return None;
        }
        let first = index * a_sector;
        let table = bytes.get_mut((sector + 1) * size..)?;
        let past =
            table.chunks_exact_mut(FREE.len()).take(a_sector).skip(sectors.saturating_sub(first));
        past.for_each(|entry| entry.copy_from_slice(&FREE));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn a_file_with_a_wrongly_filled_table_is_opened() {
        let mut file =
            CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
        file.create_stream("/a").unwrap().write_all(b"order").unwrap();
        file.flush().unwrap();
        let mut bytes = file.into_inner().into_inner();
        let sector = u32::from_le_bytes(*bytes[LIST.0..].first_chunk().unwrap()) as usize;
        let end_of_chain = [0xfe, 0xff, 0xff, 0xff];
        let table = (sector + 1) * 512;
        bytes[table + 508..table + 512].copy_from_slice(&end_of_chain);
        assert!(CompoundFile::open(Cursor::new(&bytes)).is_err());
        let mut text = String::new();
        open(bytes).unwrap().open_stream("/a").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "order");
    }

    #[test]
    fn what_is_cut_short_is_refused() {
        assert!(open(vec![0xd0, 0xcf, 0x11, 0xe0]).is_err());
        assert!(open(vec![9; 600]).is_err());
    }
}
