//! Receipts of expenses: a picture or a PDF, kept sealed and apart from the documents of
//! the case, so that no share with a client reaches it.

use serde_json::json;

use super::{FeeError, Fees, store};
use crate::kernel::{ExpenseId, Scope};

/// The largest receipt, in bytes: 10 MB.
pub const LARGEST_RECEIPT: usize = 10 << 20;
/// The longest name of a file, in characters.
const LONGEST_NAME: usize = 200;
/// How far into a file the mark of a PDF may stand (ISO 32000-1, Annex H, note 13).
const PDF_HEAD: usize = 1024;

/// What is known of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The name of its file.
    pub file_name: String,
    /// What it is, told by its content.
    pub media_type: String,
    /// How large it is.
    pub bytes: i64,
}

/// What a receipt is sealed as.
fn purpose(expense: ExpenseId) -> String {
    format!("receipt of {expense}")
}

impl Fees {
    /// Keeps the receipt of an expense that is not billed, in the place of one that was
    /// there.
    ///
    /// # Errors
    /// Fails when the expense is not the caller's to change, or the file is neither a
    /// picture nor a PDF or is larger than 10 MB.
    pub async fn keep_receipt(
        &self,
        scope: &Scope,
        id: ExpenseId,
        (file_name, bytes): (&str, &[u8]),
    ) -> Result<(), FeeError> {
        let mut tx = self.parts.db.read().await?;
        self.expense_to_be_changed(&mut tx, scope, id).await?;
        drop(tx);
        if bytes.len() > LARGEST_RECEIPT {
            return Err(FeeError::TooLarge);
        }
        let media_type = media_type(bytes).ok_or(FeeError::NoReceipt)?;
        let receipt = Receipt {
            file_name: named(file_name, media_type),
            media_type: media_type.to_owned(),
            bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        };
        let sealed = self.parts.vault.seal(&purpose(id), bytes)?;
        let mut tx = self.parts.db.write().await?;
        let found = self.expense_to_be_changed(&mut tx, scope, id).await?;
        let now = self.parts.clock.now();
        store::expenses::keep_receipt(&mut tx, scope, id, (&receipt, sealed), now).await?;
        let details = json!({
            "case": found.known.case, "expense": id, "bytes": receipt.bytes,
            "replaced": found.receipt.is_some(),
        });
        self.record(&mut tx, scope, "expense.receipt.add", details).await?;
        Ok(tx.commit().await?)
    }

    /// The receipt of an expense of the caller's, or of a case whose money they see; that
    /// it was opened is recorded.
    ///
    /// # Errors
    /// Fails with [`FeeError::NotFound`] when there is none for them.
    pub async fn receipt(
        &self,
        scope: &Scope,
        id: ExpenseId,
    ) -> Result<(Receipt, Vec<u8>), FeeError> {
        let mut tx = self.parts.db.write().await?;
        let found = store::expenses::find(&mut tx, scope, id).await?.ok_or(FeeError::NotFound)?;
        let receipt = found.receipt.ok_or(FeeError::NotFound)?;
        let sealed = store::expenses::sealed(&mut tx, id).await?.ok_or(FeeError::NotFound)?;
        let plain = self.parts.vault.unseal(&purpose(id), &sealed)?;
        let details = json!({ "case": found.known.case, "expense": id });
        self.record(&mut tx, scope, "expense.receipt.view", details).await?;
        tx.commit().await?;
        Ok((receipt, plain.to_vec()))
    }
}

/// What a file is, told by its first bytes; none for what is no receipt.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..bytes.len().min(PDF_HEAD))?;
    if head.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Some("image/jpeg")
    } else if head.starts_with(b"\x89PNG\r\n\x1A\n") {
        Some("image/png")
    } else if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else if head.windows(5).any(|window| window == b"%PDF-") {
        Some("application/pdf")
    } else {
        None
    }
}

/// The name of a file without folders or what no file is named with; a name of our own
/// where nothing is left.
fn named(file_name: &str, media_type: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let fine = |letter: &char| !letter.is_control() && !r#"<>:"|?*"#.contains(*letter);
    let name: String = last.chars().filter(fine).take(LONGEST_NAME).collect();
    let name = name.trim().trim_start_matches('.');
    if name.is_empty() {
        let end = media_type.rsplit('/').next().unwrap_or("pdf");
        format!("receipt.{end}")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_told_by_its_content() {
        assert_eq!(media_type(b"%PDF-1.7 ..."), Some("application/pdf"));
        assert_eq!(media_type(b"\n\n%PDF-1.4"), Some("application/pdf"));
        assert_eq!(media_type(&[0xFF, 0xD8, 0xFF, 0xE0]), Some("image/jpeg"));
        assert_eq!(media_type(b"\x89PNG\r\n\x1A\nrest"), Some("image/png"));
        assert_eq!(media_type(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        for wrong in [&b""[..], b"<html>", b"MZ\x90", b"RIFF\0\0\0\0WAVE", b"<svg/>"] {
            assert_eq!(media_type(wrong), None);
        }
    }

    #[test]
    fn a_file_is_named_without_folders() {
        assert_eq!(named("C:\\scans\\bill.pdf", "application/pdf"), "bill.pdf");
        assert_eq!(named("../../etc/passwd", "application/pdf"), "passwd");
        assert_eq!(named("a\"b\r\n.png", "image/png"), "ab.png");
        assert_eq!(named("..", "image/png"), "receipt.png");
    }
}
