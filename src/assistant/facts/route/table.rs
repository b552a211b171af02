//! Questions and the route each must take; most that sound alike must take none.

use super::grammar::{Asked, What, read};

/// What, days, name and side.
type Expected = Option<(What, &'static str, &'static str)>;

fn shown(asked: Option<Asked>) -> Option<(What, String, String)> {
    let Asked { what, day, name, side } = asked?;
    let about = [name, side].into_iter().flatten().collect::<Vec<_>>().join(" / ");
    Some((what, day.unwrap_or_default(), about))
}

const ROUTES: &[(&str, Expected)] = &[
    ("What is listed tomorrow?", Some((What::Hearings, "tomorrow", ""))),
    ("what's listed today", Some((What::Hearings, "today", ""))),
    ("Which matters are listed this week?", Some((What::Hearings, "this week", ""))),
    ("What is listed on 3 December?", Some((What::Hearings, "on 3 december", ""))),
    ("What is listed on 03.12.2026?", Some((What::Hearings, "on 03.12.2026", ""))),
    ("Which cases are up next Monday?", Some((What::Hearings, "next monday", ""))),
    ("Please show me the hearings tomorrow", Some((What::Hearings, "tomorrow", ""))),
    ("Do we have anything listed tomorrow?", Some((What::Hearings, "tomorrow", ""))),
    ("Am I in court tomorrow?", Some((What::Hearings, "tomorrow", ""))),
    ("Today's cause list", Some((What::Hearings, "today", ""))),
    ("Cause list for tomorrow", Some((What::Hearings, "tomorrow", ""))),
    ("Are there any hearings this week?", Some((What::Hearings, "this week", ""))),
    ("kal kya listed hai", Some((What::Hearings, "kal", ""))),
    ("Aaj kaun se case lage hain?", Some((What::Hearings, "aaj", ""))),
    ("kal ki hearing", Some((What::Hearings, "kal", ""))),
    ("कल क्या लगा है?", Some((What::Hearings, "कल", ""))),
    ("आज कौन से केस लगे हैं", Some((What::Hearings, "आज", ""))),
    ("Upcoming hearings", Some((What::Hearings, "", ""))),
    ("Past hearings in Sharma v. Kapoor", Some((What::Hearings, "", "sharma v kapoor"))),
    (
        "What is listed tomorrow in Sharma v. Kapoor?",
        Some((What::Hearings, "tomorrow", "sharma v kapoor")),
    ),
    ("What is the next date in Sharma v. Kapoor?", Some((What::NextDate, "", "sharma v kapoor"))),
    ("next date in CS(COMM) 412/2025", Some((What::NextDate, "", "cs comm 412/2025"))),
    ("When is the next hearing?", Some((What::NextDate, "", ""))),
    ("When is the Kapoor case listed next?", Some((What::NextDate, "", "the kapoor case"))),
    ("Qureshi ki agli tareekh kab hai", Some((What::NextDate, "", "qureshi"))),
    ("कुरैशी की अगली तारीख़ कब है?", Some((What::NextDate, "", "कुरैशी"))),
    ("When was Sharma v. Kapoor last heard?", Some((What::LastDate, "", "sharma v kapoor"))),
    ("How much does Sharma Traders owe us?", Some((What::Dues, "", "sharma traders"))),
    ("How much does M/s Sharma Traders owe?", Some((What::Dues, "", "m s sharma traders"))),
    (
        "What are the outstanding dues of Lotus Infra LLP?",
        Some((What::Dues, "", "lotus infra llp")),
    ),
    ("Who owes us money?", Some((What::Dues, "", ""))),
    ("Sharma Traders ka kitna baaki hai", Some((What::Dues, "", "sharma traders"))),
    ("How much is outstanding from Lotus Infra?", Some((What::Dues, "", "lotus infra"))),
    ("What is unbilled?", Some((What::Unbilled, "", ""))),
    ("What is unbilled in Sharma v. Kapoor?", Some((What::Unbilled, "", "sharma v kapoor"))),
    ("Unbilled time for Lotus", Some((What::Unbilled, "", "lotus"))),
    ("Invoices of Sharma Traders", Some((What::Invoices, "", "sharma traders"))),
    ("Which invoices are unpaid?", Some((What::Unpaid, "", ""))),
    ("Unpaid invoices of Sharma Traders", Some((What::Unpaid, "", "sharma traders"))),
    ("Overdue deadlines", Some((What::Overdue, "", ""))),
    ("Which deadlines are overdue?", Some((What::Overdue, "", ""))),
    ("What is due this week?", Some((What::Deadlines, "this week", ""))),
    (
        "What deadlines are there in Sharma v. Kapoor?",
        Some((What::Deadlines, "", "sharma v kapoor")),
    ),
    ("My tasks", Some((What::Deadlines, "", ""))),
    ("Who are the parties in Sharma v. Kapoor?", Some((What::Parties, "", "sharma v kapoor"))),
    (
        "Who appears for the respondent in Lotus v. Greenfield?",
        Some((What::Parties, "", "lotus v greenfield / respondent")),
    ),
    ("Who appears for the defendant?", Some((What::Parties, "", "defendant"))),
    ("Which matters of client Imran Qureshi", Some((What::Matters, "", "imran qureshi"))),
    ("Which cases does Sharma Traders have with us?", Some((What::Matters, "", "sharma traders"))),
    ("Sharma Traders ke kitne case hain", Some((What::Matters, "", "sharma traders"))),
    ("Documents in Sharma v. Kapoor", Some((What::Documents, "", "sharma v kapoor"))),
    ("What documents are there?", Some((What::Documents, "", ""))),
    ("Which court is Sharma v. Kapoor pending in?", Some((What::Details, "", "sharma v kapoor"))),
    ("What is the CNR of Sharma v. Kapoor?", Some((What::Details, "", "sharma v kapoor"))),
    ("What did the client last write?", Some((What::ClientWrote, "", ""))),
    (
        "What did the client write to us last in Sharma v. Kapoor?",
        Some((What::ClientWrote, "", "sharma v kapoor")),
    ),
    (
        "Last message from the client in Sharma v. Kapoor",
        Some((What::ClientWrote, "", "sharma v kapoor")),
    ),
    ("client ne kya likha hai", Some((What::ClientWrote, "", ""))),
    ("Any new messages in Sharma v. Kapoor?", Some((What::Messages, "", "sharma v kapoor"))),
    ("Latest messages", Some((What::Messages, "", ""))),
    ("What did the client say in his affidavit?", None),
    ("What messages did the accused send to the complainant?", None),
    // What documents say is for the documents.
    ("What did the court hold about the amount owed?", None),
    ("What did the court hold on limitation?", None),
    ("How much did the court award?", None),
    ("How much does the agreement say is payable on default?", None),
    ("How much does Kapoor Textiles owe Sharma Traders under the order?", None),
    ("How much is due under clause 12?", None),
    ("What is due under the agreement?", None),
    ("When was the cheque dishonoured?", None),
    ("When was the notice of demand sent?", None),
    ("On what conditions was bail granted on 9 June 2026?", None),
    ("What happened at the hearing on 3 December?", None),
    ("Why was the hearing adjourned?", None),
    ("Which documents mention the retention money?", None),
    ("Who appears to have signed the delivery note?", None),
    ("Who signed the agreement?", None),
    ("What invoices does the plaint rely on?", None),
    ("Which invoices did the defendant dispute?", None),
    ("What is the deadline for filing the written statement under the order?", None),
    ("What date did the parties agree on?", None),
    ("What is listed in Annexure A?", None),
    ("What are the goods listed in the invoice?", None),
    ("Was the suit within limitation?", None),
    ("Which cases were cited on limitation?", None),
    ("What is the stage at which an amendment is allowed?", None),
    ("Summarise the plaint", None),
    ("What is the seat of arbitration and how is the arbitrator appointed?", None),
    ("आवेदक को कब गिरफ़्तार किया गया और क्या धारा 35(3) का नोटिस दिया गया था?", None),
    ("kapoor ne kitna maal liya tha", None),
    ("tomorrow", None),
    ("", None),
];

#[test]
fn questions_take_their_route() {
    let mut wrong = Vec::new();
    for (question, expected) in ROUTES {
        let expected = expected.map(|(what, day, about)| (what, day.to_owned(), about.to_owned()));
        let found = shown(read(question));
        if found != expected {
            wrong.push(format!("{question}\n   expected {expected:?}\n   found    {found:?}"));
        }
    }
    assert!(ROUTES.len() >= 60);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
