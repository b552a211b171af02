//! The words by which an order lists a case, or tells somebody to do something, and those
//! by which a text only tells of an earlier order.

use std::sync::LazyLock;

use regex::Regex;

use super::dates::pattern;

/// Words that list a case for a day.
static LISTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?P<cue>re-?list(?:ed)?|list(?:ed)?|re-?notif(?:y|ied)|put\s+up|adjourned|adj\.|stands?\s+over|re-?posted|posted|post|re-?fixed|fixed|fix|called\s+on|come\s+up|taken\s+up|returnable|next\s+date(?:\s+of\s+hearing)?|ndoh|appear|s\.\s?o\.)",
    )
});

/// How the words before a day lead to it.
static LEADS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^|\s)(?:on|to|for|before|by|in|after|till|is|at|:|-|(?:on|in)\s+the\s+week\s+(?:commencing|of|beginning)(?:\s+(?:on|from))?)\s*(?:the\s+|day\s+)?$|^[\s:-]*$",
    )
});

/// Words that cannot stand between the listing and its day.
static STRAYS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:published|prepared|dated|sent|issued|drawn|which|who|whereas|directed|filed?|shall|paid|deposit(?:ed)?|enable|having)\b|[;.]\s",
    )
});

/// How a day on or before which something is due is written.
static DUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:on\s+or\s+before|by|not\s+later\s+than|no\s+later\s+than|latest\s+by|positively\s+by|(?:time|granted|extended)\b.{0,60}\s(?:up\s?to|till|until))\s+(?:the\s+)?$",
    )
});

/// Words that order something beyond doubt.
static ORDERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:is|are|stands?|be)\s+(?:(?:\w+ly|also|hereby|further|therefore|thus)\s*,?\s+){0,2}(?:directed|ordered|requested|permitted|granted|allowed)\b|\b(?:we|i)\s+(?:(?:\w+ly|also|hereby|further|therefore|thus)\s*,?\s+){0,2}(?:direct|order|grant|request)\b|\b(?:we|i)\s+would\s+(?:\w+\s+)?(?:direct|request)\b|\bit\s+is\s+(?:\w+\s+){0,2}(?:directed|ordered)\b|\btime\s+(?:\w+\s+){0,4}granted\b|\blet\s+(?:the|a|an|it|him|them|her|reply|counter|notice|steps|copy|copies|respondents?|petitioners?|appellants?|rejoinder|affidavit)\b|\bgranted\s+(?:\w+\s+){0,3}time\b",
    )
});

/// Words that order something where nothing speaks against it.
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bshall\b|\b(?:may|to|will|must)\s+(?:also\s+)?(?:be\s+)?(?:fil|deposit|pay|paid|submit|serv|suppl|compl)|\bbe\s+(?:also\s+|positively\s+)?(?:filed|complied|deposited|paid|completed|disposed|decided|given|done|submitted|produced|served|furnished|released|returned|made|concluded|placed|sent|taken|issued|supplied|heard)\b|^\W*(?:\d+\W+)?(?:issue|file|counter|reply|rejoinder|written\s+statement|replication|affidavit|steps|process|compliance)\b",
    )
});

/// Words of a statute or rule, which orders nothing of this case.
static STATUTE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bsub-?\s?s(?:ection|ec)?\b|\blimitation\b|\bprovided\s+(?:further\s+|also\s+)?that\b|\bproviso\b|\bthe\s+Act\b|\bclause\s*\(|\bunder\s+article\s+\d|\bany\s+person\b|\bevery\s+person\b|\bsection\s+\d+\b.*\bshall\b|\bunder\s+(?:sub-)?rule\b|\bregulation\s+\d|\bSchedule\b|\bnotwithstanding\b",
    )
});

/// Words that tell of what was ordered before.
static TOLD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:was|were|had|has|have)\s+(?:\w+\s+){0,3}(?:directed|granted|ordered|required|allowed|given|asked|requested|sought|permitted|adjourned|listed|posted|fixed|issued|made|passed|agreed|notified|decided|provided)\b|\bwould\s+be\b|\bfailed\s+to\b|\b(?:courts?|judge|tribunal|magistrate|authority|commission(?:er)?|bench|board|committee|government|it|he|she|they|we|counsel|order|who|which|and)\s+(?:[\w.]+\s+){0,6}(?:passed|made|issued|directed|ordered|granted|held|observed|submitted|contended|argued|prayed|undertook|required|stated)\b|\bhad\s+to\b",
    )
});

/// What a listing is for.
static PURPOSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bfor\s+(?P<what>[a-z][a-z /,&'’-]{2,60}?)\s*(?:$|\b(?:on|at|before|by|in|after)\b|[.;,])",
    )
});

