-- Background work, enqueued in the transaction of the change that asks for it.
CREATE TABLE jobs (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    kind TEXT NOT NULL,
    -- What the work is about; with `kind` it keeps the same work from waiting twice.
    subject UUID NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'dead')),
    attempts BIGINT NOT NULL,
    run_at TIMESTAMPTZ NOT NULL,
    leased_until TIMESTAMPTZ,
    lease UUID,
    last_error TEXT,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX jobs_by_subject ON jobs (kind, subject);
CREATE INDEX jobs_by_time ON jobs (status, run_at);
