//! The papers of the sample chamber, embedded in the binary.

/// Embeds files of the chamber's folder under their names.
macro_rules! embed {
    ($($name:literal),+ $(,)?) => {
        &[$((
            $name,
            include_bytes!(concat!("../../../fixtures/chamber/", $name)).as_slice(),
        )),+]
    };
}

/// Every paper under its name in `chamber.toml`; a test there asks for each.
const PAPERS: &[(&str, &[u8])] = embed![
    "lotus-v-greenfield/minutes-2025-12-12.docx",
    "lotus-v-greenfield/notice-section-21.pdf",
    "lotus-v-greenfield/works-agreement.docx",
    "sharma-v-kapoor/legal-notice-2024-10-05.pdf",
    "sharma-v-kapoor/mail-2025-07-21.eml",
    "sharma-v-kapoor/order-2026-07-17.pdf",
    "sharma-v-kapoor/plaint.pdf",
    "sharma-v-kapoor/return-memo-scan.pdf",
    "sharma-v-kapoor/written-statement.pdf",
    "state-v-qureshi/affidavit-shabana-qureshi.pdf",
    "state-v-qureshi/fir-summary.txt",
    "state-v-qureshi/order-sheet.pdf",
    "state-v-qureshi/zamanat-aavedan.pdf",
];

/// The bytes of a paper.
pub(super) fn find(name: &str) -> Option<&'static [u8]> {
    PAPERS.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes)
}
