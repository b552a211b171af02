//! The assistant: conversations, and answers whose every claim can be opened.

use askama::Template;

use super::answer::{Block, Inline, Source};
use super::page::{Layout, pages};
use super::parts::CaseRef;
use super::show::Moment;
use crate::kernel::{ConversationId, MessageId, Paise};

/// The assistant, over one case or everything open to the reader.
#[derive(Debug, Clone, Template)]
#[template(path = "assistant/assistant.html")]
pub struct AssistantPage {
    /// The frame.
    pub layout: Layout,
    /// The case asked about, when it is one.
    pub case: Option<CaseRef>,
    /// What a question reaches: `42 documents of this case`.
    pub reach: String,
    /// Earlier conversations, the latest first.
    pub conversations: Vec<ConversationRow>,
    /// The conversation shown; none before the first question.
    pub conversation: Option<ConversationId>,
    /// Its messages, in order.
    pub messages: Vec<MessageView>,
    /// A question typed elsewhere, to begin with.
    pub draft: String,
    /// Questions to try, while there is no conversation.
    pub examples: Vec<String>,
    /// Whether the reader sees what an answer cost.
    pub shows_cost: bool,
}

/// A conversation in the list.
#[derive(Debug, Clone)]
pub struct ConversationRow {
    /// Which conversation.
    pub id: ConversationId,
    /// Its first question, shortened.
    pub title: String,
    /// Its case, in the list over all cases.
    pub case: Option<String>,
    /// When it was last added to.
    pub touched: Moment,
}

/// A message of a conversation.
#[derive(Debug, Clone)]
pub enum MessageView {
    /// What was asked.
    Question {
        /// The words.
        text: String,
        /// When.
        asked: Moment,
    },
    /// An answer that is complete.
    Answer(Box<AnswerView>),
    /// An answer still being written; the page follows its events.
    Pending {
        /// Which message.
        id: MessageId,
    },
    /// A question that could not be answered.
    Failed {
        /// Why, in a sentence.
        reason: String,
    },
}

/// An answer.
#[derive(Debug, Clone)]
pub struct AnswerView {
    /// Which message.
    pub id: MessageId,
    /// Its text.
    pub blocks: Vec<Block>,
    /// The passages it was given.
    pub sources: Vec<Source>,
    /// What verification struck from it.
    pub removed: Vec<Removed>,
    /// How it was answered: the model's name, or `answered from the documents
    /// without a language model`.
    pub label: String,
    /// What was searched and what could not be.
    pub coverage: String,
    /// What it cost.
    pub usage: Option<UsageView>,
}

/// Something struck from an answer.
#[derive(Debug, Clone)]
pub struct Removed {
    /// What it was: `quotation`, `citation`, `authority`.
    pub what: String,
    /// Its words.
    pub text: String,
    /// Why it was struck.
    pub reason: String,
}

/// What an answer cost.
#[derive(Debug, Clone)]
pub struct UsageView {
    /// Tokens read by the model.
    pub tokens_in: u64,
    /// Tokens written by it.
    pub tokens_out: u64,
    /// The cost.
    pub cost: Paise,
    /// The model.
    pub model: String,
}

impl AssistantPage {
    /// Where the assistant of this page lives.
    #[must_use]
    pub fn base(&self) -> String {
        match &self.case {
            Some(case) => format!("/cases/{}/assistant", case.id),
            None => String::from("/assistant"),
        }
    }

    /// Whether a conversation is the one shown.
    #[must_use]
    pub fn is_shown(&self, row: &ConversationRow) -> bool {
        self.conversation == Some(row.id)
    }

    /// Whether an answer is still being written.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.messages.iter().any(|message| matches!(message, MessageView::Pending { .. }))
    }
}

impl AnswerView {
    /// The passages the answer cites.
    #[must_use]
    pub fn cited(&self) -> Vec<&Source> {
        self.sources.iter().filter(|source| source.cited).collect()
    }

    /// The passages it was given and does not cite.
    #[must_use]
    pub fn uncited(&self) -> Vec<&Source> {
        self.sources.iter().filter(|source| !source.cited).collect()
    }

    /// The number of things struck, in words.
    #[must_use]
    pub fn struck(&self) -> String {
        match self.removed.len() {
            1 => String::from("1 statement removed because it could not be verified"),
            count => format!("{count} statements removed because they could not be verified"),
        }
    }
}

pages!(AssistantPage);

#[cfg(test)]
mod samples {
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
        Source { number, title: text(title), place, excerpt: text(excerpt), cited: number < 4 }
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
            source(
                4,
                "Written submissions",
                "reliance is placed upon the decision in Arnesh Kumar",
            ),
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
            coverage: text(
                "Searched 12 documents, 80 pages; 1 page unreadable; 1 document still being read.",
            ),
            usage: Some(UsageView {
                tokens_in: 6_120,
                tokens_out: 412,
                cost: Paise(38),
                model: text("gpt-4.1-mini"),
            }),
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
                conversation: Some(id(71)),
                messages: vec![
                    MessageView::Question { text: asked, asked: moment(-5) },
                    MessageView::Answer(Box::new(answer(81))),
                    MessageView::Question { text: text("Who was the judge?"), asked: moment(-1) },
                    MessageView::Pending { id: id(82) },
                    MessageView::Failed {
                        reason: text("The search index could not be read. Try again in a minute."),
                    },
                ],
                draft: String::new(),
                examples: Vec::new(),
                shows_cost: true,
            }
        }

        pub(crate) fn sample_start() -> Self {
            Self {
                layout: Layout::sample("Assistant", Area::Assistant, Role::Advocate)
                    .with_notices(vec![notice()]),
                case: None,
                reach: text("all 167 documents open to you"),
                conversations: Vec::new(),
                conversation: None,
                messages: Vec::new(),
                draft: text("What is the next date"),
                examples: vec![
                    text("What did the last order direct, and by when?"),
                    text("Which documents mention the notice under section 138?"),
                ],
                shows_cost: false,
            }
        }
    }
}
