-- What is known of clients, and conflict checks.

-- The language letters to them are in.
ALTER TABLE clients ADD COLUMN language TEXT NOT NULL DEFAULT 'en'
    CHECK (language IN ('en', 'hi'));
ALTER TABLE clients ADD COLUMN gstin TEXT;
ALTER TABLE clients ADD COLUMN pan TEXT;
-- The State of the client, as two digits of a GSTIN: the place of supply.
ALTER TABLE clients ADD COLUMN state_code TEXT;
ALTER TABLE clients ADD COLUMN address TEXT;
-- What the tax law sees in them; it decides who pays GST on a fee.
ALTER TABLE clients ADD COLUMN gst_class TEXT
    CHECK (gst_class IN ('business_above', 'business_below', 'not_business', 'advocate',
        'government'));
ALTER TABLE clients ADD COLUMN notes TEXT;
-- The client this one turned out to be; its id goes on finding that one.
ALTER TABLE clients ADD COLUMN merged_into UUID REFERENCES clients (id);
ALTER TABLE clients ADD COLUMN archived_at TIMESTAMPTZ;
-- Counted up at each change, so that a form filled in before it is refused.
ALTER TABLE clients ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
CREATE INDEX clients_by_merged ON clients (merged_into);

-- Who is reached at a client.
CREATE TABLE client_contacts (
    id UUID PRIMARY KEY NOT NULL,
    client_id UUID NOT NULL REFERENCES clients (id),
    name TEXT NOT NULL,
    -- What they are there: director, munim, brother.
    post TEXT,
    email TEXT,
    phone TEXT,
    -- Which letters go to them.
    gets_portal_mail BOOLEAN NOT NULL,
    gets_invoices BOOLEAN NOT NULL,
    added_by UUID NOT NULL REFERENCES users (id),
    added_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX client_contacts_by_client ON client_contacts (client_id, name);

-- A merge cannot be undone, so it keeps what each of the two was.
CREATE TABLE client_merges (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    kept_id UUID NOT NULL REFERENCES clients (id),
    gone_id UUID NOT NULL REFERENCES clients (id),
    merged_by UUID NOT NULL REFERENCES users (id),
    merged_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX client_merges_by_gone ON client_merges (gone_id);

-- A wall on a client keeps its people out of those merged into it too.
-- only SQLite:
DROP VIEW walled_people;
CREATE VIEW walled_people AS
-- only PostgreSQL:
CREATE OR REPLACE VIEW walled_people AS
-- both:
SELECT w.id AS wall_id, w.user_id AS user_id, w.case_id AS case_id, w.client_id AS client_id
FROM walls w
WHERE w.lifted_at IS NULL AND w.user_id IS NOT NULL
UNION ALL
SELECT w.id, g.user_id, w.case_id, w.client_id
FROM walls w JOIN group_members g ON g.group_id = w.group_id
WHERE w.lifted_at IS NULL
UNION ALL
SELECT w.id, w.user_id, w.case_id, k.id
FROM walls w JOIN clients k ON k.merged_into = w.client_id
WHERE w.lifted_at IS NULL AND w.user_id IS NOT NULL
UNION ALL
SELECT w.id, g.user_id, w.case_id, k.id
FROM walls w JOIN group_members g ON g.group_id = w.group_id
JOIN clients k ON k.merged_into = w.client_id
WHERE w.lifted_at IS NULL;

-- Names that were looked for, and what was decided.
CREATE TABLE conflict_checks (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    -- The case or client it was made for.
    case_id UUID REFERENCES cases (id),
    client_id UUID REFERENCES clients (id),
    -- Somebody asked, or a client or party was entered.
    occasion TEXT NOT NULL CHECK (occasion IN ('asked', 'client', 'party')),
    -- Whether an admin confirms: a wall kept the one who asked out of something then.
    to_confirm BOOLEAN NOT NULL,
    -- Whether counsel of other sides were looked among.
    with_counsel BOOLEAN NOT NULL,
    asked_by UUID NOT NULL REFERENCES users (id),
    asked_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX conflict_checks_by_time ON conflict_checks (organisation_id, asked_at);
CREATE INDEX conflict_checks_by_case ON conflict_checks (case_id);
CREATE INDEX conflict_checks_by_client ON conflict_checks (client_id);

CREATE TABLE conflict_check_names (
    id UUID PRIMARY KEY NOT NULL,
    check_id UUID NOT NULL REFERENCES conflict_checks (id),
    ordinal BIGINT NOT NULL,
    -- Whether the chamber would act for them.
    ours BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    father TEXT,
    city TEXT,
    pan TEXT,
    gstin TEXT,
    cin TEXT,
    phone TEXT,
    email TEXT
);
CREATE UNIQUE INDEX conflict_check_names_by_check ON conflict_check_names (check_id, ordinal);

-- Every name there ever was: a row stays when what it was read from is changed or
-- removed. Read anew from the tables before each check, so none can be missed.
CREATE TABLE known_names (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    source TEXT NOT NULL CHECK (source IN ('client', 'contact', 'party', 'counsel', 'check')),
    -- The row of that table it was read from, which may be gone.
    source_id UUID NOT NULL,
    client_id UUID REFERENCES clients (id),
    case_id UUID REFERENCES cases (id),
    check_id UUID REFERENCES conflict_checks (id),
    name TEXT NOT NULL,
    -- What they were in the case, and whether the chamber acted for them.
    role TEXT,
    ours BOOLEAN NOT NULL,
    father TEXT,
    city TEXT,
    pan TEXT,
    gstin TEXT,
    cin TEXT,
    phone TEXT,
    email TEXT,
    -- All that is compared, in one text: what tells a changed row from a known one.
    said TEXT NOT NULL,
    seen_on TEXT NOT NULL
);
CREATE UNIQUE INDEX known_names_by_source ON known_names (source_id, source, said);
CREATE INDEX known_names_by_client ON known_names (client_id);
CREATE INDEX known_names_by_case ON known_names (case_id);
CREATE INDEX known_names_by_check ON known_names (check_id);

-- By what a name is found: sounds of its words, initials, identifiers.
CREATE TABLE name_keys (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name_id UUID NOT NULL REFERENCES known_names (id),
    name_key TEXT NOT NULL
);
CREATE INDEX name_keys_by_key ON name_keys (organisation_id, name_key);
CREATE INDEX name_keys_by_name ON name_keys (name_id);

CREATE TABLE conflict_hits (
    id UUID PRIMARY KEY NOT NULL,
    check_id UUID NOT NULL REFERENCES conflict_checks (id),
    -- Which of the names that were asked, and the name it may be.
    ordinal BIGINT NOT NULL,
    name_id UUID NOT NULL REFERENCES known_names (id),
    -- Thousandths.
    score BIGINT NOT NULL,
    -- A sentence a line.
    reasons TEXT NOT NULL
);
CREATE INDEX conflict_hits_by_check ON conflict_hits (check_id, score);
CREATE INDEX conflict_hits_by_name ON conflict_hits (name_id);

-- Later decisions are further rows; the last holds.
CREATE TABLE conflict_decisions (
    id UUID PRIMARY KEY NOT NULL,
    check_id UUID NOT NULL REFERENCES conflict_checks (id),
    decision TEXT NOT NULL CHECK (decision IN ('no_conflict', 'declined', 'waived')),
    reason TEXT NOT NULL,
    decided_by UUID NOT NULL REFERENCES users (id),
    decided_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX conflict_decisions_by_check ON conflict_decisions (check_id, decided_at);
