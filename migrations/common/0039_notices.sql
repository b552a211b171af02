-- What people want to be told of, and when.

-- How somebody is told of a kind of thing; without a row, as the kind has it.
CREATE TABLE notice_choices (
    user_id UUID NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    how TEXT NOT NULL CHECK (how IN ('at_once', 'digest', 'never')),
    PRIMARY KEY (user_id, kind)
);

-- When somebody wants quiet, and their digest: minutes after midnight in India.
CREATE TABLE notice_hours (
    user_id UUID PRIMARY KEY NOT NULL REFERENCES users (id),
    quiet_from BIGINT CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_until BIGINT CHECK (quiet_until BETWEEN 0 AND 1439),
    digest_at BIGINT NOT NULL CHECK (digest_at BETWEEN 0 AND 1439),
    CHECK ((quiet_from IS NULL) = (quiet_until IS NULL))
);

-- What waits for somebody's next digest.
CREATE TABLE digest_entries (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    user_id UUID NOT NULL REFERENCES users (id),
    -- The case it tells of; asked about again when the digest is put together.
    case_id UUID REFERENCES cases (id),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    written_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX digest_entries_by_user ON digest_entries (user_id, id);
CREATE INDEX digest_entries_by_case ON digest_entries (case_id);

-- The digests put together: one for a person and a day.
CREATE TABLE digests (
    user_id UUID NOT NULL REFERENCES users (id),
    on_date TEXT NOT NULL,
    PRIMARY KEY (user_id, on_date)
);

-- Told of new messages of a case, and not read since.
CREATE TABLE notice_marks (
    user_id UUID NOT NULL REFERENCES users (id),
    case_id UUID NOT NULL REFERENCES cases (id),
    kind TEXT NOT NULL,
    told_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, case_id, kind)
);
CREATE INDEX notice_marks_by_case ON notice_marks (case_id);

-- Who a letter tells of which case: both are asked about again before it goes.
ALTER TABLE letters ADD COLUMN about_user UUID REFERENCES users (id);
ALTER TABLE letters ADD COLUMN about_case UUID REFERENCES cases (id);
CREATE INDEX letters_by_user ON letters (about_user);
CREATE INDEX letters_by_case ON letters (about_case);
