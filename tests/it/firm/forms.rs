//! The forms of pages, filled in well enough to be taken.

use std::fmt::Write as _;

use munshi::kernel::{Clock, SystemClock, day_in_india};

use super::Ids;
use super::requests::{BOUNDARY, NOTHING, Route, delivery, file};

/// Fields of a form: their names and what is filled in.
type Fields = Vec<(&'static str, String)>;

/// The fields of forms about cases and what is in them.
fn for_cases(path: &str, ids: &Ids) -> Option<Fields> {
    Some(match path {
        "/cases/{id}/portal/requests" => vec![("what", "A copy of the lease".into())],
        "/cases/{id}/portal/news" | "/cases/{id}/portal/news/{news}" => {
            vec![("english", "The court heard the case.".into())]
        }
        "/cases/{id}/portal/news/{news}/approve" => vec![("wording", "1".into())],
        "/cases/{id}/portal/share" | "/cases/{id}/portal/unshare" => {
            vec![("document", ids.document.clone()), ("watermark", "true".into())]
        }
        "/assistant/messages/{id}/feedback" => vec![("helpful", "yes".into())],
        "/cases/{id}/tasks" => vec![("kind", "summary".into())],
        "/cases/{id}/links" => {
            vec![("parent", "Else v. Else".into()), ("kind", "appeal".into())]
        }
        "/cases/{id}/vakalatnamas" | "/cases/{id}/vakalatnamas/{vakalatnama}" => {
            vec![("parties", "A".into()), ("advocates", "B".into()), ("state", "on_record".into())]
        }
        "/cases/{id}/notes" | "/cases/{id}/notes/{note}" => vec![("text", "A note.".into())],
        "/cases/import/{import}/columns" => vec![("column_0", "title".into())],
        "/cases/import/{import}/enter" => vec![("line_2", "yes".into())],
        "/cases/{id}/hearings" => vec![("on_date", "2126-12-31".into())],
        "/hearings/{id}/outcome" => vec![("outcome", "effective".into())],
        "/hearing-claims/{id}/decide" => vec![("decision", "both".into())],
        "/cause-lists" => vec![("text", "CAUSE LIST FOR 15.01.2126".into())],
        "/cause-lists/{id}/head" => vec![("on_date", "2126-01-15".into())],
        "/cause-lists/{id}/entries" => {
            vec![("entry", "1".into()), ("case", ids.case.clone()), ("action", "ignore".into())]
        }
        "/limitation/keep" => {
            vec![("rule", "slp".into()), ("event", "2026-05-04".into()), ("case", ids.case.clone())]
        }
        "/limitation/rules/{rule}/review" | "/limitation/rules/{rule}/unreview" => {
            vec![("hash", munshi::deadlines::limitation::rule("slp").unwrap().hash())]
        }
        _ => return None,
    })
}

/// The fields of forms about time, fees, bills and costs.
fn for_money(path: &str, ids: &Ids) -> Option<Fields> {
    Some(match path {
        "/admin/costs/budgets" => {
            vec![("subject", "chamber".into()), ("hard", "9000000".into())]
        }
        "/admin/chamber" => vec![
            ("supplier_kind", "firm".into()),
            ("legal_name", "Mehta & Rao".into()),
            ("address", "Saket".into()),
            ("state_code", "07".into()),
            ("prefix", "MR".into()),
            ("terms_days", "30".into()),
        ],
        "/money/invoices" => vec![("for", format!("case:{}", ids.case))],
        "/money/invoices/{id}/lines" | "/money/invoices/{id}/lines/{line}" => {
            vec![("description", "Opinion".into()), ("amount", "10".into())]
        }
        "/money/invoices/{id}/clerkage" => vec![("percent", "10".into())],
        "/money/invoices/{id}/payments" | "/money/invoices/{id}/credit" => {
            vec![("amount", "1".into())]
        }
        "/money/invoices/{id}/advance" => {
            vec![("amount", "1".into()), ("consent", "by mail".into())]
        }
        "/money/payments" => vec![("client", ids.client.clone()), ("amount", "1".into())],
        "/money/clients/{id}/ledger" => vec![
            ("kind", "advance".into()),
            ("amount", "1".into()),
            ("description", "Retainer".into()),
        ],
        "/money/tds" => vec![
            ("client", ids.client.clone()),
            ("year", "2026-27".into()),
            ("quarter", "1".into()),
            ("number", "T1".into()),
            ("amount", "1".into()),
        ],
        "/admin/costs/bills" => vec![
            ("case", ids.case.clone()),
            ("from", "2026-01-01".into()),
            ("to", "2026-12-31".into()),
        ],
        "/time" | "/time/{id}" => vec![
            ("case", ids.case.clone()),
            ("worked_on", "2026-11-19".into()),
            ("minutes", "1:30".into()),
            ("description", "Reading".into()),
            ("paise_per_hour", "5000".into()),
        ],
        "/time/{id}/adjust" => vec![("amount", "100".into())],
        "/time/timer/start" => vec![("case", ids.case.clone())],
        "/admin/rates" | "/cases/{id}/rates" => {
            vec![("per_hour", "5000".into()), ("valid_from", "2026-11-19".into())]
        }
        "/cases/{id}/agreements" => vec![
            ("agreed_on", "2026-11-19".into()),
            ("model_1", "appearance".into()),
            ("amount_1", "1000".into()),
        ],
        "/agreements/{id}/end" => vec![("last", "2126-12-31".into())],
        "/cases/{id}/fees" => vec![
            ("kind", "conference".into()),
            ("on", "2026-11-19".into()),
            ("description", "Conference".into()),
            ("amount", "1000".into()),
        ],
        "/fees/decide" => {
            vec![("agreed_fee", ids.things["agreed-fees"].clone()), ("answer", "confirm".into())]
        }
        "/cases/{id}/expenses" | "/expenses/{id}" => vec![
            ("on", "2026-11-19".into()),
            ("kind", "court_fee".into()),
            ("description", "Court fee".into()),
            ("amount", "250".into()),
            ("paid_by", "chamber".into()),
        ],
        _ => return None,
    })
}

/// The fields of forms about the chamber, its people and clients.
fn for_the_office(path: &str, ids: &Ids) -> Option<Fields> {
    Some(match path {
        "/admin/walls" => {
            vec![("who", format!("user:{}", ids.spare)), ("what", format!("case:{}", ids.case))]
        }
        "/password" => vec![("current", "not the password".into()), ("new", "x".into())],
        "/admin/golden" | "/admin/golden/{id}" => {
            vec![("expected", format!("/documents/{}", ids.document))]
        }
        "/portal/language" => vec![("language", "hi".into())],
        "/admin/privacy/holds" => vec![("subject", format!("case:{}", ids.case))],
        "/admin/privacy/exports" => vec![("subject", format!("client:{}", ids.things["leaving"]))],
        "/admin/privacy/erase" => vec![("subject", format!("client:{NOTHING}"))],
        "/admin/privacy/consents" => vec![
            ("client", ids.client.clone()),
            ("wording", ids.things["wordings"].clone()),
            ("how", "paper".into()),
        ],
        "/portal/privacy/consents" => vec![("wording", ids.things["wordings"].clone())],
        "/admin/privacy/wordings" => {
            vec![("language", "en".into()), ("text", "The chamber may keep my papers.".into())]
        }
        "/admin/privacy/retention" => vec![
            ("case", ids.case.clone()),
            ("ended_on", "2026-01-31".into()),
            ("years", "8".into()),
        ],
        "/admin/sign-in/{role}" => vec![("required", "false".into())],
        "/admin/holidays/{id}/days" | "/admin/holidays/{id}/remove" => {
            vec![("from", "2026-12-31".into()), ("to", "2026-12-31".into())]
        }
        "/admin/holidays/{id}/import" => vec![("text", "2026-11-08,Diwali".into())],
        "/admin/webhooks" | "/admin/webhooks/{id}" => {
            vec![("url", "https://hooks.example.in/munshi".into()), ("kind", "case.created".into())]
        }
        "/admin/webhooks/{id}/replay" => {
            vec![("since", day_in_india(SystemClock.now()).to_string())]
        }
        "/account/notices" | "/portal/notices" => vec![("digest_at", "08:00".into())],
        _ => return None,
    })
}

/// The fields of the pages' forms, all of them at once: each form takes what it knows.
fn form(csrf: &str, ids: &Ids) -> Vec<u8> {
    let fields = [
        ("csrf", csrf),
        ("title", "A new case"),
        ("name", "A new name"),
        ("question", "Jaipur"),
        ("user", &ids.spare),
        ("role", "staff"),
        ("email", "new@example.in"),
        ("reason", "well considered"),
        ("search", "q=Jaipur"),
    ];
    let pairs = fields.iter().copied();
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
}

/// A form for one page.
pub(super) fn form_of(route: &Route, csrf: &str, ids: &Ids) -> (String, Vec<u8>) {
    let path = route.path.as_str();
    let message = path.ends_with("/messages") || path.starts_with("/portal/messages/");
    let receipt = path == "/expenses/{id}/receipt";
    if path.ends_with("/documents")
        || path.ends_with("/versions")
        || path == "/cases/import"
        || path == "/cause-lists/file"
        || message
        || receipt
    {
        return (BOUNDARY.to_owned(), file(Some(csrf)));
    }
    if path == "/portal/deliver" {
        return (BOUNDARY.to_owned(), delivery(Some(csrf), &ids.case));
    }
    let kind = "application/x-www-form-urlencoded".to_owned();
    let mut body = String::from_utf8(form(csrf, ids)).unwrap();
    if path.contains("/cases/{id}/members") {
        body = body.replace("role=staff", "role=viewer");
    }
    let more = for_cases(path, ids).or_else(|| for_money(path, ids));
    let more = more.or_else(|| for_the_office(path, ids)).unwrap_or_default();
    for (name, value) in more {
        let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let _ = write!(body, "&{name}={value}");
    }
    (kind, body.into_bytes())
}
