//! What the assistant's sample pages show.

use super::super::answer;
use super::super::page::Area;
use super::super::parts::samples::{case, id, moment, notice, place, text};
use super::*;
use crate::kernel::Role;

const ANSWER: &str = "The application for anticipatory bail was **refused on 12 March 2023** [1]. \
    The learned Sessions Judge gave two reasons:\n\n\
    1. custodial interrogation was considered necessary to recover the ledgers [1];\n\
    2. the applicant had not joined the investigation despite two notices [2].\n\n\
    > the applicant has chosen to remain away from the investigation [2]\n\n\
    A fresh application was filed after the charge sheet [3].";

fn source(number: u32, title: &str, excerpt: &str) -> Source {
    let place = place(20 + u128::from(number), number + 2);
    let newer = (number == 2).then_some(3);
    Source { number, title: text(title), place, excerpt: text(excerpt), cited: number < 4, newer }
}

fn sources() -> Vec<Source> {
    vec![
        source(
            1,
            "Order dated 12 March 2023",
            "the recovery of the ledgers would require custodial interrogation, and the prayer is declined",
        ),
        source(
            2,
            "Status report of the Investigating Officer",
            "the applicant has chosen to remain away from the investigation although notices under section 41A were served on 3 and 17 February 2023",
        ),
        source(
            3,
            "Bail application no. 77 of 2023",
            "the present application is moved upon the filing of the charge sheet, which is a change of circumstances",
        ),
        source(4, "Written submissions", "reliance is placed upon the decision in Arnesh Kumar"),
    ]
}

fn answer(id_number: u128) -> AnswerView {
    AnswerView {
        id: id(id_number),
        blocks: answer::blocks(ANSWER, &sources(), &[]),
        sources: sources(),
        removed: vec![Removed {
            what: text("quotation"),
            text: text("the accused is a habitual offender"),
            reason: text("these words are not in the passage cited"),
        }],
        label: text("Answered by gpt-4.1-mini"),
        verified: text("5 quotations checked word for word, 1 quotation removed."),
        proposals: ProposalRow::samples(),
        coverage: text(
            "Searched 12 documents, 80 pages; 1 page unreadable; 1 document still being read.",
        ),
        usage: Some(UsageView {
            tokens_in: 6_120,
            tokens_out: 412,
            cost: Paise(38),
            model: text("gpt-4.1-mini"),
        }),
        known: vec![Known {
            number: 5,
            title: text("Hearings of Sharma Textiles v. Union of India"),
            href: text("/cases/1"),
            lines: vec![text("12 March 2023, for orders"), text("3 April 2023, for hearing")],
            cited: false,
        }],
        ended: None,
        variants: Variants {
            number: 2,
            count: 2,
            earlier: Some(text("/cases/1/assistant/71?through=80")),
            later: None,
        },
        judged: None,
        pinned: false,
        may_pin: true,
    }
}

impl PinnedView {
    pub(crate) fn sample() -> Self {
        Self {
            question: Some(text("Why was anticipatory bail refused?")),
            answer: answer(83),
            by: text("Anjali Mehta"),
            at: moment(-600),
            may_unpin: true,
        }
    }
}

impl TalkPage {
    pub(crate) fn sample() -> Self {
        let page = AssistantPage::sample();
        Self {
            layout: page.layout,
            back: text("/assistant/71"),
            case: Some(text("Sharma Textiles v. Union of India")),
            made: moment(0),
            messages: page.messages,
        }
    }
}

fn question(number: u128, words: &str) -> MessageView {
    MessageView::Question {
        id: id(number),
        text: text(words),
        asked: moment(-5),
        variants: Variants { number: 1, count: 1, ..Variants::default() },
    }
}

impl AssistantPage {
    pub(crate) fn sample() -> Self {
        let row = |number, title: &str| ConversationRow {
            id: id(number),
            title: text(title),
            case: None,
            touched: moment(-60),
        };
        let asked = text("Why was anticipatory bail refused, and what happened next?");
        Self {
            layout: Layout::sample("Assistant", Area::Cases, Role::Admin),
            case: Some(case()),
            reach: text("the 12 documents of this case"),
            conversations: vec![
                row(71, "Why was anticipatory bail refused, and what happened next?"),
                row(72, "What does the status report say about the ledgers?"),
            ],
            words: String::new(),
            older: Some(text("/cases/1/assistant?after=72")),
            conversation: Some(id(71)),
            title: text("Why was anticipatory bail refused?"),
            last: Some(id(82)),
            reasons: vec![Choice {
                value: text("wrong"),
                label: text("What it says is wrong"),
                chosen: false,
            }],
            messages: vec![
                question(80, &asked),
                MessageView::Answer(Box::new(answer(81))),
                question(84, "Who was the judge?"),
                MessageView::Answer(Box::new(AnswerView {
                    ended: Some(text("Stopped by you. What had come is kept.")),
                    judged: Some(JudgedView { helpful: false, words: text("It is unclear") }),
                    pinned: true,
                    ..answer(85)
                })),
                MessageView::Pending { id: id(82) },
                MessageView::Failed {
                    id: id(86),
                    reason: text("The search index could not be read. Try again in a minute."),
                    variants: Variants::default(),
                },
            ],
            draft: String::new(),
            examples: Vec::new(),
            shows_cost: true,
            without_model: false,
        }
    }

    pub(crate) fn sample_start() -> Self {
        Self {
            layout: Layout::sample("Assistant", Area::Assistant, Role::Advocate)
                .with_notices(vec![notice()]),
            case: None,
            reach: text("all 167 documents open to you"),
            conversations: Vec::new(),
            words: text("ledger"),
            older: None,
            title: String::new(),
            last: None,
            reasons: Vec::new(),
            conversation: None,
            messages: Vec::new(),
            draft: text("What is the next date"),
            examples: vec![
                text("What did the last order direct, and by when?"),
                text("Which documents mention the notice under section 138?"),
            ],
            shows_cost: false,
            without_model: true,
        }
    }
}
