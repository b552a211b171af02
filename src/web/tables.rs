//! What tables are called on a page.

/// The tables whose rows a person would miss, most missed first, and what a row is
/// called in the plural.
const NAMED: [(&str, &str); 56] = [
    ("clients", "Clients"),
    ("cases", "Cases"),
    ("documents", "Documents"),
    ("versions", "Versions of documents"),
    ("pages", "Pages"),
    ("tasks", "Tasks and deadlines"),
    ("limitations", "Limitations that were kept"),
    ("conversations", "Conversations with the assistant"),
    ("messages", "Questions and answers"),
    ("saved_searches", "Saved searches"),
    ("golden_questions", "Questions for measuring search"),
    ("document_shares", "Shares with clients"),
    ("client_contacts", "People reached at clients"),
    ("conflict_checks", "Conflict checks"),
    ("deliveries", "Files clients sent"),
    ("client_requests", "What clients were asked for"),
    ("case_news", "News for clients"),
    ("news_wordings", "Wordings of news"),
    ("case_portals", "Cases shown to clients"),
    ("share_views", "Pages clients looked at"),
    ("case_members", "Places on a team"),
    ("case_parties", "Parties of cases"),
    ("case_counsel", "Advocates of parties"),
    ("vakalatnamas", "Authorities to appear"),
    ("case_notes", "Notes on cases"),
    ("case_tags", "Tags of cases"),
    ("case_numbers", "Numbers of cases"),
    ("case_links", "Links between cases"),
    ("case_field_values", "Fields of the chamber's own"),
    ("case_visits", "Last looks at cases"),
    ("imports", "Lists of cases, uploaded"),
    ("invoices", "Invoices"),
    ("invoice_lines", "Lines of invoices"),
    ("issued_papers", "Issued papers"),
    ("credit_notes", "Credit notes"),
    ("client_payments", "Receipts"),
    ("payments", "Payments on invoices"),
    ("ledger_entries", "Entries of client money"),
    ("client_ledgers", "Accounts of client money"),
    ("tds_certificates", "Tax certificates"),
    ("walls", "Ethical walls"),
    ("consents", "Consents"),
    ("retention_rules", "Retention rules"),
    ("legal_holds", "Legal holds, lifted"),
    ("letters", "Letters"),
    ("exports", "Copies of data made earlier"),
    ("sessions", "Sign-ins"),
    ("devices", "Known devices"),
    ("api_tokens", "API tokens"),
    ("passages", "Passages cut for search"),
    ("entities", "Citations, sections and numbers found"),
    ("citations", "Sources of answers"),
    ("generation_versions", "Sets of vectors"),
    ("sketches", "Fingerprints for finding copies"),
    ("sketch_bands", "Parts of fingerprints"),
    ("task_changes", "Changes of tasks and deadlines"),
];

/// What the rows of a table are called: `case_members` as `Places on a team`.
#[must_use]
pub(super) fn words(table: &str) -> String {
    if let Some((_, words)) = NAMED.iter().find(|(name, _)| *name == table) {
        return (*words).to_owned();
    }
    let mut spaced = table.replace('_', " ");
    if let Some(first) = spaced.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    spaced
}

/// Where a table stands in a list: what a person would miss comes first.
#[must_use]
pub(super) fn place(table: &str) -> usize {
    NAMED.iter().position(|(name, _)| *name == table).unwrap_or(NAMED.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_without_words_of_its_own_is_still_readable() {
        assert_eq!(words("case_members"), "Places on a team");
        assert_eq!(words("backup_codes"), "Backup codes");
        assert_eq!(words("full-text index"), "Full-text index");
        assert!(place("documents") < place("sketches"));
        assert!(place("sketches") < place("backup_codes"));
    }
}