/// Whether what stands before a day lists the case for it; `opened` when the day is a
/// period with its own word before it, as `after four weeks`.
pub(super) fn lists(before: &str, opened: bool) -> bool {
    let Some(cue) = LISTS.captures_iter(before).last() else { return false };
    let Some(at) = cue.name("cue") else { return false };
    let gap = &before[at.end()..];
    if gap.len() > 120 || STRAYS.is_match(gap) || !(opened || LEADS.is_match(gap)) {
        return false;
    }
    let word = at.as_str().to_lowercase();
    let words: Vec<String> = before[..at.start()]
        .split_whitespace()
        .rev()
        .take(4)
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .collect();
    let near = |set: &[&str], count: usize| {
        words.iter().take(count).any(|word| set.contains(&word.as_str()))
    };
    if near(&["not"], 3) {
        return false;
    }
    if near(&["was", "were", "been", "had", "got", "stood", "having", "got", "again"], 3)
        && !near(&["be", "is", "are", "shall"], 2)
    {
        return false;
    }
    match word.as_str() {
        "list" => {
            let nouns = [
                "the",
                "a",
                "an",
                "merit",
                "seniority",
                "select",
                "said",
                "such",
                "this",
                "short",
                "waiting",
                "voters",
                "that",
                "union",
                "state",
                "concurrent",
                "cause",
                "in",
                "of",
                "to",
                "gradation",
                "rate",
            ];
            !near(&nouns, 1) || before[at.start()..].starts_with("list the ")
        }
        "listed" | "posted" | "fixed" | "adjourned" | "re-listed" | "relisted" => {
            words.is_empty()
                || near(&["be", "is", "are", "stand", "stands", "now", "matter", "case"], 2)
                || before[..at.start()].trim_end().ends_with(['.', ':', ')', ']'])
        }
        "fix" | "post" => words.is_empty(),
        "appear" => near(&["shall", "to", "will", "directed"], 2),
        "put up" => {
            words.is_empty()
                || near(&["be", "is", "now", "matter", "case", "file", "and"], 1)
                || before[..at.start()].trim_end().ends_with(['.', ':', ';', ')', ']'])
        }
        "come up" | "taken up" | "called on" => near(&["shall", "to", "be", "will"], 2),
        _ => true,
    }
}

/// Whether what stands before a day makes it the last day for something.
pub(super) fn is_due(before: &str) -> bool {
    DUE.is_match(before)
}

/// Whether a sentence orders something of this case, as far as its words up to a day say.
pub(super) fn orders(sentence: &str, before: &str) -> bool {
    !tells(before)
        && (ORDERS.is_match(sentence) || (ASKS.is_match(sentence) && !STATUTE.is_match(sentence)))
}

/// Whether a sentence orders something beyond doubt: what stands in the body of a long
/// judgment mostly tells of other orders.
pub(super) fn commands(sentence: &str) -> bool {
    ORDERS.is_match(sentence) && !tells(sentence)
}

/// Whether words tell of an earlier order.
pub(super) fn tells(before: &str) -> bool {
    TOLD.find_iter(before).any(|hit| {
        let words = hit.as_str().to_lowercase();
        !words
            .split_whitespace()
            .any(|word| matches!(word, "is" | "are" | "be" | "shall" | "stand" | "stands"))
    })
}

/// What the case is listed for.
pub(super) fn purpose(before: &str, after: &str) -> Option<String> {
    let gap = LISTS.find_iter(before).last().map_or("", |cue| &before[cue.end()..]);
    let found = PURPOSE.captures(gap).or_else(|| {
        let after = after.trim_start_matches([' ', ',', '\n']);
        after.starts_with("for ").then(|| PURPOSE.captures(after)).flatten()
    })?;
    let what = found.name("what")?.as_str();
    Some(what.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_is_told_from_a_list_and_from_a_recital() {
        assert!(lists("Put up for reply and arguments on ", false));
        assert!(lists("List the matter for further orders on ", false));
        assert!(lists("The case shall be listed on ", false));
        assert!(lists("Renotify on ", false));
        assert!(lists("The matter is adjourned to ", false));
        assert!(lists("List ", true));
        assert!(!lists("the merit list published on ", false));
        assert!(!lists("The matter was adjourned to ", false));
        assert!(!lists("the case had been listed on ", false));
        assert!(!lists("draft partial seniority list was issued on ", false));
    }

    #[test]
    fn an_order_is_told_from_a_statute_and_from_a_recital() {
        let orders = |text: &str| orders(text, text);
        assert!(orders("The respondents are directed to surrender"));
        assert!(orders("Counter affidavit, if any, be filed"));
        assert!(orders("The IO shall file a reply"));
        assert!(!orders("The High Court directed the appellant to pay"));
        assert!(!orders("The respondents were directed to pay"));
        assert!(!orders("Provided that the award shall be made"));
    }
}
