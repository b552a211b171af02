//! What a version is and names, by which it is found and narrowed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::db::{DbError, Tx};
use crate::kernel::{ClientId, VersionId};
use crate::statement;

use super::About;

/// The longest name of a party, in characters; what is longer was cut badly.
const LONGEST_NAME: usize = 80;

/// What a version is and names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// `judgment`, `order`, `agreement` and so on; empty when it was not told.
    pub kind: String,
    /// The court it is of.
    pub court: Option<String>,
    /// Its judges.
    pub judges: Vec<String>,
    /// Its parties.
    pub parties: Vec<String>,
    /// Its date.
    pub date: Option<NaiveDate>,
    /// The languages of its pages: `English`, `Hindi`.
    pub languages: Vec<String>,
    /// The title of the case it is filed in.
    pub case_title: String,
    /// The client whose case it is filed in.
    pub client: Option<(ClientId, String)>,
    /// The number and CNR of that case, and the case numbers it names.
    pub case_numbers: Vec<String>,
    /// The statutes and sections it names, in their normal form: `NI Act s. 138`.
    pub statutes: Vec<String>,
    /// The authorities it cites; those of one decision side by side.
    pub cited: Vec<Vec<String>>,
}

#[derive(sqlx::FromRow)]
struct FiledRow {
    case_title: String,
    number: Option<String>,
    cnr: Option<String>,
    client_id: Option<ClientId>,
    client_name: Option<String>,
    kind: Option<String>,
    about: Option<String>,
}

#[derive(sqlx::FromRow)]
struct LanguageRow {
    language: String,
}

#[derive(sqlx::FromRow)]
struct MentionRow {
    kind: String,
    page: i64,
    normal: String,
    parallel: Option<i64>,
}

/// Reads what a version is and names; nothing when it is gone.
pub(super) async fn named(tx: &mut Tx, version: VersionId) -> Result<Named, DbError> {
    let select = statement!(
        "SELECT c.title AS case_title, c.number, c.cnr, c.client_id, l.name AS client_name,
             v.kind, v.about
         FROM versions v
         JOIN documents d ON d.id = v.document_id
         JOIN cases c ON c.id = d.case_id
         LEFT JOIN clients l ON l.id = c.client_id
         WHERE v.id = $1"
    );
    let Some(filed) = tx.optional::<FiledRow>(select.bind(version)).await? else {
        return Ok(Named::default());
    };
    let select = statement!(
        "SELECT DISTINCT language FROM pages
         WHERE version_id = $1 AND language IS NOT NULL ORDER BY language"
    );
    let languages = tx.all::<LanguageRow>(select.bind(version)).await?;
    let select = statement!(
        "SELECT kind, page, normal, parallel FROM entities
         WHERE version_id = $1
           AND kind IN ('citation', 'case_number', 'cnr', 'section', 'article', 'statute')
         ORDER BY page, start_offset LIMIT 50000"
    );
    let mentions = tx.all::<MentionRow>(select.bind(version)).await?;
    let about: About =
        filed.about.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    let own = [filed.number, filed.cnr].into_iter().flatten();
    Ok(Named {
        kind: filed.kind.unwrap_or(about.kind),
        court: about.court,
        judges: about.judges,
        parties: about.parties.into_iter().filter(|party| is_name(party)).collect(),
        date: about.date.as_deref().and_then(|date| date.parse().ok()),
        languages: languages.iter().map(|row| name_of(&row.language).to_owned()).collect(),
        case_title: filed.case_title,
        client: filed.client_id.zip(filed.client_name),
        case_numbers: own.chain(of_kinds(&mentions, &["case_number", "cnr"])).collect(),
        statutes: of_kinds(&mentions, &["section", "article", "statute"]).collect(),
        cited: cited(&mentions),
    })
}

/// Whether a party is told by a name and not by half the caption.
fn is_name(party: &str) -> bool {
    party.chars().count() <= LONGEST_NAME
}

/// What is named of some kinds, each once.
fn of_kinds(mentions: &[MentionRow], kinds: &[&str]) -> impl Iterator<Item = String> + use<> {
    let of = mentions.iter().filter(|mention| kinds.contains(&mention.kind.as_str()));
    of.map(|mention| mention.normal.clone()).collect::<BTreeSet<_>>().into_iter()
}

/// The citations, those of one decision together, each of these sets once.
fn cited(mentions: &[MentionRow]) -> Vec<Vec<String>> {
    let mut groups: BTreeMap<(i64, i64), Vec<String>> = BTreeMap::new();
    let mut cited: BTreeSet<Vec<String>> = BTreeSet::new();
    for mention in mentions.iter().filter(|mention| mention.kind == "citation") {
        match mention.parallel {
            Some(number) => {
                let group = groups.entry((mention.page, number)).or_default();
                if !group.contains(&mention.normal) {
                    group.push(mention.normal.clone());
                }
            }
            None => {
                cited.insert(vec![mention.normal.clone()]);
            }
        }
    }
    cited.extend(groups.into_values());
    cited.into_iter().collect()
}

/// The name of a language by its ISO 639-1 code; the code when it is not one of
/// those documents here are in.
fn name_of(code: &str) -> &str {
    match code {
        "en" => "English",
        "hi" => "Hindi",
        "mr" => "Marathi",
        "ta" => "Tamil",
        "te" => "Telugu",
        "kn" => "Kannada",
        "gu" => "Gujarati",
        "bn" => "Bengali",
        "ml" => "Malayalam",
        "pa" => "Punjabi",
        "or" => "Odia",
        "ur" => "Urdu",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn citation(page: i64, normal: &str, parallel: Option<i64>) -> MentionRow {
        MentionRow { kind: "citation".into(), page, normal: normal.into(), parallel }
    }

    #[test]
    fn citations_of_one_decision_stand_together_and_a_number_means_nothing_beyond_its_page() {
        let mentions = [
            citation(1, "2024 INSC 835", Some(0)),
            citation(1, "(2024) 9 SCC 1", Some(0)),
            citation(2, "AIR 1973 SC 1461", Some(0)),
            citation(2, "(1973) 4 SCC 225", Some(0)),
            citation(3, "(2019) 4 SCC 1", None),
            citation(4, "(2019) 4 SCC 1", None),
        ];
        let expected = [
            vec!["(2019) 4 SCC 1"],
            vec!["2024 INSC 835", "(2024) 9 SCC 1"],
            vec!["AIR 1973 SC 1461", "(1973) 4 SCC 225"],
        ];
        assert_eq!(cited(&mentions), expected);
    }
}
