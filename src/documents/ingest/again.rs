//! Reading pages anew that were read before: with another language, a better
//! scanner of the same file, or after a failure.

use super::super::reading::{ReadEvent, ReadOptions, ReadPage};
use super::super::{Documents, Origin};
use super::decide;
use crate::db::{DbError, Tx};
use crate::jobs::JobError;
use crate::kernel::VersionId;
use crate::statement;

/// Up to this many pages are fetched one by one; more are read in one go.
const FEW: usize = 4;

#[derive(sqlx::FromRow)]
struct Number {
    number: i64,
}

impl Documents {
    /// Reads the pages anew that wait for it.
    pub(super) async fn read_again(&self, origin: &Origin) -> Result<(), JobError> {
        let version = origin.version_id;
        let wanted = wanted(&mut self.db.read().await?, version).await?;
        if wanted.len() <= FEW {
            for &page in &wanted {
                let options = ReadOptions { from: page, only: true, ..self.options(origin)? };
                self.replace(origin, options, &wanted).await?;
            }
        } else if let Some(&from) = wanted.first() {
            let options = ReadOptions { from, ..self.options(origin)? };
            self.replace(origin, options, &wanted).await?;
        }
        Ok(())
    }

    /// Reads pages and stores those that are wanted.
    async fn replace(
        &self,
        origin: &Origin,
        options: ReadOptions,
        wanted: &[u32],
    ) -> Result<(), JobError> {
        let file = self.plain_file(origin).await?;
        let mut events = self.reader.read(file, origin.format()?, options);
        while let Some(event) = events.recv().await {
            match event {
                Ok(ReadEvent::Page(page)) if wanted.contains(&page.number) => {
                    let mut page: Vec<ReadPage> = vec![page];
                    self.store_pages(origin.version_id, &mut page).await?;
                }
                Ok(_) => {}
                Err(error) => {
                    if error.wants_password() {
                        self.ask_password(origin.version_id).await?;
                    }
                    return Err(decide(error));
                }
            }
        }
        Ok(())
    }
}

/// The pages that wait to be read anew, in order.
async fn wanted(tx: &mut Tx, version: VersionId) -> Result<Vec<u32>, DbError> {
    let select =
        statement!("SELECT number FROM pages WHERE version_id = $1 AND again ORDER BY number");
    let rows = tx.all::<Number>(select.bind(version)).await?;
    Ok(rows.into_iter().filter_map(|row| u32::try_from(row.number).ok()).collect())
}

/// Pages that could not be read anew keep what they had and say why.
pub(super) async fn give_up(tx: &mut Tx, version: VersionId, reason: &str) -> Result<(), DbError> {
    let update =
        statement!("UPDATE pages SET again = FALSE, error = $2 WHERE version_id = $1 AND again");
    tx.execute(update.bind(version).bind(reason)).await.map(drop)
}
