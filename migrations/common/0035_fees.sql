-- Time with its rate and its timers, agreements on fees, the fees that fell due, and what
-- was laid out for clients. Days are YYYY-MM-DD in the chamber's own time, amounts paise,
-- classes of work the service accounting codes of GST.

-- What an hour costs: of a person, a client or a case, for one class of work or all. A row
-- is never changed; a later one takes its place from its day on, and one without an amount
-- ends what was there.
CREATE TABLE rates (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    case_id UUID REFERENCES cases (id),
    client_id UUID REFERENCES clients (id),
    user_id UUID REFERENCES users (id),
    work TEXT,
    paise_per_hour BIGINT CHECK (paise_per_hour >= 0),
    -- Time is billed in steps of so many minutes, each begun step in full.
    rounding BIGINT NOT NULL CHECK (rounding IN (1, 6, 15)),
    valid_from TEXT NOT NULL,
    set_by UUID NOT NULL REFERENCES users (id),
    set_at TIMESTAMPTZ NOT NULL,
    CHECK (case_id IS NULL OR client_id IS NULL)
);
CREATE INDEX rates_by_organisation ON rates (organisation_id, valid_from);

ALTER TABLE time_entries ADD COLUMN work TEXT NOT NULL DEFAULT '998212';
ALTER TABLE time_entries ADD COLUMN rounding BIGINT NOT NULL DEFAULT 1;
-- The rate that applied; none where the amount of an hour was typed.
ALTER TABLE time_entries ADD COLUMN rate_id UUID REFERENCES rates (id);
-- What is billed in place of what the time comes to, and why.
ALTER TABLE time_entries ADD COLUMN adjusted_paise BIGINT;
ALTER TABLE time_entries ADD COLUMN adjusted_reason TEXT;
ALTER TABLE time_entries ADD COLUMN adjusted_by UUID REFERENCES users (id);
CREATE INDEX time_entries_by_user ON time_entries (user_id, worked_on);
CREATE INDEX time_entries_by_line ON time_entries (invoice_line_id);

-- A clock on a person's work. Stopped, it is a draft of a time entry until it is entered
-- or thrown away; then its row goes.
CREATE TABLE timers (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    user_id UUID NOT NULL REFERENCES users (id),
    case_id UUID NOT NULL REFERENCES cases (id),
    note TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    -- How long it ran before it was last paused or stopped.
    ran_seconds BIGINT NOT NULL,
    -- Since when it runs; nothing while it is paused or stopped.
    running_since TIMESTAMPTZ,
    stopped_at TIMESTAMPTZ,
    CHECK (stopped_at IS NULL OR running_since IS NULL)
);
-- One for each person.
CREATE UNIQUE INDEX timers_open ON timers (user_id) WHERE stopped_at IS NULL;
CREATE INDEX timers_by_case ON timers (case_id);

