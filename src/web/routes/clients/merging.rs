//! Clients that may be the same, and making them one.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::to_client;
use crate::app::App;
use crate::clients::{Choices, Client, ClientError, GstClass, Merge, Take};
use crate::conflicts::Duplicate;
use crate::kernel::ClientId;
use crate::kernel::permission::permit::MergeClients;
use crate::web::Area;
use crate::web::clients::{DuplicateRow, DuplicatesPage, MergeField, MergePage};
use crate::web::page::render;
use crate::web::routes::viewer::sentence;
use crate::web::routes::{Allowed, Failure, Form, Viewer};

pub(super) async fn duplicates(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<MergeClients>,
) -> Result<DuplicatesPage, Failure> {
    let found = app.conflicts.duplicates(viewer.scope()).await;
    let row = |found: Duplicate| {
        let Duplicate { first, second, score, reasons } = found;
        DuplicateRow { first, second, percent: score / 10, reasons }
    };
    Ok(DuplicatesPage {
        layout: viewer.layout("Clients that may be the same", Area::Clients),
        pairs: found.map_err(|error| viewer.failure(error))?.into_iter().map(row).collect(),
    })
}

/// What the form of a merge sends; each field is `kept` or `gone`.
#[derive(Deserialize, Default)]
pub(super) struct MergeForm {
    #[serde(default)]
    gone: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    city: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    tax_ids: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    gst_class: String,
    #[serde(default)]
    notes: String,
    #[serde(default)]
    tax_ids_confirmed: String,
}

fn take(sent: &str) -> Take {
    if sent == "gone" { Take::Gone } else { Take::Kept }
}

impl MergeForm {
    fn choices(&self) -> Choices {
        Choices {
            name: take(&self.name),
            kind: take(&self.kind),
            email: take(&self.email),
            phone: take(&self.phone),
            city: take(&self.city),
            language: take(&self.language),
            tax_ids: take(&self.tax_ids),
            address: take(&self.address),
            gst_class: take(&self.gst_class),
            notes: take(&self.notes),
        }
    }

    /// The form before anything was chosen: what the one that stays lacks is taken from
    /// the other.
    fn first(kept: &Client, gone: &Client) -> Self {
        let lacks = |one: &Option<String>, other: &Option<String>| {
            let sent = if one.is_none() && other.is_some() { "gone" } else { "kept" };
            sent.to_owned()
        };
        let numbers = kept.pan.is_none() && kept.gstin.is_none();
        let others = gone.pan.is_some() || gone.gstin.is_some();
        let class = kept.gst_class.is_none() && gone.gst_class.is_some();
        let sent = |gone: bool| if gone { "gone".to_owned() } else { String::new() };
        Self {
            email: lacks(&kept.email, &gone.email),
            phone: lacks(&kept.phone, &gone.phone),
            city: lacks(&kept.city, &gone.city),
            tax_ids: sent(numbers && others),
            address: lacks(&kept.address, &gone.address),
            gst_class: sent(class),
            notes: lacks(&kept.notes, &gone.notes),
            ..Self::default()
        }
    }
}

/// The numbers of a client, in one text.
fn numbers(client: &Client) -> String {
    let all = [
        client.pan.as_ref().map(|pan| format!("PAN {pan}")),
        client.gstin.as_ref().map(|gstin| format!("GSTIN {gstin}")),
        client.state_code.as_ref().map(|state| format!("State {state}")),
    ];
    all.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn fields(kept: &Client, gone: &Client, form: &MergeForm) -> Vec<MergeField> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let class = |client: &Client| client.gst_class.map_or("", GstClass::words).to_owned();
    let of = |client: &Client| {
        [
            client.name.clone(),
            client.kind.words().to_owned(),
            text(&client.email),
            text(&client.phone),
            text(&client.city),
            client.language.words().to_owned(),
            numbers(client),
            text(&client.address),
            class(client),
            text(&client.notes),
        ]
    };
    let names = [
        ("name", "Name", &form.name),
        ("kind", "What it is", &form.kind),
        ("email", "Email", &form.email),
        ("phone", "Telephone", &form.phone),
        ("city", "City", &form.city),
        ("language", "Language of letters", &form.language),
        ("tax_ids", "PAN, GSTIN and State", &form.tax_ids),
        ("address", "Postal address", &form.address),
        ("gst_class", "For GST they are", &form.gst_class),
        ("notes", "Notes", &form.notes),
    ];
    let pairs = of(kept).into_iter().zip(of(gone));
    let all = names.into_iter().zip(pairs).map(|((name, label, sent), (kept, gone))| MergeField {
        name,
        label,
        take_gone: take(sent) == Take::Gone,
        kept,
        gone,
    });
    // What is the same in both needs no choice.
    all.filter(|field| field.kept != field.gone).collect()
}

fn page(
    viewer: &Viewer,
    kept: &Client,
    gone: &Client,
    form: &MergeForm,
    refused: Option<&ClientError>,
) -> MergePage {
    let differ = |one: &Option<String>, other: &Option<String>| {
        one.as_ref().zip(other.as_ref()).is_some_and(|(one, other)| one != other)
    };
    MergePage {
        layout: viewer.layout("Merge clients", Area::Clients),
        problem: refused.map(|error| sentence(&error.to_string())),
        fields: fields(kept, gone, form),
        tax_ids_differ: differ(&kept.pan, &gone.pan) || differ(&kept.gstin, &gone.gstin),
        kept: (kept.id, kept.name.clone()),
        gone: (gone.id, gone.name.clone()),
    }
}

#[derive(Deserialize)]
pub(super) struct With {
    #[serde(default)]
    with: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<MergeClients>,
    Path(id): Path<ClientId>,
    Query(With { with }): Query<With>,
) -> Result<MergePage, Failure> {
    let Ok(with) = with.parse::<ClientId>() else {
        return Err(viewer.not_found());
    };
    let pair = app.clients.pair(viewer.scope(), id, with).await;
    let (kept, gone) = pair.map_err(|error| viewer.failure(error))?;
    let form = MergeForm::first(&kept, &gone);
    Ok(page(&viewer, &kept, &gone, &form, None))
}

pub(super) async fn merge(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<MergeClients>,
    Path(id): Path<ClientId>,
    Form(form): Form<MergeForm>,
) -> Result<Response, Failure> {
    let scope = viewer.scope();
    let Ok(gone) = form.gone.parse::<ClientId>() else {
        return Err(viewer.not_found());
    };
    let tax_ids_confirmed = form.tax_ids_confirmed == "yes";
    let merge = Merge { kept: id, gone, choices: form.choices(), tax_ids_confirmed };
    match app.clients.merge(scope, merge).await {
        Ok(merged) => Ok(to_client(merged.client.id)),
        Err(
            error @ (ClientError::TaxIdsDiffer | ClientError::Stale | ClientError::Unfit { .. }),
        ) => {
            let pair = app.clients.pair(scope, id, gone).await;
            let (kept, gone) = pair.map_err(|error| viewer.failure(error))?;
            let page = page(&viewer, &kept, &gone, &form, Some(&error));
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}
