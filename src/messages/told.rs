//! Who is told of a message, in the transaction that sends it.

use super::{Channel, MessageError, Messages, mentions, store};
use crate::db::Tx;
use crate::kernel::{CaseId, CaseMessageId, Scope};
use crate::notices::{Notice, Reader};

impl Messages {
    /// Tells the others of a message: those it names, the rest of the team, and in the
    /// client's channel the other side.
    pub(super) async fn tell(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        (id, case, channel): (CaseMessageId, CaseId, Channel),
        text: &str,
    ) -> Result<(), MessageError> {
        let organisation = scope.organisation();
        let known = store::titled(tx, case, scope.user()).await?;
        let (case_title, from) = (|| known.title.clone(), || known.author.clone());
        let page = format!("/cases/{case}/messages?with={}", channel.as_str());
        let team = store::team(tx, case).await?;
        let named = if scope.client().is_some() {
            Vec::new()
        } else {
            let people = store::can_be_named(tx, case).await?;
            mentions::named(text, &people)
        };
        for &user in named.iter().filter(|user| **user != scope.user()) {
            store::mention(tx, id, user).await?;
            let notice = Notice::Mentioned { case_title: case_title(), from: from() };
            let reader = Reader::Person(user);
            self.parts.notices.tell(tx, organisation, reader, &notice, &page).await?;
        }
        for user in team {
            if user == scope.user() || named.contains(&user) {
                continue;
            }
            let notice = if scope.client().is_some() {
                Notice::MessageCame { case_title: case_title(), from: from() }
            } else {
                Notice::TeamWrote { case_title: case_title(), from: from() }
            };
            let reader = Reader::Person(user);
            self.parts.notices.tell(tx, organisation, reader, &notice, &page).await?;
        }
        if let (Channel::Client, None, Some(client)) = (channel, scope.client(), known.client_id) {
            let notice = Notice::MessageCame { case_title: case_title(), from: from() };
            let page = format!("/portal/messages/{case}");
            let reader = Reader::Client(client);
            self.parts.notices.tell(tx, organisation, reader, &notice, &page).await?;
        }
        Ok(())
    }
}
