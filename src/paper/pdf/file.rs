//! The objects of a PDF and where each stands.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::paper::PaperError;

/// A PDF being put together; objects are numbered from one.
#[derive(Default)]
pub(super) struct File(Vec<Vec<u8>>);

impl File {
    /// A number for an object that is put in later.
    pub(super) fn reserve(&mut self) -> usize {
        self.0.push(Vec::new());
        self.0.len()
    }

    pub(super) fn put(&mut self, number: usize, object: &str) {
        if let Some(place) = number.checked_sub(1).and_then(|place| self.0.get_mut(place)) {
            *place = object.as_bytes().to_vec();
        }
    }

    pub(super) fn add(&mut self, object: &str) -> usize {
        let number = self.reserve();
        self.put(number, object);
        number
    }

    /// Adds a stream, compressed, with more entries of its dictionary.
    pub(super) fn stream(&mut self, entries: &str, bytes: &[u8]) -> Result<usize, PaperError> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes)?;
        let bytes = encoder.finish()?;
        let length = bytes.len();
        let mut object =
            format!("<< /Filter /FlateDecode /Length {length} {entries} >>\nstream\n").into_bytes();
        object.extend(bytes);
        object.extend(b"\nendstream");
        self.0.push(object);
        Ok(self.0.len())
    }

    /// Adds a stream whose bytes are as its entries say, such as a picture.
    pub(super) fn raw(&mut self, entries: &str, bytes: &[u8]) -> usize {
        let length = bytes.len();
        let mut object = format!("<< /Length {length} {entries} >>\nstream\n").into_bytes();
        object.extend(bytes);
        object.extend(b"\nendstream");
        self.0.push(object);
        self.0.len()
    }

    /// The bytes of the whole, from its catalog and what is told of it.
    pub(super) fn finish(self, catalog: usize, info: usize) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut places = Vec::with_capacity(self.0.len());
        for (number, object) in (1..).zip(&self.0) {
            places.push(out.len());
            out.extend(format!("{number} 0 obj\n").into_bytes());
            out.extend(object);
            out.extend(b"\nendobj\n");
        }
        let start = out.len();
        let size = self.0.len() + 1;
        out.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").into_bytes());
        for place in places {
            out.extend(format!("{place:010} 00000 n \n").into_bytes());
        }
        let trailer = format!(
            "trailer\n<< /Size {size} /Root {catalog} 0 R /Info {info} 0 R >>\nstartxref\n{start}\n%%EOF\n"
        );
        out.extend(trailer.into_bytes());
        out
    }
}
