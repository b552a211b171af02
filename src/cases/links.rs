//! Which case comes from which: the tree of a proceeding.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{CaseError, Cases};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, Scope};
use crate::statement;

/// How one case comes from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CaseLinkKind)]
pub enum LinkKind {
    /// An appeal from it.
    Appeal,
    /// A revision of it.
    Revision,
    /// A special leave petition.
    Slp,
    /// A review of it.
    Review,
    /// A curative petition.
    Curative,
    /// An application in it.
    Application,
    /// The execution of its decree.
    Execution,
    /// It was transferred.
    Transfer,
    /// Heard together with it.
    Connected,
}

impl LinkKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Appeal,
        Self::Revision,
        Self::Slp,
        Self::Review,
        Self::Curative,
        Self::Application,
        Self::Execution,
        Self::Transfer,
        Self::Connected,
    ];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Appeal => "appeal",
            Self::Revision => "revision",
            Self::Slp => "slp",
            Self::Review => "review",
            Self::Curative => "curative",
            Self::Application => "application",
            Self::Execution => "execution",
            Self::Transfer => "transfer",
            Self::Connected => "connected",
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Appeal => "appeal",
            Self::Revision => "revision",
            Self::Slp => "special leave petition",
            Self::Review => "review",
            Self::Curative => "curative petition",
            Self::Application => "application",
            Self::Execution => "execution",
            Self::Transfer => "transferred case",
            Self::Connected => "connected matter",
        }
    }
}

impl FromStr for LinkKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| text.to_owned())
    }
}

/// A case in the tree of a proceeding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Which case.
    pub id: CaseId,
    /// How it is called.
    pub title: String,
    /// Its number.
    pub number: Option<String>,
    /// Its court.
    pub court: Option<String>,
    /// `open` or `closed`.
    pub status: String,
    /// How it comes from the case above it, and which that is; none at the root.
    pub from: Option<(CaseId, LinkKind)>,
    /// How deep it stands, from 0.
    pub depth: usize,
}

/// How many cases a tree shows.
const LARGEST: usize = 500;

impl Cases {
    /// The proceeding a case belongs to, each case before those that come from it, as far as
    /// they are open to the caller: a case that is not is not there at all, and what hangs
    /// on it alone begins a tree of its own. Empty when nothing is linked.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when what is in the case is not open to the caller.
    pub async fn proceeding(&self, scope: &Scope, case: CaseId) -> Result<Vec<Branch>, CaseError> {
        let mut tx = self.db.read().await?;
        self.reads(&mut tx, scope, case).await?;
        let links = seen(&mut tx, scope).await?;
        let tree = walk(case, &links);
        if tree.is_empty() {
            return Ok(Vec::new());
        }
        let ids: BTreeSet<CaseId> = tree.iter().map(|(id, ..)| *id).collect();
        let known: BTreeMap<CaseId, CaseRow> =
            rows(&mut tx, scope, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
        let branch = |(id, from, depth)| {
            let CaseRow { id, title, number, court, status } = known.get(&id)?.clone();
            Some(Branch { id, title, number, court, status, from, depth })
        };
        Ok(tree.into_iter().filter_map(branch).collect())
    }

    /// Says that a case comes from another. Both must be open to the caller, and the child
    /// theirs to change.
    ///
    /// # Errors
    /// Fails when one is not, or when the parent comes from the child itself.
    pub async fn link(
        &self,
        scope: &Scope,
        child: CaseId,
        parent: CaseId,
        kind: LinkKind,
    ) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        self.changes(&mut tx, scope, child).await?;
        self.reads(&mut tx, scope, parent).await.map_err(|error| match error {
            CaseError::NotFound => CaseError::Unfit("choose another case that is open to you"),
            error => error,
        })?;
        // Two links made at once could close a circle; one waits for the other here.
        let lock = statement!("UPDATE organisations SET name = name WHERE id = $1");
        tx.execute(lock.bind(scope.organisation())).await?;
        if parent == child || comes_from(&mut tx, scope, parent, child).await? {
            return Err(CaseError::Unfit("a case cannot come from one that comes from it"));
        }
        let insert = statement!(
            "INSERT INTO case_links (parent_id, child_id, kind, added_by, added_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (parent_id, child_id) DO UPDATE SET kind = $3"
        );
        let insert = insert.bind(parent).bind(child).bind(kind.as_str()).bind(scope.user());
        tx.execute(insert.bind(self.clock.now())).await?;
        let details = json!({ "case": child, "parent": parent, "kind": kind.as_str() });
        self.record(&mut tx, scope, "case.link", details).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a link between two cases away.
    ///
    /// # Errors
    /// Fails when the child is not the caller's to change, or the two are not linked as far
    /// as the caller may see.
    pub async fn unlink(
        &self,
        scope: &Scope,
        child: CaseId,
        parent: CaseId,
    ) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        self.changes(&mut tx, scope, child).await?;
        self.reads(&mut tx, scope, parent).await?;
        let delete = statement!("DELETE FROM case_links WHERE parent_id = $1 AND child_id = $2");
        if tx.execute(delete.bind(parent).bind(child)).await? == 0 {
            return Err(CaseError::NotFound);
        }
        let details = json!({ "case": child, "parent": parent });
        self.record(&mut tx, scope, "case.unlink", details).await?;
        Ok(tx.commit().await?)
    }
}

