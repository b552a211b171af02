//! Expenses and their receipts.

use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::{Fields, day, money_of, optional_amount, refused, sentence, typed_amount, wrong};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::fees::{Expense, ExpenseKind, FeeError, NewExpense, PaidBy};
use crate::kernel::permission::permit::ReadCases;
use crate::kernel::{CaseId, ExpenseId, Permission, day_in_india};
use crate::web::Area;
use crate::web::cases::CaseTab;
use crate::web::fees::{ExpensePage, ReceiptForm, Typed};
use crate::web::page::render;
use crate::web::routes::viewer::Nothing;
use crate::web::routes::{Allowed, Failure, Form, Viewer};

/// The page of an expense, new or there.
async fn page(
    app: &App,
    viewer: &Viewer,
    case: CaseId,
    typed: Typed,
    there: Option<(&Expense, Option<String>)>,
) -> Result<ExpensePage, Failure> {
    let kinds = ExpenseKind::ALL.iter().map(|kind| (kind.to_string(), kind.words()));
    let payers = PaidBy::ALL.iter().map(|who| (who.to_string(), who.words()));
    let id = there.as_ref().map(|(expense, _)| expense.id);
    Ok(ExpensePage {
        layout: viewer.layout("Expense", Area::Cases),
        tabs: viewer.case_tabs(app, case, CaseTab::Money).await?,
        action: id
            .map_or_else(|| format!("/cases/{case}/expenses"), |id| format!("/expenses/{id}")),
        kinds: typed.choices("kind", kinds),
        payers: typed.choices("paid_by", payers),
        typed,
        is_billed: there.as_ref().is_some_and(|(expense, _)| expense.is_billed),
        receipt: there.map(|(expense, problem)| ReceiptForm {
            expense: expense.id,
            file_name: expense.receipt.as_ref().map(|receipt| receipt.file_name.clone()),
            problem,
        }),
    })
}

/// An expense as a form holds it.
fn stored(expense: &Expense) -> Typed {
    let known = &expense.known;
    let ticked = |is: bool| if is { "yes".to_owned() } else { String::new() };
    Typed::of([
        ("on", known.on.to_string()),
        ("kind", known.kind.to_string()),
        ("description", known.description.clone()),
        ("amount", typed_amount(known.amount)),
        ("paid_by", known.paid_by.to_string()),
        ("recoverable", ticked(known.recoverable)),
        ("pure_agent", ticked(known.pure_agent)),
    ])
}

/// An expense as it was typed.
fn new_expense(typed: &Typed, case: CaseId) -> Result<NewExpense, FeeError> {
    let words = "write the amount in rupees, such as 1,250.50";
    let kind = typed.text("kind").parse().map_err(|_| wrong("kind", "choose what it was for"))?;
    let paid_by = typed.text("paid_by").parse();
    Ok(NewExpense {
        case,
        on: day(typed, "on")?,
        kind,
        description: typed.text("description").to_owned(),
        amount: optional_amount(typed, "amount")?.ok_or(wrong("amount", words))?,
        paid_by: paid_by.map_err(|_| wrong("paid_by", "choose who paid"))?,
        recoverable: typed.ticked("recoverable"),
        pure_agent: typed.ticked("pure_agent"),
    })
}

/// Makes sure that the viewer enters expenses in a case, or sees its money.
async fn enters(app: &App, viewer: &Viewer, case: CaseId) -> Result<(), Failure> {
    let scope = viewer.scope();
    let sees = app.fees.sees(scope, case).await.map_err(|error| viewer.failure(error))?;
    if sees || (scope.may(Permission::KeepTime) && scope.works_on(case)) {
        Ok(())
    } else {
        Err(viewer.not_found())
    }
}

pub(super) async fn new(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(case): Path<CaseId>,
) -> Result<ExpensePage, Failure> {
    enters(&app, &viewer, case).await?;
    let today = day_in_india(app.clock.now());
    let typed = Typed::of([("on", today.to_string()), ("recoverable", "yes".to_owned())]);
    page(&app, &viewer, case, typed, None).await
}

pub(super) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(case): Path<CaseId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    enters(&app, &viewer, case).await?;
    let typed = Typed::new(fields);
    let done = match new_expense(&typed, case) {
        Ok(new) => app.fees.add_expense(viewer.scope(), new).await,
        Err(error) => Err(error),
    };
    match done {
        // The receipt is added on the page of the expense.
        Ok(id) => Ok(Redirect::to(&format!("/expenses/{id}#receipt")).into_response()),
        Err(error) => {
            let typed = refused(&viewer, error, typed)?;
            let page = page(&app, &viewer, case, typed, None).await?;
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

pub(super) async fn edit(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(id): Path<ExpenseId>,
) -> Result<ExpensePage, Failure> {
    let found = app.fees.expense(viewer.scope(), id).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    page(&app, &viewer, found.known.case, stored(&found), Some((&found, None))).await
}

pub(super) async fn change(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(id): Path<ExpenseId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let found = app.fees.expense(viewer.scope(), id).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    let case = found.known.case;
    let typed = Typed::new(fields);
    let done = match new_expense(&typed, case) {
        Ok(new) => app.fees.change_expense(viewer.scope(), id, new).await,
        Err(error) => Err(error),
    };
    let Err(error) = done else { return Ok(Redirect::to(&money_of(case)).into_response()) };
    let typed = refused(&viewer, error, typed)?;
    let page = page(&app, &viewer, case, typed, Some((&found, None))).await?;
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn delete(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(id): Path<ExpenseId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let fail = |error: FeeError| viewer.failure(error);
    let found = app.fees.expense(viewer.scope(), id).await.map_err(fail)?;
    app.fees.delete_expense(viewer.scope(), id).await.map_err(fail)?;
    Ok(Redirect::to(&money_of(found.known.case)))
}

/// Takes a receipt in: the token comes first in the form.
pub(super) async fn keep_receipt(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(id): Path<ExpenseId>,
    mut form: Multipart,
) -> Result<Response, Failure> {
    let found = app.fees.expense(viewer.scope(), id).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => viewer.failure(FeeError::TooLarge),
        _ => viewer.failure(Problem::shown(Code::BadRequest, &error.body_text())),
    };
    let mut trusted = false;
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("csrf") => trusted = viewer.sent(&field.text().await.map_err(broken)?),
            Some("file") if trusted => {
                let name = field.file_name().unwrap_or_default().to_owned();
                file = Some((name, field.bytes().await.map_err(broken)?));
            }
            _ => {}
        }
    }
    if !trusted {
        return Err(viewer.stale());
    }
    let done = match &file {
        Some((name, bytes)) => app.fees.keep_receipt(viewer.scope(), id, (name, bytes)).await,
        None => Err(FeeError::NoReceipt),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/expenses/{id}#receipt")).into_response()),
        Err(error @ (FeeError::NoReceipt | FeeError::TooLarge)) => {
            let there = (&found, Some(sentence(&error.to_string())));
            let page = page(&app, &viewer, found.known.case, stored(&found), Some(there)).await?;
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}
