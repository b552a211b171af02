-- Limits of what the models may cost, money set aside before calls, exchange rates,
-- calls put on bills, and what providers say they counted.

-- A limit for the chamber, a person or a case: by month in India Standard Time, or,
-- for a case, for good. Past the soft line people are warned, past the hard one no
-- model is called.
CREATE TABLE budgets (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    -- The id of what it is of, so that each has one budget a period.
    subject_id UUID NOT NULL,
    user_id UUID REFERENCES users (id),
    case_id UUID REFERENCES cases (id),
    period TEXT NOT NULL CHECK (period IN ('month', 'ever')),
    soft_paise BIGINT CHECK (soft_paise >= 0),
    hard_paise BIGINT CHECK (hard_paise >= 0),
    -- The month (or `ever`) in which the admins were last told of each line.
    soft_told TEXT,
    hard_told TEXT,
    changed_by UUID NOT NULL REFERENCES users (id),
    changed_at TIMESTAMPTZ NOT NULL,
    CHECK (user_id IS NULL OR case_id IS NULL),
    CHECK (period = 'month' OR case_id IS NOT NULL),
    CHECK (soft_paise IS NOT NULL OR hard_paise IS NOT NULL)
);
CREATE UNIQUE INDEX budgets_by_subject ON budgets (organisation_id, subject_id, period);

-- Money set aside for a call that is being made, at the worst it may cost. The call
-- has the same id in the ledger.
CREATE TABLE reservations (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    user_id UUID REFERENCES users (id),
    case_id UUID REFERENCES cases (id),
    conversation_id UUID REFERENCES conversations (id),
    purpose TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    prompt_hash TEXT,
    tokens_in BIGINT NOT NULL,
    tokens_out BIGINT NOT NULL,
    tokens_embedded BIGINT NOT NULL,
    price_id UUID REFERENCES price_book (id),
    microdollars BIGINT NOT NULL,
    paise BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL
);
CREATE INDEX reservations_by_organisation ON reservations (organisation_id);
CREATE INDEX reservations_by_time ON reservations (at);

-- What a dollar was worth, dated; a row is never edited.
CREATE TABLE exchange_rates (
    id UUID PRIMARY KEY NOT NULL,
    valid_from TIMESTAMPTZ NOT NULL,
    paise_per_dollar BIGINT NOT NULL CHECK (paise_per_dollar > 0),
    source TEXT NOT NULL
);
CREATE UNIQUE INDEX exchange_rates_by_time ON exchange_rates (valid_from);

-- What an answer that was made before saved, and on which line of a bill a call stands.
ALTER TABLE model_calls ADD COLUMN saved_microdollars BIGINT NOT NULL DEFAULT 0;
ALTER TABLE model_calls ADD COLUMN saved_paise BIGINT NOT NULL DEFAULT 0;
ALTER TABLE model_calls ADD COLUMN invoice_line_id UUID REFERENCES invoice_lines (id);
CREATE INDEX model_calls_by_user ON model_calls (user_id, at);
CREATE INDEX model_calls_by_case ON model_calls (case_id, at);
CREATE INDEX model_calls_by_line ON model_calls (invoice_line_id);

-- A provider's own account of what was used, as an admin brought it in.
CREATE TABLE provider_reports (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    provider TEXT NOT NULL,
    -- Which column was read as what.
    columns JSONB NOT NULL,
    -- The lines that could not be read, whole, and why.
    unread JSONB NOT NULL,
    imported_by UUID NOT NULL REFERENCES users (id),
    imported_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX provider_reports_by_time ON provider_reports (organisation_id, imported_at);

CREATE TABLE provider_report_lines (
    id UUID PRIMARY KEY NOT NULL,
    report_id UUID NOT NULL REFERENCES provider_reports (id),
    -- YYYY-MM-DD in UTC, as providers count.
    day TEXT NOT NULL,
    model TEXT NOT NULL,
    requests BIGINT NOT NULL,
    tokens_in BIGINT NOT NULL,
    tokens_cached BIGINT NOT NULL,
    tokens_out BIGINT NOT NULL,
    -- None when the report has no column for it.
    cost_microdollars BIGINT
);
CREATE UNIQUE INDEX provider_report_lines_by_day ON provider_report_lines (report_id, day, model);
