//! Which of the tables a question asks, told by its own words.
//!
//! A question is for the tables only when the *whole* of it is one of the sentences
//! below: what is left over is a name, and that must be one of a case or client (the
//! caller checks). Anything more, such as what was held, alleged or agreed about an
//! amount, is about what documents say, and no route.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use crate::assistant::facts::days::DAY;

/// What is asked of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::assistant::facts) enum What {
    /// What is or was listed.
    Hearings,
    /// When a case comes up next.
    NextDate,
    /// When a case was last up.
    LastDate,
    /// What is to be done.
    Deadlines,
    /// What is to be done and should have been.
    Overdue,
    /// Who the parties are and who appears for them.
    Parties,
    /// The cases of a client.
    Matters,
    /// The documents of a case.
    Documents,
    /// What the client of a case wrote last.
    ClientWrote,
    /// What was written in a case.
    Messages,
    /// What a case is: court, number, stage, team.
    Details,
    /// Time not billed.
    Unbilled,
    /// What clients owe the chamber.
    Dues,
    /// The invoices.
    Invoices,
    /// The invoices not paid in full.
    Unpaid,
}

/// A question for the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::assistant::facts) struct Asked {
    /// What is asked.
    pub(in crate::assistant::facts) what: What,
    /// The days it names.
    pub(in crate::assistant::facts) day: Option<String>,
    /// The case or client it names; a case of `this` stands for the one it is asked in.
    pub(in crate::assistant::facts) name: Option<String>,
    /// For whom somebody appears: a party or its role.
    pub(in crate::assistant::facts) side: Option<String>,
}

