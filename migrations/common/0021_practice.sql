-- What a chamber's days are made of: parties, hearings, work with a due date, time,
-- and what is billed and paid. Dates are YYYY-MM-DD in the chamber's own time.

CREATE TABLE case_parties (
    id UUID PRIMARY KEY NOT NULL,
    case_id UUID NOT NULL REFERENCES cases (id),
    ordinal BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- As the court calls them: petitioner, respondent, plaintiff, accused, intervenor.
    role TEXT NOT NULL,
    -- Whether the chamber acts for them.
    ours BOOLEAN NOT NULL,
    -- Who appears for them, when it is not the chamber.
    counsel TEXT
);
CREATE INDEX case_parties_by_case ON case_parties (case_id, ordinal);

CREATE TABLE hearings (
    id UUID PRIMARY KEY NOT NULL,
    case_id UUID NOT NULL REFERENCES cases (id),
    on_date TEXT NOT NULL,
    -- Before whom and where, as listed.
    bench TEXT,
    court_hall TEXT,
    item TEXT,
    -- The stage of the case and what the hearing is for.
    stage TEXT,
    purpose TEXT,
    -- How it went; none before it was held.
    outcome TEXT CHECK (outcome IN ('effective', 'not_reached', 'adjourned', 'disposed')),
    -- What was ordered, or by whom and why it was adjourned.
    note TEXT,
    -- Where it is known from: entered by hand, or a page of a document with its words.
    source_version_id UUID REFERENCES versions (id),
    source_page BIGINT,
    source_quote TEXT,
    added_by UUID NOT NULL REFERENCES users (id),
    added_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX hearings_by_case ON hearings (case_id, on_date);
CREATE INDEX hearings_by_date ON hearings (on_date);

-- Something to be done: a task, or a deadline that law or an order sets.
CREATE TABLE tasks (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    case_id UUID REFERENCES cases (id),
    kind TEXT NOT NULL CHECK (kind IN ('task', 'deadline')),
    title TEXT NOT NULL,
    due_on TEXT,
    assignee_id UUID REFERENCES users (id),
    done_at TIMESTAMPTZ,
    source_version_id UUID REFERENCES versions (id),
    source_page BIGINT,
    source_quote TEXT,
    added_by UUID NOT NULL REFERENCES users (id),
    added_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX tasks_by_case ON tasks (case_id, due_on);
CREATE INDEX tasks_by_due ON tasks (organisation_id, due_on);

-- A bill of the chamber to a client; a draft has no number.
CREATE TABLE invoices (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    client_id UUID NOT NULL REFERENCES clients (id),
    case_id UUID REFERENCES cases (id),
    status TEXT NOT NULL CHECK (status IN ('draft', 'issued', 'cancelled')),
    number TEXT,
    issued_on TEXT,
    due_on TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    CHECK (status <> 'issued' OR (number IS NOT NULL AND issued_on IS NOT NULL))
);
CREATE UNIQUE INDEX invoices_by_number ON invoices (organisation_id, number);
CREATE INDEX invoices_by_client ON invoices (client_id, status);
CREATE INDEX invoices_by_case ON invoices (case_id, status);

CREATE TABLE invoice_lines (
    id UUID PRIMARY KEY NOT NULL,
    invoice_id UUID NOT NULL REFERENCES invoices (id),
    ordinal BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('fee', 'expense', 'model_cost')),
    description TEXT NOT NULL,
    amount_paise BIGINT NOT NULL
);
CREATE UNIQUE INDEX invoice_lines_by_invoice ON invoice_lines (invoice_id, ordinal);

-- What a client paid, with the tax they held back for the State.
CREATE TABLE payments (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    invoice_id UUID NOT NULL REFERENCES invoices (id),
    received_on TEXT NOT NULL,
    amount_paise BIGINT NOT NULL,
    tds_paise BIGINT NOT NULL,
    note TEXT
);
CREATE INDEX payments_by_invoice ON payments (invoice_id);

-- Time worked; billed when a line of an invoice stands for it.
CREATE TABLE time_entries (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    case_id UUID NOT NULL REFERENCES cases (id),
    user_id UUID NOT NULL REFERENCES users (id),
    worked_on TEXT NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes > 0),
    paise_per_hour BIGINT NOT NULL,
    description TEXT NOT NULL,
    billable BOOLEAN NOT NULL,
    invoice_line_id UUID REFERENCES invoice_lines (id),
    added_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX time_entries_by_case ON time_entries (case_id, worked_on);

-- The cases whose time, invoices and dues a person may see: those they lead, and for
-- the books those they know of. Walls hold, as in the views it rests on.
CREATE VIEW billed_cases AS
SELECT o.user_id AS user_id, o.case_id AS case_id
FROM open_cases o JOIN users u ON u.id = o.user_id
WHERE o.role = 'lead' AND u.role IN ('admin', 'advocate')
UNION ALL
SELECT k.user_id, k.case_id
FROM known_cases k JOIN users u ON u.id = k.user_id
WHERE u.role = 'billing';
