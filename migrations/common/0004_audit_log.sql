-- Who did what. Append-only: each row carries the hash of the one before it in
-- its organisation, so that a change or a gap shows.
CREATE TABLE audit_log (
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    number BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    user_id UUID REFERENCES users (id),
    action TEXT NOT NULL,
    details JSONB NOT NULL,
    previous_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, number)
);