-- What was agreed with the client of a case on its fees.
CREATE TABLE fee_agreements (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    case_id UUID NOT NULL REFERENCES cases (id),
    agreed_on TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    -- The signed letter, among the documents of the case.
    letter_document_id UUID REFERENCES documents (id),
    -- Whether GST comes on top where it applies.
    gst_extra BOOLEAN NOT NULL,
    -- What the fees are estimated not to exceed.
    cap_paise BIGINT CHECK (cap_paise > 0),
    note TEXT,
    added_by UUID NOT NULL REFERENCES users (id),
    added_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX fee_agreements_by_case ON fee_agreements (case_id, valid_from);
CREATE INDEX fee_agreements_by_letter ON fee_agreements (letter_document_id);

CREATE TABLE agreed_fees (
    id UUID PRIMARY KEY NOT NULL,
    agreement_id UUID NOT NULL REFERENCES fee_agreements (id),
    ordinal BIGINT NOT NULL,
    model TEXT NOT NULL CHECK (model IN ('appearance', 'hearing_day', 'stage', 'retainer',
        'conference', 'drafting', 'clerkage', 'expense', 'senior', 'hourly')),
    description TEXT NOT NULL,
    work TEXT NOT NULL,
    -- The amount; of an appearance, of one that was effective.
    amount_paise BIGINT CHECK (amount_paise >= 0),
    not_reached_paise BIGINT CHECK (not_reached_paise >= 0),
    adjourned_paise BIGINT CHECK (adjourned_paise >= 0),
    -- Of clerkage: hundredths of a per cent of the fees.
    basis_points BIGINT CHECK (basis_points BETWEEN 1 AND 10000),
    -- Of drafting: by the document or by the page.
    unit TEXT CHECK (unit IN ('document', 'page')),
    -- Of a stage: the day it falls due, and the day it was reached.
    due_on TEXT,
    done_on TEXT
);
CREATE UNIQUE INDEX agreed_fees_by_agreement ON agreed_fees (agreement_id, ordinal);

-- A fee that somebody confirmed, or declined to bill. What falls due under an agreement and
-- stands not here waits to be confirmed.
CREATE TABLE fees (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    case_id UUID NOT NULL REFERENCES cases (id),
    agreed_fee_id UUID REFERENCES agreed_fees (id),
    hearing_id UUID REFERENCES hearings (id),
    kind TEXT NOT NULL CHECK (kind IN ('appearance', 'hearing_day', 'stage', 'conference',
        'drafting', 'other')),
    on_date TEXT NOT NULL,
    description TEXT NOT NULL,
    work TEXT NOT NULL,
    amount_paise BIGINT NOT NULL CHECK (amount_paise >= 0),
    -- What the agreement says, where it was confirmed at another amount.
    agreed_paise BIGINT,
    status TEXT NOT NULL CHECK (status IN ('confirmed', 'declined')),
    -- Why it was declined, or confirmed at another amount.
    reason TEXT,
    decided_by UUID NOT NULL REFERENCES users (id),
    decided_at TIMESTAMPTZ NOT NULL,
    invoice_line_id UUID REFERENCES invoice_lines (id)
);
CREATE UNIQUE INDEX fees_by_hearing ON fees (hearing_id, agreed_fee_id);
CREATE UNIQUE INDEX fees_by_stage ON fees (agreed_fee_id) WHERE kind = 'stage';
CREATE UNIQUE INDEX fees_by_hearing_day ON fees (agreed_fee_id, on_date)
    WHERE kind = 'hearing_day';
CREATE INDEX fees_by_case ON fees (case_id, on_date);
CREATE INDEX fees_by_line ON fees (invoice_line_id);

-- What was laid out in a case.
CREATE TABLE expenses (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    case_id UUID NOT NULL REFERENCES cases (id),
    on_date TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('court_fee', 'process_fee', 'copying', 'travel',
        'typing', 'notary', 'senior', 'other')),
    description TEXT NOT NULL,
    amount_paise BIGINT NOT NULL CHECK (amount_paise > 0),
    paid_by TEXT NOT NULL CHECK (paid_by IN ('chamber', 'member', 'client')),
    -- Whether the client pays it back.
    recoverable BOOLEAN NOT NULL,
    -- Whether it was paid as the client's pure agent, which keeps it out of the taxable value.
    pure_agent BOOLEAN NOT NULL,
    added_by UUID NOT NULL REFERENCES users (id),
    added_at TIMESTAMPTZ NOT NULL,
    invoice_line_id UUID REFERENCES invoice_lines (id)
);
CREATE INDEX expenses_by_case ON expenses (case_id, on_date);
CREATE INDEX expenses_by_line ON expenses (invoice_line_id);

-- The receipt of an expense, sealed; a senior's own bill is the receipt of their fee.
CREATE TABLE receipts (
    expense_id UUID PRIMARY KEY NOT NULL REFERENCES expenses (id),
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    added_by UUID NOT NULL REFERENCES users (id),
    added_at TIMESTAMPTZ NOT NULL
);
