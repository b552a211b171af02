-- Prices, dated; a row is never edited, so old reports do not change.
-- Micro-dollars per million tokens.
CREATE TABLE price_book (
    id UUID PRIMARY KEY NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    valid_from TIMESTAMPTZ NOT NULL,
    input_per_million BIGINT NOT NULL,
    cached_per_million BIGINT NOT NULL,
    output_per_million BIGINT NOT NULL,
    source TEXT NOT NULL
);
CREATE UNIQUE INDEX price_book_by_model ON price_book (provider, model, valid_from);

-- The ledger: one row per call of a model, failed and cancelled ones too.
CREATE TABLE model_calls (
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
    tokens_cached BIGINT NOT NULL,
    tokens_out BIGINT NOT NULL,
    tokens_reasoning BIGINT NOT NULL,
    tokens_embedded BIGINT NOT NULL,
    estimated BOOLEAN NOT NULL,
    price_id UUID REFERENCES price_book (id),
    cost_microdollars BIGINT NOT NULL,
    cost_paise BIGINT NOT NULL,
    latency_ms BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL
);
CREATE INDEX model_calls_by_time ON model_calls (organisation_id, at);
