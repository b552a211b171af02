-- The password that opens a file, sealed; `password` is from before and emptied at
-- the next start.
ALTER TABLE versions ADD COLUMN password_sealed BYTEA;

-- What clients are asked to consent to, word for word; a row is never edited. The
-- newest of a language counts.
CREATE TABLE consent_wordings (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    language TEXT NOT NULL,
    number BIGINT NOT NULL,
    text TEXT NOT NULL,
    created_by UUID NOT NULL REFERENCES users (id),
    valid_from TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX consent_wordings_by_number
    ON consent_wordings (organisation_id, language, number);

-- Who consented to which wording, when and how, and until when.
CREATE TABLE consents (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    client_id UUID NOT NULL REFERENCES clients (id),
    wording_id UUID NOT NULL REFERENCES consent_wordings (id),
    how TEXT NOT NULL CHECK (how IN ('portal', 'paper', 'mail', 'phone', 'in_person')),
    given_at TIMESTAMPTZ NOT NULL,
    recorded_by UUID NOT NULL REFERENCES users (id),
    withdrawn_at TIMESTAMPTZ,
    withdrawn_by UUID REFERENCES users (id),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
);
CREATE INDEX consents_by_client ON consents (client_id, given_at);

-- A legal hold keeps a case, or everything of a client, from being erased until it
-- is lifted.
CREATE TABLE legal_holds (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    client_id UUID REFERENCES clients (id),
    case_id UUID REFERENCES cases (id),
    reason TEXT NOT NULL,
    placed_by UUID NOT NULL REFERENCES users (id),
    placed_at TIMESTAMPTZ NOT NULL,
    lifted_by UUID REFERENCES users (id),
    lifted_at TIMESTAMPTZ,
    lifted_reason TEXT,
    CHECK ((client_id IS NULL) <> (case_id IS NULL)),
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)),
    CHECK ((lifted_at IS NULL) = (lifted_reason IS NULL))
);
CREATE INDEX legal_holds_by_organisation ON legal_holds (organisation_id, placed_at);
CREATE INDEX legal_holds_by_case ON legal_holds (case_id);
CREATE INDEX legal_holds_by_client ON legal_holds (client_id);

-- How long a case is kept after it ended. `ended_on` is a day, as `YYYY-MM-DD`.
CREATE TABLE retention_rules (
    case_id UUID PRIMARY KEY NOT NULL REFERENCES cases (id),
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    ended_on TEXT NOT NULL,
    years BIGINT NOT NULL,
    set_by UUID NOT NULL REFERENCES users (id),
    set_at TIMESTAMPTZ NOT NULL
);

-- An erasure, and in the end its certificate. `subject_id` names what is gone.
-- `marks` are the names by which traces are looked for, sealed, and emptied when it
-- is done; `plan` and `certificate` are JSON that holds ids and numbers alone.
CREATE TABLE erasures (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('client', 'case', 'document', 'user')),
    subject_id UUID NOT NULL,
    asked_by UUID NOT NULL REFERENCES users (id),
    asked_at TIMESTAMPTZ NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed')),
    marks BYTEA,
    plan TEXT,
    certificate TEXT,
    hash TEXT,
    error TEXT,
    done_at TIMESTAMPTZ
);
CREATE INDEX erasures_by_organisation ON erasures (organisation_id, asked_at);

-- What the chamber holds of a client or a person, put together for them.
CREATE TABLE exports (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    client_id UUID REFERENCES clients (id),
    user_id UUID REFERENCES users (id),
    asked_by UUID NOT NULL REFERENCES users (id),
    asked_at TIMESTAMPTZ NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed')),
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    size_bytes BIGINT,
    error TEXT,
    expires_at TIMESTAMPTZ NOT NULL,
    CHECK ((client_id IS NULL) <> (user_id IS NULL))
);
CREATE INDEX exports_by_organisation ON exports (organisation_id, asked_at);
CREATE INDEX exports_by_client ON exports (client_id);

-- The cases an export tells of. To whom one of them is closed, the export is closed.
CREATE TABLE export_cases (
    export_id UUID NOT NULL REFERENCES exports (id),
    case_id UUID NOT NULL REFERENCES cases (id),
    PRIMARY KEY (export_id, case_id)
);
CREATE INDEX export_cases_by_case ON export_cases (case_id);