/// The sentences. `{day}`, `{name}` and `{side}` are what they are about; `{in}` is an
/// optional case, `{on}` are optional days.
const SENTENCES: &[(What, &str)] = &[
    // What is listed.
    (
        What::Hearings,
        "(?:what|which)(?: all)?(?: cases| matters| hearings| case| matter)?(?: is| are| was| were| s)?(?: there)?(?: listed| fixed| posted| scheduled| coming up| up)(?: for hearing)?(?: in court)? {day}{in}",
    ),
    (
        What::Hearings,
        "(?:what|which|any) (?:cases|matters|hearings|listings)(?: is| are| do (?:i|we) have)?(?: there)?(?: listed| fixed)? {day}{in}",
    ),
    (
        What::Hearings,
        "(?:is|are) (?:there )?(?:anything|any cases|any matters|any hearings|any hearing|any case|any matter)(?: listed| fixed| coming up| up)?(?: for hearing)? {day}{in}",
    ),
    (
        What::Hearings,
        "(?:what|which)(?: cases| matters| hearings)? do (?:i|we) have(?: in court| listed)? {day}",
    ),
    (
        What::Hearings,
        "do (?:i|we) have (?:anything|court|any hearings?|any matters?|any cases?|a hearing)(?: listed| in court| fixed)? {day}",
    ),
    (What::Hearings, "am i in court {day}"),
    (
        What::Hearings,
        "(?:(?:my|our|all|the|all the|upcoming|list of|past|previous) )?(?:hearings?|listings?|court dates)(?: listed)? {day}{in}",
    ),
    (
        What::Hearings,
        "(?:what are )?(?:(?:my|our|all|the|all the|upcoming|list of|past|previous|the past|the upcoming) )*(?:hearings?|listings?|court dates|dates) (?:in|of|for) {name}",
    ),
    (What::Hearings, "(?:what are )?(?:(?:my|our|all|the) )?upcoming (?:hearings|listings|dates)"),
    (What::Hearings, "(?:the |my |our )?(?:cause ?list|board|diary)(?: for| of)? {day}"),
    (
        What::Hearings,
        "{day}(?: s)? (?:the )?(?:cause ?list|board|diary|hearings?|listings?|matters|cases)",
    ),
    (
        What::Hearings,
        "{day}(?: ko| ka| ki| ke)? (?:kya|kaun ?sa|kaun ?se|kon ?sa|kon ?se|kitne)(?: kya)?(?: case| cases| matter| matters| hearing| sunwai)? (?:listed|laga|lage|lagi|laga hua|lage hue)(?: hain| hai| he| h)?",
    ),
    (
        What::Hearings,
        "{day}(?: ko| ka| ki| ke)? (?:kitne|kaun ?se|kon ?se|kya) (?:case|cases|matter|matters|hearing|sunwai|hearings)(?: hain| hai| he| h)?",
    ),
    (
        What::Hearings,
        "{day} (?:ki|ke|ka) (?:hearing|sunwai|cases?|matters?|peshi|cause ?list)(?: kya)?(?: hain| hai)?",
    ),
    (
        What::Hearings,
        "{day} (?:को )?(?:क्या|कौन से|कौनसे|कितने)(?: केस| मामले| मुकदमे)? (?:लगा|लगे|लगी|सूचीबद्ध|लिस्टेड)(?: है| हैं)?",
    ),
    (What::Hearings, "{day} (?:की|के) (?:सुनवाई|केस|मामले|पेशी|तारीख)(?: क्या)?(?: है| हैं)?"),
    // The next and the last date.
    (
        What::NextDate,
        "(?:what|when)(?: is| s)(?: the| my| our)? next (?:date|hearing|date of hearing|hearing date|listing|court date)(?: (?:in|of|for) {name})?",
    ),
    (
        What::NextDate,
        "(?:the )?next (?:date|hearing|date of hearing|hearing date|listing|court date)(?: (?:in|of|for) {name})?",
    ),
    (
        What::NextDate,
        "when is {name} (?:next listed|listed next|coming up|coming up next|up next|next up|next)",
    ),
    (What::NextDate, "when is {name} listed"),
    (
        What::NextDate,
        "{name} (?:ki|ka|ke|mein|me|main) (?:agli|next|aglaa|agla) (?:tarikh|tareekh|tareek|date|hearing|sunwai|peshi)(?: kab| kya)?(?: hai| he| h)?",
    ),
    (
        What::NextDate,
        "(?:agli|next) (?:tarikh|tareekh|date|hearing|sunwai|peshi) (?:kab|kya)(?: hai| he| h)?",
    ),
    (What::NextDate, "{name} (?:की|में|का) अगली (?:तारीख|सुनवाई|पेशी)(?: कब| क्या)?(?: है)?"),
    (What::NextDate, "अगली (?:तारीख|सुनवाई|पेशी) (?:कब|क्या)(?: है)?"),
    (
        What::LastDate,
        "(?:what|when)(?: is| was| s) the (?:last|previous) (?:date|date of hearing|hearing date|hearing)(?: (?:in|of|for) {name})?",
    ),
    (What::LastDate, "when was {name} last (?:listed|heard|up)"),
    (
        What::LastDate,
        "(?:the )?(?:last|previous) (?:date|hearing|hearing date)(?: (?:in|of|for) {name})?",
    ),
    // What is to be done.
    (
        What::Overdue,
        "(?:(?:what|which|are there any|any|my|our|all|the|list of)(?: are)?(?: the)? )?overdue (?:deadlines?|tasks?|work){in}",
    ),
    (
        What::Overdue,
        "(?:what|which) (?:deadlines|tasks|deadlines and tasks)(?: are|is)? overdue{in}",
    ),
    (What::Overdue, "what(?: is| s) overdue"),
    (What::Overdue, "which deadlines have (?:we|i) missed{in}"),
    (
        What::Deadlines,
        "(?:what|which)(?: work| deadlines?| tasks?)?(?: is| are| s| falls| fall) due {day}{in}",
    ),
    (
        What::Deadlines,
        "(?:what|which|are there any|any)(?: are)?(?: my| our| the)? (?:(?:open|pending|upcoming) )?(?:deadlines?|tasks?|to ?dos?)(?: are| is)?(?: there)?(?: open| pending| due)?{on}{in}",
    ),
    (
        What::Deadlines,
        "(?:(?:my|our|all|the|list of) )?(?:(?:open|pending|upcoming) )?(?:deadlines|tasks|to ?dos?)(?: due)?{on}{in}",
    ),
    (What::Deadlines, "what do (?:i|we) have to (?:do|file) {day}"),
    (What::Deadlines, "{day}(?: tak)? kya (?:due|karna|file karna) hai"),
    // Parties and counsel.
    (What::Parties, "who(?: are| is| s)(?: the)? (?:parties|party)(?: (?:in|of|to) {name})?"),
    (What::Parties, "(?:list of )?(?:the )?parties(?: (?:in|of|to) {name})"),
    (
        What::Parties,
        "who (?:appears|is appearing|appeared|is counsel|is the counsel|is the advocate|is the lawyer) for (?:the )?{side}(?: in {name})?",
    ),
    (What::Parties, "who appears in {name}"),
    (What::Parties, "(?:counsel|advocate|lawyer) for (?:the )?{side} in {name}"),
    (What::Parties, "{name} (?:mein|me|main) (?:parties|party) kaun (?:kaun )?(?:hain|hai)"),
    // The cases of a client.
    (
        What::Matters,
        "(?:(?:which|what|all|the|list of|list all|list the) )*(?:matters|cases)(?: do we have| are there)? (?:of|for) (?:client |our client |the client )?{name}",
    ),
    (
        What::Matters,
        "(?:which|what|how many) (?:matters|cases) (?:does|do|has|have) {name} (?:have|got)(?: with us| here)?",
    ),
    (
        What::Matters,
        "{name} ke (?:kitne|kaun ?se|kon ?se|kya) (?:case|cases|matter|matters)(?: hain| hai)?",
    ),
    (What::Matters, "{name} के (?:कितने|कौन से|कौनसे) (?:केस|मामले|मुकदमे)(?: हैं| है)?"),
    // Documents.
    (
        What::Documents,
        "(?:(?:which|what|all|the|list of|list all|list the) )*(?:documents|papers|files|paper ?book)(?: do we have| are there| are)?(?: there)? (?:in|of|for|on) {name}",
    ),
    (
        What::Documents,
        "(?:(?:which|what|list of|list all|list the|list) )(?:documents|papers|files)(?: do we have| are there| have we got)?",
    ),
    (
        What::Documents,
        "{name} (?:mein|me|main|ke) (?:kaun ?se|kon ?se|kya|kitne) (?:documents|papers|kagaz|kagaj|dastavez)(?: hain| hai)?",
    ),
    // Messages.
    (
        What::ClientWrote,
        "what did (?:the |our )?client (?:last |recently )?(?:write|message|send)(?: us| to us)?(?: last)?{in}",
    ),
    (
        What::ClientWrote,
        "(?:what is )?(?:the )?(?:last|latest) messages? (?:of|from|by) (?:the |our )?client{in}",
    ),
    (
        What::ClientWrote,
        "(?:{name} (?:mein|me|main) )?client ne (?:last |aakhri )?kya (?:likha|bheja)(?: hai)?",
    ),
    (
        What::Messages,
        "(?:(?:what|which|any|are there any|the|all|last|latest|recent|new|list of)(?: are)?(?: the)? )*messages(?: are there)?(?: (?:in|of|for) {name})",
    ),
    (
        What::Messages,
        "(?:(?:any|are there any|the|all|last|latest|recent|new|list of)(?: the)? )+messages",
    ),
    // What a case is.
    (
        What::Details,
        "(?:the )?(?:case details|details|case status|status|stage|team) (?:of|in|for) {name}",
    ),
    (
        What::Details,
        "what(?: is| s) the (?:case number|number|cnr|cnr number|court|stage|status) (?:of|in|for) {name}",
    ),
    (What::Details, "(?:in )?(?:which|what) court is {name}(?: in| pending in| pending| before)?"),
    (What::Details, "who (?:is working|works|is) (?:on|on the team of|on the team for) {name}"),
    // Money.
    (
        What::Dues,
        "(?:how much|what) (?:does|do|did) {name} (?:still )?owe(?: us| the chamber| to us| the firm)?",
    ),
    (
        What::Dues,
        "how much(?: money)? is (?:due|outstanding|pending|owed|payable)(?: to us)? (?:from|by) {name}",
    ),
    (
        What::Dues,
        "(?:what (?:are|is) )?(?:the )?(?:outstanding )?(?:dues?|outstanding|outstandings|outstanding amount|balance due|receivables) (?:of|from) {name}",
    ),
    (What::Dues, "(?:who|which clients) owes? us(?: money)?"),
    (What::Dues, "(?:what|how much) do (?:our )?clients owe(?: us)?"),
    (
        What::Dues,
        "(?:what are )?(?:our |all |the |all the )?(?:outstanding dues|receivables|client dues|dues of clients)",
    ),
    (
        What::Dues,
        "{name} (?:ka|ke|ki|par|pe|se|ko) kitna(?: paisa| paise| fees)? (?:baki|baaki|bakaya|dena|lena|due)(?: hai| he| h)?",
    ),
    (What::Dues, "{name} (?:पर|का|के|से) कितना (?:बकाया|बाकी|पैसा बाकी|लेना)(?: है)?"),
    (What::Dues, "{name} ne kitna dena hai"),
    (
        What::Unbilled,
        "(?:what|how much)(?: time| work)?(?: is| s)(?: still)? (?:unbilled|not billed|not yet billed|to be billed)(?: time)?{in}",
    ),
    (
        What::Unbilled,
        "(?:the |our |my |all )?(?:unbilled time|unbilled hours|unbilled work|unbilled)(?: (?:in|for|on|of) {name})?",
    ),
    (What::Unbilled, "how much (?:unbilled time|unbilled work) (?:is there|do we have){in}"),
    (What::Unbilled, "{name} (?:mein|me|main|ka) kitna unbilled(?: time)?(?: hai)?"),
    (
        What::Unpaid,
        "(?:(?:what|which|all|the|our|list of|are there any|any)(?: are)? )*(?:unpaid|outstanding|open|pending|overdue) (?:invoices|bills)(?: (?:of|for|to|in) {name})?",
    ),
    (What::Unpaid, "which (?:invoices|bills) are (?:unpaid|outstanding|open|pending|overdue){in}"),
    (
        What::Invoices,
        "(?:(?:what|which|all|the|list of|list all|list the)(?: are)? )*(?:invoices|bills) (?:of|for|to|in|raised on|sent to) {name}",
    ),
];

