-- What is known of a case beside its papers: where it is heard, its numbers, where it
-- comes from, who appears, tags, notes, fields of the chamber's own. Days are YYYY-MM-DD
-- in the chamber's own time.

-- Goes up by one with each change; a form that was filled in over an older one is refused.
ALTER TABLE cases ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
-- `supreme`, `high`, `district`, `magistrate`, `family`, `commercial`, `tribunal`, `other`.
ALTER TABLE cases ADD COLUMN court_level TEXT;
-- The seat of the court (Nagpur Bench), and its establishment on eCourts.
ALTER TABLE cases ADD COLUMN court_seat TEXT;
ALTER TABLE cases ADD COLUMN establishment TEXT;
ALTER TABLE cases ADD COLUMN stage TEXT;
-- Single, Division or Full Bench; who sits; and where.
ALTER TABLE cases ADD COLUMN bench TEXT;
ALTER TABLE cases ADD COLUMN judges TEXT;
ALTER TABLE cases ADD COLUMN court_hall TEXT;
-- The first information report a criminal case began with.
ALTER TABLE cases ADD COLUMN fir_number TEXT;
ALTER TABLE cases ADD COLUMN fir_year TEXT;
ALTER TABLE cases ADD COLUMN police_station TEXT;
ALTER TABLE cases ADD COLUMN district TEXT;
ALTER TABLE cases ADD COLUMN fir_sections TEXT;
ALTER TABLE cases ADD COLUMN offence_on TEXT;
-- The acts and sections it is under.
ALTER TABLE cases ADD COLUMN acts TEXT;
-- When it was closed, how it ended, and what was said of that.
ALTER TABLE cases ADD COLUMN closed_on TEXT;
ALTER TABLE cases ADD COLUMN disposal TEXT;
ALTER TABLE cases ADD COLUMN closing_note TEXT;
CREATE INDEX cases_by_client ON cases (client_id);

-- A case has several numbers: the one it goes by (which also stands in `cases.number`),
-- of filing and registration, an older one, one of the court below.
CREATE TABLE case_numbers (
    case_id UUID NOT NULL REFERENCES cases (id),
    ordinal BIGINT NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('own', 'filing', 'registration', 'old', 'lower')),
    -- What makes two numbers equal, however they are written; empty until it is worked out.
    normal TEXT NOT NULL,
    PRIMARY KEY (case_id, ordinal)
);
CREATE INDEX case_numbers_by_normal ON case_numbers (normal);
INSERT INTO case_numbers (case_id, ordinal, number, kind, normal)
SELECT c.id, 0, c.number, 'own', '' FROM cases c WHERE c.number IS NOT NULL;

-- Which case another comes from: an appeal from a suit, an application in a petition.
CREATE TABLE case_links (
    parent_id UUID NOT NULL REFERENCES cases (id),
    child_id UUID NOT NULL REFERENCES cases (id),
    kind TEXT NOT NULL CHECK (kind IN ('appeal', 'revision', 'slp', 'review', 'curative',
        'application', 'execution', 'transfer', 'connected')),
    added_by UUID NOT NULL REFERENCES users (id),
    added_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (parent_id, child_id),
    CHECK (parent_id <> child_id)
);
CREATE INDEX case_links_by_child ON case_links (child_id);

-- A party that was removed stays for checks of conflicts.
ALTER TABLE case_parties ADD COLUMN removed_at TIMESTAMPTZ;

-- The advocates of a party; their names stand in `case_parties.counsel` too.
CREATE TABLE case_counsel (
    party_id UUID NOT NULL REFERENCES case_parties (id),
    ordinal BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- As in D/1234/2010.
    enrolment TEXT,
    PRIMARY KEY (party_id, ordinal)
);

