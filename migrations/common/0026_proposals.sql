-- What the assistant would write into a case: it stays a proposal until a person of the
-- case approves or rejects it. Dates are YYYY-MM-DD in the chamber's own time.

CREATE TABLE proposals (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    case_id UUID NOT NULL REFERENCES cases (id),
    kind TEXT NOT NULL CHECK (kind IN ('hearing', 'task', 'deadline', 'time')),
    -- What it is, or what was done.
    title TEXT NOT NULL,
    -- The day of the hearing, the last day, the day worked; none where none could be told.
    on_date TEXT,
    -- Why the day is not certain, and how it was come by.
    doubt TEXT,
    computed TEXT,
    -- Of time worked.
    minutes BIGINT CHECK (minutes > 0),
    -- The answer it was made in; none when a document was read for it.
    message_id UUID REFERENCES messages (id),
    -- The words it rests on.
    source_version_id UUID REFERENCES versions (id),
    source_page BIGINT,
    source_quote TEXT,
    proposed_by UUID NOT NULL REFERENCES users (id),
    proposed_at TIMESTAMPTZ NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'approved', 'rejected')),
    decided_by UUID REFERENCES users (id),
    decided_at TIMESTAMPTZ,
    -- Why it was rejected.
    reason TEXT,
    -- The hearing, task or time entry it became.
    became_id UUID,
    CHECK (status = 'open' OR (decided_by IS NOT NULL AND decided_at IS NOT NULL))
);
CREATE INDEX proposals_by_case ON proposals (case_id, status);
CREATE INDEX proposals_by_message ON proposals (message_id);
CREATE INDEX proposals_by_source ON proposals (source_version_id, source_page);