const NAME: &str = r"(?P<name>[^?]{2,80}?)";
const SIDE: &str = r"(?P<side>[^?]{2,60}?)";

static GRAMMAR: LazyLock<Vec<(What, Regex)>> = LazyLock::new(|| {
    let made = SENTENCES.iter().filter_map(|(what, sentence)| {
        let sentence = sentence
            .replace("{in}", "(?: (?:in|of|for) {name})?")
            .replace("{on}", "(?: {day})?")
            .replace("{day}", &format!("(?P<day>{DAY})"))
            .replace("{name}", NAME)
            .replace("{side}", SIDE);
        Some((*what, Regex::new(&format!("^{sentence}$")).ok()?))
    });
    made.collect()
});

static POLITE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:(?:please|kindly|hi|hello|hey|ok|so|munshi|(?:can|could|would) you(?: please)?|(?:tell|show|give)(?: me| us)?|list|i want to know|let me know|mujhe|zara) )+",
    )
    .ok()
});

static TRAILING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?: (?:please|pls|batao|bataiye|bataye|bata do|dikhao|बताओ|बताइए|बताइये|now|right now|ji))+$").ok()
});

/// A question in plain small letters: no marks above letters, no punctuation but what
/// stands between figures.
fn plain(question: &str) -> String {
    let letters: Vec<char> = question
        .nfkd()
        .filter(|&c| !matches!(c, '\u{300}'..='\u{36f}' | '\u{93c}' | '\u{200c}' | '\u{200d}'))
        .flat_map(char::to_lowercase)
        .collect();
    let figure = |at: Option<&char>| at.is_some_and(char::is_ascii_digit);
    let mut text = String::with_capacity(letters.len());
    for (at, &c) in letters.iter().enumerate() {
        let between = figure(at.checked_sub(1).and_then(|before| letters.get(before)))
            && figure(letters.get(at + 1));
        let kept = c.is_alphanumeric()
            || matches!(c, '\u{900}'..='\u{963}' | '\u{966}'..='\u{97f}')
            || (between && matches!(c, '.' | '/' | '-'))
            || c == '&';
        text.push(if kept { c } else { ' ' });
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// What a question asks of the tables by its words; none when it is about something else.
pub(in crate::assistant::facts) fn read(question: &str) -> Option<Asked> {
    if question.chars().count() > 200 {
        return None;
    }
    let question = plain(question);
    let bare = POLITE.as_ref()?.replace(&question, "");
    let bare = TRAILING.as_ref()?.replace(&bare, "");
    // `list` and `show` are polite, and the beginning of some sentences, too.
    [bare.as_ref(), question.as_str()].into_iter().find_map(sentence)
}

fn sentence(question: &str) -> Option<Asked> {
    GRAMMAR.iter().find_map(|(what, sentence)| {
        let found = sentence.captures(question)?;
        let part = |name| found.name(name).map(|part| part.as_str().trim().to_owned());
        let (day, name, side) = (part("day"), part("name"), part("side"));
        // `the hearings of today` names a day and no case.
        if name.as_deref().is_some_and(super::is_day) {
            return Some(Asked { what: *what, day: name, name: None, side });
        }
        Some(Asked { what: *what, day, name, side })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_an_expression() {
        assert_eq!(GRAMMAR.len(), SENTENCES.len());
        assert!(POLITE.is_some() && TRAILING.is_some());
    }
}
