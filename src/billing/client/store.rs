//! The statements of a client's own bills.

use super::ClientInvoice;
use crate::billing::store::{InvoiceRow, invoice_columns};
use crate::db::{DbError, Tx};
use crate::kernel::{ClientId, InvoiceId, Scope};
use crate::statement;

#[derive(sqlx::FromRow)]
struct HasPaper {
    invoice_id: Option<InvoiceId>,
}

pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    client: ClientId,
) -> Result<Vec<ClientInvoice>, DbError> {
    let select = statement!(concat!(
        invoice_columns!(),
        " FROM invoices i
         JOIN clients k ON k.id = i.client_id
         JOIN users u ON u.client_id = k.id AND u.id = $2 AND u.role = 'client'
         LEFT JOIN cases c ON c.id = i.case_id
         WHERE i.organisation_id = $1 AND i.status <> 'draft' AND k.id = $3
           AND NOT EXISTS (SELECT 1 FROM walled_people w
                           WHERE w.user_id = u.id
                             AND (w.client_id = k.id OR w.case_id = i.case_id))
         ORDER BY i.issued_on DESC, i.id DESC LIMIT 500"
    ));
    let select = select.bind(scope.organisation()).bind(scope.user()).bind(client);
    let rows = tx.all::<InvoiceRow>(select).await?;
    let papers = statement!(
        "SELECT p.invoice_id FROM issued_papers p
         WHERE p.organisation_id = $1 AND p.client_id = $2 AND p.invoice_id IS NOT NULL
         ORDER BY p.invoice_id LIMIT 10000"
    );
    let papers = tx.all::<HasPaper>(papers.bind(scope.organisation()).bind(client)).await?;
    rows.into_iter()
        .map(|row| {
            let invoice = row.invoice()?;
            Ok(ClientInvoice {
                id: invoice.id,
                outstanding: if invoice.cancelled {
                    crate::kernel::Paise(0)
                } else {
                    invoice.outstanding()
                },
                number: invoice.number,
                kind: invoice.kind,
                cancelled: invoice.cancelled,
                issued_on: invoice.issued_on,
                due_on: invoice.due_on,
                total: invoice.total,
                has_paper: papers.iter().any(|paper| paper.invoice_id == Some(invoice.id)),
                upi: None,
            })
        })
        .collect()
}