/// A link: which case comes from which.
type Link = (CaseId, CaseId, LinkKind);
/// A case in the tree: how it comes from which other, and how deep.
type Node = (CaseId, Option<(CaseId, LinkKind)>, usize);

/// The tree a case stands in, from its root on, each case once.
fn walk(case: CaseId, links: &[Link]) -> Vec<Node> {
    if !links.iter().any(|(parent, child, _)| *parent == case || *child == case) {
        return Vec::new();
    }
    let mut root = case;
    let mut above = BTreeSet::from([case]);
    while let Some((parent, ..)) = links.iter().find(|(_, child, _)| *child == root) {
        if !above.insert(*parent) {
            break;
        }
        root = *parent;
    }
    let mut tree = Vec::new();
    let mut known = BTreeSet::new();
    let mut next: Vec<Node> = vec![(root, None, 0)];
    while let Some(node @ (id, _, depth)) = next.pop() {
        if tree.len() >= LARGEST || !known.insert(id) {
            continue;
        }
        tree.push(node);
        let children = links.iter().filter(|(parent, ..)| *parent == id);
        let children = children.map(|(_, child, kind)| (*child, Some((id, *kind)), depth + 1));
        next.extend(children.collect::<Vec<Node>>().into_iter().rev());
    }
    // A second root of the case itself is shown after the first tree.
    for (parent, child, kind) in links.iter().filter(|(_, child, _)| *child == case) {
        if known.insert(*parent) {
            tree.push((*parent, None, 0));
            tree.push((*child, Some((*parent, *kind)), 1));
        }
    }
    tree
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    parent_id: CaseId,
    child_id: CaseId,
    kind: String,
}

/// The links between cases that are both open to the caller.
async fn seen(tx: &mut Tx, scope: &Scope) -> Result<Vec<Link>, DbError> {
    let select = statement!(
        "SELECT l.parent_id, l.child_id, l.kind
         FROM case_links l JOIN cases c ON c.id = l.child_id
         WHERE c.organisation_id = $1
           AND ($2 OR (EXISTS (SELECT 1 FROM open_cases m
                               WHERE m.case_id = l.parent_id AND m.user_id = $3)
                       AND EXISTS (SELECT 1 FROM open_cases m
                                   WHERE m.case_id = l.child_id AND m.user_id = $3)))
         ORDER BY l.added_at, l.parent_id, l.child_id LIMIT 20000"
    );
    let rows = tx.all::<LinkRow>(super::store::seen_by(select, scope)).await?;
    let link = |LinkRow { parent_id, child_id, kind }| {
        let unknown = |value| DbError::Inconsistent { table: "case_links", column: "kind", value };
        Ok((parent_id, child_id, kind.parse().map_err(unknown)?))
    };
    rows.into_iter().map(link).collect()
}

#[derive(sqlx::FromRow)]
struct Pair {
    parent_id: CaseId,
    child_id: CaseId,
}

/// Whether a case comes from another, through whichever cases: the one place where links
/// of cases not open to the caller count, so that no circle can be closed.
async fn comes_from(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
    other: CaseId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT l.parent_id, l.child_id FROM case_links l JOIN cases c ON c.id = l.child_id
         WHERE c.organisation_id = $1"
    );
    let links = tx.all::<Pair>(select.bind(scope.organisation())).await?;
    let mut above = BTreeSet::from([case]);
    let mut front = vec![case];
    while let Some(at) = front.pop() {
        for link in links.iter().filter(|link| link.child_id == at) {
            if above.insert(link.parent_id) {
                front.push(link.parent_id);
            }
        }
    }
    Ok(above.contains(&other))
}

#[derive(Clone, sqlx::FromRow)]
struct CaseRow {
    id: CaseId,
    title: String,
    number: Option<String>,
    court: Option<String>,
    status: String,
}

async fn rows(tx: &mut Tx, scope: &Scope, ids: &BTreeSet<CaseId>) -> Result<Vec<CaseRow>, DbError> {
    let select = statement!(
        "SELECT c.id, c.title, c.number, c.court, c.status FROM cases c
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))"
    );
    tx.all(super::store::seen_by(select, scope).and_in("c.id", ids.iter().copied())).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_begins_at_its_root_and_has_each_case_once() {
        let [suit, appeal, leave, other] = [(); 4].map(|()| CaseId::new());
        let links = [(suit, appeal, LinkKind::Appeal), (appeal, leave, LinkKind::Slp)];
        let ids = |case| walk(case, &links).into_iter().map(|(id, ..)| id).collect::<Vec<_>>();
        for case in [suit, appeal, leave] {
            assert_eq!(ids(case), [suit, appeal, leave]);
        }
        assert!(ids(other).is_empty());
        let deepest = walk(suit, &links)[2];
        assert_eq!((deepest.1, deepest.2), (Some((appeal, LinkKind::Slp)), 2));
    }

    #[test]
    fn a_circle_ends() {
        let [one, two] = [(); 2].map(|()| CaseId::new());
        let links = [(one, two, LinkKind::Connected), (two, one, LinkKind::Connected)];
        assert_eq!(walk(one, &links).len(), 2);
    }
}
