//! The permission table in the docs is the one in the code.

use std::fmt::Write;

use munshi::kernel::{Permission, Role};

const HEAD: &str = "\
# Permissions

What a role may do, which cases it may do it to, and what stands in the way. The table is
made from the code that decides; the page **Permissions** and `GET /api/v1/permissions`
show the same one.

";

const TAIL: &str = "
The last column is the scope a personal API token needs; a token never does more than its
owner may.

## Which cases, clients and documents

| role | is open to them | they know of |
|---|---|---|
| admin | every case | every case and client |
| advocate, staff | the cases they work on | those cases, their clients, and clients they added |
| billing | nothing | every case (title, number, court, client) and every client |
| client | the pages shared with the client, until the share ends | the cases shown to them: dates, news, requests and messages; their invoices |

Not open and not there are the same answer, 404. Who may read a case but not do what they
ask gets 403 and the reason.

## In a case

| role in the case | may |
|---|---|
| lead | all that follows, and say who works on the case, set its rates and fees, and show it to the client |
| member | add and change documents, share them with the client |
| viewer | read, search and ask |

Whoever opens a case leads it. A case keeps somebody who leads it: the last lead can be
replaced, not removed; only an admin can leave a case without one. Anyone may leave a case
themselves. Admins lead every case that is open to them. Each change is recorded with what
was before and after.

## Money

Time, invoices and dues are shown to admins and billing, of the cases and clients they know
of, and to an advocate in the cases they lead. Admins and billing issue invoices and enter
payments; whoever works on a case enters their own time. Walls hold for all of it.

## Sharing

A document is shared with the client of its case: all pages or some, in one version, marked or
not, to look at or to take away, until a day or until it is taken back. A share that has ended
is as if it had never been, from that moment on. Who shared what, and until when, stands beside
the document.

## Ethical walls

A wall keeps a person, or everyone in a group, out of a case or of everything of a client,
whatever else they hold; admins too. It works in lists, counts, search, answers, costs,
background work, golden questions, streams and downloads that are open, and it works at
once. Somebody a wall keeps out cannot be made a member.

- Admins raise walls and lift them on the page **Ethical walls**. Both ask for a reason, and
  both are recorded. An admin whom a wall keeps out still sees that it stands and the reason
  given, not what it is about.
- Taking someone out of a group that walls name opens what they closed, so it asks for a
  reason as well. A group that a wall names, or named, is kept.
- An earlier answer that rests on what was closed is withheld whole, and is not told to the
  language model again.

## Why can they see this?

`/access` and `GET /api/v1/access` say whether somebody can see a case or document, and why:
their role, who let them into the case and when, shares and their ends, walls, an account
switched off. The verdict comes from the same rows that decide every request. Those who lead
the case may ask, and admins to whom it is open.
";

fn rendered() -> String {
    let mut text = HEAD.to_owned();
    let names = Role::ALL.map(Role::as_str);
    let _ = writeln!(text, "| to | {} | token |", names.join(" | "));
    let _ = writeln!(text, "|---|{}", "---|".repeat(names.len() + 1));
    for permission in Permission::ALL {
        let may = Role::ALL.map(|role| if permission.roles().contains(&role) { "yes" } else { "" });
        let scope = permission.token_scope().as_str();
        let _ = writeln!(text, "| {} | {} | `{scope}` |", permission.words(), may.join(" | "));
    }
    text + TAIL
}

/// To accept a change, run with `MUNSHI_ACCEPT=1`.
#[test]
fn the_docs_show_the_table_that_decides() {
    let path = format!("{}/docs/permissions.md", env!("CARGO_MANIFEST_DIR"));
    let now = rendered();
    #[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
    if std::env::var("MUNSHI_ACCEPT").is_ok() {
        std::fs::write(&path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == now, "docs/permissions.md differs; run with MUNSHI_ACCEPT=1");
}
