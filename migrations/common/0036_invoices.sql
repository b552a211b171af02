-- The chamber on paper, invoices, credit notes, payments, client money.
-- Days are YYYY-MM-DD in the chamber's own time, money is whole paise.

-- What stands on the chamber's papers, and what the tax law sees in it.
CREATE TABLE chamber_profiles (
    organisation_id UUID PRIMARY KEY NOT NULL REFERENCES organisations (id),
    supplier_kind TEXT NOT NULL
        CHECK (supplier_kind IN ('individual_advocate', 'firm', 'senior_advocate', 'company')),
    legal_name TEXT NOT NULL,
    trade_name TEXT,
    address TEXT NOT NULL,
    -- The State, as two digits of a GSTIN.
    state_code TEXT NOT NULL,
    -- None where the chamber is not registered.
    gstin TEXT,
    pan TEXT,
    enrolment TEXT,
    email TEXT,
    phone TEXT,
    bank_holder TEXT,
    bank_name TEXT,
    bank_account TEXT,
    bank_ifsc TEXT,
    upi TEXT,
    -- What numbers of papers begin with.
    prefix TEXT NOT NULL,
    terms_days BIGINT NOT NULL CHECK (terms_days >= 0),
    round_to_rupee BOOLEAN NOT NULL,
    signature TEXT,
    notes TEXT,
    changed_by UUID NOT NULL REFERENCES users (id),
    changed_at TIMESTAMPTZ NOT NULL
);

-- The last number given in a series of a financial year. The row is locked by who
-- takes the next one until their paper is kept, so numbers have no gap.
CREATE TABLE number_series (
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    -- As in `2026-27`.
    financial_year TEXT NOT NULL,
    series TEXT NOT NULL
        CHECK (series IN ('invoice', 'bill_of_supply', 'credit_note', 'receipt')),
    last_number BIGINT NOT NULL,
    last_day TEXT NOT NULL,
    PRIMARY KEY (organisation_id, financial_year, series)
);

-- What an invoice is in law; none for a draft, and for those of before.
ALTER TABLE invoices ADD COLUMN kind TEXT
    CHECK (kind IN ('tax_invoice', 'bill_of_supply', 'invoice_cum_bill', 'invoice'));
ALTER TABLE invoices ADD COLUMN note TEXT;
-- Days to pay; the chamber's where none is said.
ALTER TABLE invoices ADD COLUMN terms_days BIGINT;
-- What is to be paid, fixed at issue; none for a draft, and for those of before, whose
-- lines say it.
ALTER TABLE invoices ADD COLUMN total_paise BIGINT;
ALTER TABLE invoices ADD COLUMN taxable_paise BIGINT;
ALTER TABLE invoices ADD COLUMN tax_paise BIGINT;
ALTER TABLE invoices ADD COLUMN round_off_paise BIGINT;
ALTER TABLE invoices ADD COLUMN reverse_charge BOOLEAN;
ALTER TABLE invoices ADD COLUMN place_of_supply TEXT;
ALTER TABLE invoices ADD COLUMN issued_by UUID REFERENCES users (id);
-- Why one was cancelled.
ALTER TABLE invoices ADD COLUMN cancel_reason TEXT;

-- What the line is, finer than `kind` says; none for lines of before.
ALTER TABLE invoice_lines ADD COLUMN part TEXT
    CHECK (part IN ('fee', 'clerkage', 'senior_fee', 'expense', 'model_cost', 'discount'));
ALTER TABLE invoice_lines ADD COLUMN sac TEXT;
-- Whether it was paid as the client's pure agent; none for lines of before.
ALTER TABLE invoice_lines ADD COLUMN pure_agent BOOLEAN;
-- The charge it stands for: time worked, a fee, an expense.
ALTER TABLE invoice_lines ADD COLUMN charge_kind TEXT
    CHECK (charge_kind IN ('time', 'fee', 'expense'));
ALTER TABLE invoice_lines ADD COLUMN charge_id UUID;
-- The decision on GST, fixed at issue, with its reason and authority in words.
ALTER TABLE invoice_lines ADD COLUMN gst TEXT
    CHECK (gst IN ('reverse', 'exempt', 'forward', 'pure_agent', 'not_registered'));
ALTER TABLE invoice_lines ADD COLUMN gst_reason TEXT;
ALTER TABLE invoice_lines ADD COLUMN cgst_paise BIGINT;
ALTER TABLE invoice_lines ADD COLUMN sgst_paise BIGINT;
ALTER TABLE invoice_lines ADD COLUMN igst_paise BIGINT;

