//! Golden questions as JSON lines: one question a line, to carry them elsewhere or
//! keep them under version control.

use super::{Golden, GoldenError, MOST, NewQuestion, Question};
use crate::kernel::Scope;

impl Golden {
    /// Every golden question, one JSON object a line.
    ///
    /// # Errors
    /// Fails for anyone but an admin, or when the database does.
    pub async fn export(&self, scope: &Scope) -> Result<String, GoldenError> {
        let questions = self.list(scope).await?;
        Ok(questions.into_iter().map(line).collect())
    }

    /// Adds the questions of a text that [`Golden::export`] could have made, all of them
    /// or none; those that are there already are passed over. Gives how many were added.
    ///
    /// # Errors
    /// Fails on the first line that cannot be read or names what is not there, with its
    /// number; and for anyone but an admin.
    pub async fn import(&self, scope: &Scope, text: &str) -> Result<usize, GoldenError> {
        let there: Vec<NewQuestion> = self.list(scope).await?.into_iter().map(new).collect();
        let most = usize::try_from(MOST).unwrap_or(usize::MAX);
        let mut wanted: Vec<NewQuestion> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            let refused = |reason: String| GoldenError::Line { line: number, reason };
            let read: Result<NewQuestion, _> = serde_json::from_str(line);
            let read = read.map_err(|error| refused(error.to_string()))?;
            let one = self.checked(scope, read).await.map_err(|error| match error {
                GoldenError::Db(error) => GoldenError::Db(error),
                error => refused(error.to_string()),
            })?;
            if !there.contains(&one) && !wanted.contains(&one) {
                wanted.push(one);
            }
            if wanted.len() > most {
                return Err(GoldenError::TooMany);
            }
        }
        if wanted.is_empty() {
            return Ok(0);
        }
        Ok(self.add_all(scope, wanted).await?.len())
    }
}

fn new(question: Question) -> NewQuestion {
    let Question { id: _, question, case, note, expected, changed_at: _ } = question;
    NewQuestion { question, case, note, expected }
}

fn line(question: Question) -> String {
    // Text, ids and numbers always become JSON.
    serde_json::to_string(&new(question)).unwrap_or_default() + "\n"
}