-- An authority to appear, from its filing until it ends.
CREATE TABLE vakalatnamas (
    id UUID PRIMARY KEY NOT NULL,
    case_id UUID NOT NULL REFERENCES cases (id),
    court TEXT,
    -- For whom, and in which capacity.
    parties TEXT NOT NULL,
    capacity TEXT,
    advocates TEXT NOT NULL,
    signed_on TEXT,
    -- The paper itself, where it is among the documents.
    document_id UUID REFERENCES documents (id),
    state TEXT NOT NULL CHECK (state IN ('signed', 'on_record', 'withdrawn')),
    -- Whether the advocate before gave a no-objection certificate, when it changed hands.
    noc TEXT,
    ended_on TEXT,
    added_by UUID NOT NULL REFERENCES users (id),
    added_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX vakalatnamas_by_case ON vakalatnamas (case_id);

CREATE TABLE case_tags (
    case_id UUID NOT NULL REFERENCES cases (id),
    tag TEXT NOT NULL,
    added_by UUID NOT NULL REFERENCES users (id),
    added_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (case_id, tag)
);
CREATE INDEX case_tags_by_tag ON case_tags (tag);

-- What the team writes down for itself; never shown to a client.
CREATE TABLE case_notes (
    id UUID PRIMARY KEY NOT NULL,
    case_id UUID NOT NULL REFERENCES cases (id),
    text TEXT NOT NULL,
    pinned BOOLEAN NOT NULL,
    written_by UUID NOT NULL REFERENCES users (id),
    written_at TIMESTAMPTZ NOT NULL,
    edited_at TIMESTAMPTZ
);
CREATE INDEX case_notes_by_case ON case_notes (case_id, written_at);

-- Fields of the chamber's own on every case.
CREATE TABLE case_fields (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    ordinal BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'number', 'day', 'choice', 'yes_no')),
    -- Of a choice, a line each.
    choices TEXT NOT NULL,
    required BOOLEAN NOT NULL,
    archived_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX case_fields_by_name ON case_fields (organisation_id, name);

CREATE TABLE case_field_values (
    case_id UUID NOT NULL REFERENCES cases (id),
    field_id UUID NOT NULL REFERENCES case_fields (id),
    value TEXT NOT NULL,
    PRIMARY KEY (case_id, field_id)
);
CREATE INDEX case_field_values_by_field ON case_field_values (field_id, value);

-- When somebody last opened a case, and the time before, against which the page says what
-- is new.
CREATE TABLE case_visits (
    case_id UUID NOT NULL REFERENCES cases (id),
    user_id UUID NOT NULL REFERENCES users (id),
    seen_at TIMESTAMPTZ NOT NULL,
    before_at TIMESTAMPTZ,
    PRIMARY KEY (case_id, user_id)
);

-- A list of cases read from a file, until it is entered or its day is over.
CREATE TABLE imports (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    user_id UUID NOT NULL REFERENCES users (id),
    file_name TEXT NOT NULL,
    -- The headings and rows, and which column is what.
    content JSONB NOT NULL,
    mapping JSONB NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    -- When it was entered, and what that gave.
    entered_at TIMESTAMPTZ,
    result JSONB
);
CREATE INDEX imports_by_user ON imports (user_id, made_at);

-- Every text the register finds a case by; `inside` tells what is only for those to whom
-- the case is open.
CREATE VIEW case_words AS
SELECT c.id AS case_id, FALSE AS inside, lower(c.title) AS words FROM cases c
UNION ALL
SELECT c.id, FALSE, lower(c.court) FROM cases c WHERE c.court IS NOT NULL
UNION ALL
SELECT c.id, FALSE, lower(c.cnr) FROM cases c WHERE c.cnr IS NOT NULL
UNION ALL
SELECT c.id, FALSE, lower(k.name) FROM cases c JOIN clients k ON k.id = c.client_id
UNION ALL
SELECT n.case_id, FALSE, lower(n.number) FROM case_numbers n
UNION ALL
SELECT p.case_id, TRUE, lower(p.name) FROM case_parties p WHERE p.removed_at IS NULL
UNION ALL
SELECT t.case_id, TRUE, lower(t.tag) FROM case_tags t
UNION ALL
SELECT n.case_id, TRUE, lower(n.text) FROM case_notes n;