-- A paper that was sent, sealed, so that it never changes: an invoice, a credit note, a
-- receipt. The supplier and the recipient are kept as they were on the day.
CREATE TABLE issued_papers (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    client_id UUID NOT NULL REFERENCES clients (id),
    invoice_id UUID REFERENCES invoices (id),
    number TEXT NOT NULL,
    said JSONB NOT NULL,
    sealed BYTEA NOT NULL,
    sha256 TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX issued_papers_by_invoice ON issued_papers (invoice_id);
CREATE INDEX issued_papers_by_client ON issued_papers (client_id);

-- What takes an invoice back, whole or in part.
CREATE TABLE credit_notes (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    invoice_id UUID NOT NULL REFERENCES invoices (id),
    client_id UUID NOT NULL REFERENCES clients (id),
    number TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    reason TEXT NOT NULL,
    amount_paise BIGINT NOT NULL CHECK (amount_paise > 0),
    -- The part of it that is tax.
    tax_paise BIGINT NOT NULL,
    issued_by UUID NOT NULL REFERENCES users (id),
    issued_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX credit_notes_by_number ON credit_notes (organisation_id, number);
CREATE INDEX credit_notes_by_invoice ON credit_notes (invoice_id);
CREATE INDEX credit_notes_by_client ON credit_notes (client_id, issued_on);

-- A payment as it came; its parts on invoices are rows of `payments`, the rest is
-- the client's money in the ledger.
CREATE TABLE client_payments (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    client_id UUID NOT NULL REFERENCES clients (id),
    number TEXT NOT NULL,
    received_on TEXT NOT NULL,
    amount_paise BIGINT NOT NULL CHECK (amount_paise >= 0),
    tds_paise BIGINT NOT NULL CHECK (tds_paise >= 0),
    mode TEXT NOT NULL CHECK (mode IN ('upi', 'bank', 'cheque', 'cash', 'card', 'other')),
    reference TEXT,
    note TEXT,
    -- What the form was sent with, so that sending it twice enters one.
    idempotency_key TEXT,
    entered_by UUID NOT NULL REFERENCES users (id),
    entered_at TIMESTAMPTZ NOT NULL,
    reversed_on TEXT,
    reversed_by UUID REFERENCES users (id),
    reversed_at TIMESTAMPTZ,
    reversed_reason TEXT
);
CREATE UNIQUE INDEX client_payments_by_number ON client_payments (organisation_id, number);
CREATE UNIQUE INDEX client_payments_by_key ON client_payments (organisation_id, idempotency_key);
CREATE INDEX client_payments_by_client ON client_payments (client_id, received_on);

-- A part of a payment on an invoice: of a receipt, or of the client's money.
ALTER TABLE payments ADD COLUMN receipt_id UUID REFERENCES client_payments (id);
ALTER TABLE payments ADD COLUMN ledger_entry_id UUID;
CREATE INDEX payments_by_receipt ON payments (receipt_id);

-- What the chamber holds of a client; the row is locked by whoever changes it.
CREATE TABLE client_ledgers (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    client_id UUID NOT NULL REFERENCES clients (id),
    balance_paise BIGINT NOT NULL CHECK (balance_paise >= 0)
);
CREATE UNIQUE INDEX client_ledgers_by_client ON client_ledgers (client_id);

CREATE TABLE ledger_entries (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    client_id UUID NOT NULL REFERENCES clients (id),
    case_id UUID REFERENCES cases (id),
    kind TEXT NOT NULL
        CHECK (kind IN ('advance', 'court_fee', 'spent', 'applied', 'refunded', 'returned')),
    on_date TEXT NOT NULL,
    -- Above nothing came in, below it went out.
    amount_paise BIGINT NOT NULL CHECK (amount_paise <> 0),
    -- What the client's money was after it.
    balance_paise BIGINT NOT NULL CHECK (balance_paise >= 0),
    -- One after the other, for each client.
    ordinal BIGINT NOT NULL,
    description TEXT NOT NULL,
    mode TEXT CHECK (mode IN ('upi', 'bank', 'cheque', 'cash', 'card', 'other')),
    reference TEXT,
    -- How the client agreed that their money pays an invoice.
    consent TEXT,
    invoice_id UUID REFERENCES invoices (id),
    receipt_id UUID REFERENCES client_payments (id),
    idempotency_key TEXT,
    entered_by UUID NOT NULL REFERENCES users (id),
    entered_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX ledger_entries_by_client ON ledger_entries (client_id, ordinal);
CREATE UNIQUE INDEX ledger_entries_by_key ON ledger_entries (organisation_id, idempotency_key);

-- A certificate of tax held back that a client gave, for a quarter.
CREATE TABLE tds_certificates (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    client_id UUID NOT NULL REFERENCES clients (id),
    financial_year TEXT NOT NULL,
    quarter BIGINT NOT NULL CHECK (quarter BETWEEN 1 AND 4),
    number TEXT NOT NULL,
    amount_paise BIGINT NOT NULL CHECK (amount_paise >= 0),
    entered_by UUID NOT NULL REFERENCES users (id),
    entered_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX tds_certificates_by_quarter
    ON tds_certificates (client_id, financial_year, quarter);
