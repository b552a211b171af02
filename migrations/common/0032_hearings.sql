-- Hearings with their history, cause lists, calendar addresses.

-- The hearing it was adjourned from; the chain of them is the history.
ALTER TABLE hearings ADD COLUMN previous_id UUID REFERENCES hearings (id);
ALTER TABLE hearings ADD COLUMN list_type TEXT
    CHECK (list_type IN ('daily', 'weekly', 'supplementary', 'final'));
-- When it begins, as HH:MM in India.
ALTER TABLE hearings ADD COLUMN starts_at TEXT;
-- Whether it was mentioned before the court.
ALTER TABLE hearings ADD COLUMN mentioned BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE hearings ADD COLUMN appeared_ours TEXT;
ALTER TABLE hearings ADD COLUMN appeared_theirs TEXT;
ALTER TABLE hearings ADD COLUMN adjourned_by TEXT
    CHECK (adjourned_by IN ('court', 'us', 'other_side', 'both'));
-- Why: a key of index/adjournments.toml, and words.
ALTER TABLE hearings ADD COLUMN adjourned_reason TEXT;
ALTER TABLE hearings ADD COLUMN adjourned_words TEXT;
ALTER TABLE hearings ADD COLUMN costs_paise BIGINT CHECK (costs_paise >= 0);
-- How the day is known. A document has its version, page and words beside.
ALTER TABLE hearings ADD COLUMN source_kind TEXT NOT NULL DEFAULT 'manual'
    CHECK (source_kind IN ('manual', 'document', 'cause_list', 'import'));
ALTER TABLE hearings ADD COLUMN outcome_by UUID REFERENCES users (id);
ALTER TABLE hearings ADD COLUMN outcome_at TIMESTAMPTZ;
-- Entered by mistake: it stays, and counts for nothing.
ALTER TABLE hearings ADD COLUMN withdrawn_by UUID REFERENCES users (id);
ALTER TABLE hearings ADD COLUMN withdrawn_at TIMESTAMPTZ;
ALTER TABLE hearings ADD COLUMN withdrawn_reason TEXT;
-- How often it was changed; calendars go by it.
ALTER TABLE hearings ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0;
UPDATE hearings SET source_kind = 'document' WHERE source_version_id IS NOT NULL;

-- One hearing follows another, and a cause list enters a case once for a day, however
-- many people accept it at once.
CREATE UNIQUE INDEX hearings_by_previous ON hearings (previous_id) WHERE withdrawn_at IS NULL;
CREATE UNIQUE INDEX hearings_by_listing ON hearings (case_id, on_date)
    WHERE source_kind = 'cause_list' AND withdrawn_at IS NULL;

-- The days a hearing was moved from and to.
CREATE TABLE hearing_changes (
    hearing_id UUID NOT NULL REFERENCES hearings (id),
    sequence BIGINT NOT NULL,
    old_date TEXT NOT NULL,
    new_date TEXT NOT NULL,
    reason TEXT,
    source_kind TEXT NOT NULL
        CHECK (source_kind IN ('manual', 'document', 'cause_list', 'import')),
    source_version_id UUID REFERENCES versions (id),
    source_page BIGINT,
    source_quote TEXT,
    changed_by UUID NOT NULL REFERENCES users (id),
    changed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (hearing_id, sequence)
);

-- Another day that a source gives for a hearing, until somebody decides.
CREATE TABLE hearing_claims (
    id UUID PRIMARY KEY NOT NULL,
    hearing_id UUID NOT NULL REFERENCES hearings (id),
    on_date TEXT NOT NULL,
    court_hall TEXT,
    item TEXT,
    source_kind TEXT NOT NULL
        CHECK (source_kind IN ('manual', 'document', 'cause_list', 'import')),
    source_version_id UUID REFERENCES versions (id),
    source_page BIGINT,
    source_quote TEXT,
    -- The hearing that was entered for that day already.
    became_id UUID REFERENCES hearings (id),
    claimed_by UUID NOT NULL REFERENCES users (id),
    claimed_at TIMESTAMPTZ NOT NULL,
    decision TEXT CHECK (decision IN ('taken', 'refused', 'both')),
    decided_by UUID REFERENCES users (id),
    decided_at TIMESTAMPTZ,
    CHECK ((decision IS NULL) = (decided_at IS NULL))
);
CREATE UNIQUE INDEX hearing_claims_open ON hearing_claims (hearing_id, on_date)
    WHERE decision IS NULL;

-- A cause list somebody read. Its text goes after some days; what was accepted stays.
CREATE TABLE cause_lists (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    court TEXT,
    on_date TEXT NOT NULL,
    list_type TEXT CHECK (list_type IN ('daily', 'weekly', 'supplementary', 'final')),
    text TEXT,
    added_by UUID NOT NULL REFERENCES users (id),
    added_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX cause_lists_by_person ON cause_lists (added_by, added_at);
CREATE INDEX cause_lists_by_age ON cause_lists (added_at);

-- What became of an entry of a cause list in one case.
CREATE TABLE cause_list_matches (
    list_id UUID NOT NULL REFERENCES cause_lists (id),
    entry BIGINT NOT NULL,
    case_id UUID NOT NULL REFERENCES cases (id),
    decision TEXT NOT NULL CHECK (decision IN ('accepted', 'ignored')),
    hearing_id UUID REFERENCES hearings (id),
    decided_by UUID NOT NULL REFERENCES users (id),
    decided_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (list_id, entry, case_id)
);
CREATE INDEX cause_list_matches_by_case ON cause_list_matches (case_id);

-- A person's secret calendar address; of the token only its hash is kept.
CREATE TABLE calendar_feeds (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    -- Whether it says no more than `Hearing`, and whether it holds every case open to
    -- the person and not only those they are a member of.
    discreet BOOLEAN NOT NULL,
    all_cases BOOLEAN NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    fetched_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX calendar_feeds_by_token ON calendar_feeds (token_hash);
CREATE INDEX calendar_feeds_by_person ON calendar_feeds (user_id);

-- What somebody was reminded of: once for a day and kind, whoever sends it.
CREATE TABLE hearing_reminders (
    user_id UUID NOT NULL REFERENCES users (id),
    day TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('hearings_ahead', 'dates_to_check')),
    sent_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, day, kind)
);
