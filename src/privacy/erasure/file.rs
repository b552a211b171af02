//! A certificate as one file: it opens by itself, can be printed, and holds the text
//! whose SHA-256 stands in the record.

use std::fmt::Write;

use serde_json::json;

use super::super::page::{escaped, standing_alone};
use super::super::{Privacy, PrivacyError, allowed, store};
use super::{Certificate, Erasure};
use crate::kernel::{ErasureId, Scope};

impl Privacy {
    /// The certificate of an erasure as an HTML page that stands alone; recorded.
    /// `chamber` is the name at its head.
    ///
    /// # Errors
    /// Fails when there is no such erasure, it is not done, or the caller does not protect
    /// data.
    pub async fn certificate_file(
        &self,
        scope: &Scope,
        id: ErasureId,
        chamber: &str,
    ) -> Result<String, PrivacyError> {
        allowed(scope)?;
        let mut tx = self.db.write().await?;
        let erasure = store::erasure(&mut tx, scope.organisation(), id).await?;
        let erasure = erasure.ok_or(PrivacyError::NotFound)?;
        let page = page(&erasure, chamber).ok_or_else(|| {
            PrivacyError::Invalid("the certificate is written when the erasure is done".into())
        })?;
        self.record(&mut tx, scope, "erasure.download", json!({ "erasure": id })).await?;
        tx.commit().await?;
        Ok(page)
    }
}

/// The page; none while there is no certificate.
fn page(erasure: &Erasure, chamber: &str) -> Option<String> {
    let text = erasure.certificate.as_deref()?;
    let told: Certificate = serde_json::from_str(text).ok()?;
    let mut removed = told.rows.clone();
    removed.insert("files".to_owned(), told.files);
    removed.insert("page images".to_owned(), told.page_images);
    removed.insert("earlier exports".to_owned(), told.exports);
    removed.insert("snapshots of the vectors".to_owned(), told.snapshots);
    removed.insert("names taken out of accounts".to_owned(), told.people);
    let number = |name: &str, cells: &[u64]| {
        let mut row = format!("<tr><td>{}</td>", escaped(&name.replace('_', " ")));
        for cell in cells {
            let _ = write!(row, "<td class=\"num\">{cell}</td>");
        }
        row + "</tr>\n"
    };
    let gone: String = removed.iter().map(|(name, count)| number(name, &[*count])).collect();
    let looked: String = told
        .probes
        .iter()
        .map(|probe| number(&probe.store, &[probe.looked, probe.found]))
        .collect();
    let mentions: String =
        told.mentions.iter().map(|(name, rows)| number(name, &[*rows])).collect();
    let mentions = if mentions.is_empty() {
        String::new()
    } else {
        format!(
            "<h2>Others\u{2019} records that still hold the name</h2>\n<p class=\"soft\">They \
             belong to somebody else and stay.</p>\n<table><tbody>{mentions}</tbody></table>\n"
        )
    };
    let day = |at: chrono::DateTime<chrono::Utc>| at.format("%d %B %Y, %H:%M:%S UTC").to_string();
    let verdict = if told.is_clean() {
        "Every store was looked into afterwards, and nothing was found."
    } else {
        "Every store was looked into afterwards, and something was found; see below."
    };
    let body = format!(
        "<p class=\"soft\">{chamber}</p>\n<h1>Certificate of erasure</h1>\n<p>{verdict}</p>\n\
         <table><tbody>\n<tr><th>Erased</th><td>{kind} {subject}</td></tr>\n\
         <tr><th>Asked for</th><td>{asked}, by the person {by}</td></tr>\n\
         <tr><th>Done</th><td>{done}</td></tr>\n<tr><th>Erasure</th><td>{id}</td></tr>\n\
         <tr><th>SHA-256 of the certificate</th><td>{hash}</td></tr>\n</tbody></table>\n\
         <h2>Removed</h2>\n<table><thead><tr><th>What</th><th class=\"num\">How many</th></tr>\
         </thead><tbody>{gone}</tbody></table>\n<h2>Looked for afterwards</h2>\n\
         <table><thead><tr><th>Where</th><th class=\"num\">Places</th><th class=\"num\">Found</th>\
         </tr></thead><tbody>{looked}</tbody></table>\n{mentions}<h2>The certificate, word for \
         word</h2>\n<p class=\"soft\">The SHA-256 above is of this text, in UTF-8, without a line \
         break at its end. The chamber\u{2019}s record holds the same.</p>\n<pre>{text}</pre>\n",
        chamber = escaped(chamber),
        kind = escaped(&told.subject_kind),
        subject = told.subject_id,
        asked = day(told.asked_at),
        by = told.asked_by,
        done = day(told.done_at),
        id = told.erasure,
        hash = escaped(erasure.hash.as_deref().unwrap_or_default()),
        text = escaped(text),
    );
    Some(standing_alone(&format!("Certificate of erasure {}", told.erasure), &body))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::DateTime;

    use super::*;
    use crate::kernel::{CaseId, UserId};
    use crate::privacy::Probe;

    #[test]
    fn a_certificate_opens_by_itself_and_holds_the_text_of_its_hash() {
        let at = DateTime::UNIX_EPOCH;
        let told = Certificate {
            erasure: ErasureId::new(),
            subject_kind: "case".into(),
            subject_id: CaseId::new().uuid(),
            asked_by: UserId::new(),
            asked_at: at,
            done_at: at,
            rows: BTreeMap::from([("case_members".to_owned(), 3)]),
            books: BTreeMap::new(),
            files: 1,
            page_images: 0,
            exports: 0,
            snapshots: 0,
            people: 0,
            probes: vec![Probe { store: "full-text index".into(), looked: 4, found: 0 }],
            mentions: BTreeMap::new(),
        };
        let (text, hash) = told.sealed().unwrap();
        let mut erasure = Erasure {
            id: told.erasure,
            subject_kind: told.subject_kind.clone(),
            subject_id: told.subject_id,
            asked_by: told.asked_by,
            asked_at: at,
            status: "done".into(),
            certificate: Some(text.clone()),
            hash: Some(hash.clone()),
            error: None,
            done_at: Some(at),
        };
        let file = page(&erasure, "Rao & <Mehta>").unwrap();
        let (_, rest) = file.split_once("<pre>").unwrap();
        let kept = rest.split_once("</pre>").unwrap().0.replace("&quot;", "\"");
        assert_eq!(kept, text);
        assert!(file.contains(&hash) && file.contains("Rao &amp; &lt;Mehta&gt;"), "{file}");
        assert!(!file.contains("<script") && !file.contains("href=") && !file.contains("src=\""));
        erasure.certificate = None;
        assert!(page(&erasure, "").is_none());
    }
}
