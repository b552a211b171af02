-- Mail and text messages on their way out. What they say is kept sealed: it holds
-- one-time links and codes.
CREATE TABLE letters (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    channel TEXT NOT NULL CHECK (channel IN ('mail', 'sms')),
    recipient TEXT NOT NULL,
    kind TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'sent', 'failed')),
    attempts BIGINT NOT NULL,
    next_at TIMESTAMPTZ NOT NULL,
    last_error TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    sent_at TIMESTAMPTZ
);
CREATE INDEX letters_by_organisation ON letters (organisation_id, created_at);
CREATE INDEX letters_by_status ON letters (status, next_at);
