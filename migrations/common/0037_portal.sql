-- What clients are shown, asked for and send.

-- How a document is shared. What was shared before keeps what it gave: every page of every
-- version, without a mark.
-- Page ranges such as 1-3,7; none for every page.
ALTER TABLE document_shares ADD COLUMN pages TEXT;
-- Whether the pictures of pages carry the client's name.
ALTER TABLE document_shares ADD COLUMN watermark BOOLEAN NOT NULL DEFAULT FALSE;
-- Whether the client may take a file away.
ALTER TABLE document_shares ADD COLUMN download BOOLEAN NOT NULL DEFAULT FALSE;
-- The version that was shared; none for every one.
ALTER TABLE document_shares ADD COLUMN version BIGINT;
-- Whether versions after it are shared too.
ALTER TABLE document_shares ADD COLUMN later_versions BOOLEAN NOT NULL DEFAULT FALSE;

-- What is shared with the client a person is, as long as the case is that client's;
-- whether it has ended is for the statement to compare.
DROP VIEW shared_documents;
CREATE VIEW shared_documents AS
SELECT u.id AS user_id, s.document_id AS document_id, s.expires_at AS expires_at,
    s.pages AS pages, s.watermark AS watermark, s.download AS download, s.version AS version,
    s.later_versions AS later_versions
FROM document_shares s
JOIN users u ON u.client_id = s.client_id
JOIN documents d ON d.id = s.document_id AND d.organisation_id = u.organisation_id
JOIN cases c ON c.id = d.case_id AND c.client_id = s.client_id
WHERE NOT EXISTS (SELECT 1 FROM walled_people w
                  WHERE w.user_id = u.id
                    AND (w.case_id = c.id OR w.client_id = c.client_id));

-- Which pages of shared documents clients looked at. Page 0 is the file, taken away.
CREATE TABLE share_views (
    document_id UUID NOT NULL REFERENCES documents (id),
    user_id UUID NOT NULL REFERENCES users (id),
    version BIGINT NOT NULL,
    page BIGINT NOT NULL,
    views BIGINT NOT NULL,
    first_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (document_id, user_id, version, page)
);
CREATE INDEX share_views_by_user ON share_views (user_id);

-- The cases shown to their clients. A row is of one client: when the case becomes
-- another's, it shows nothing any more.
CREATE TABLE case_portals (
    case_id UUID PRIMARY KEY NOT NULL REFERENCES cases (id),
    client_id UUID NOT NULL REFERENCES clients (id),
    shown_by UUID NOT NULL REFERENCES users (id),
    shown_at TIMESTAMPTZ NOT NULL,
    hidden_by UUID REFERENCES users (id),
    hidden_at TIMESTAMPTZ,
    CHECK ((hidden_at IS NULL) = (hidden_by IS NULL))
);
CREATE INDEX case_portals_by_client ON case_portals (client_id);

-- The cases a client's person is shown: the one rule every statement of the portal asks.
CREATE VIEW shown_cases AS
SELECT u.id AS user_id, c.id AS case_id
FROM case_portals p
JOIN cases c ON c.id = p.case_id AND c.client_id = p.client_id
JOIN users u ON u.client_id = p.client_id AND u.organisation_id = c.organisation_id
WHERE p.hidden_at IS NULL
  AND u.role = 'client'
  AND NOT EXISTS (SELECT 1 FROM walled_people w
                  WHERE w.user_id = u.id
                    AND (w.case_id = c.id OR w.client_id = c.client_id));

-- What the chamber needs from a client.
CREATE TABLE client_requests (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    case_id UUID NOT NULL REFERENCES cases (id),
    client_id UUID NOT NULL REFERENCES clients (id),
    what TEXT NOT NULL,
    due_on TEXT,
    asked_by UUID NOT NULL REFERENCES users (id),
    asked_at TIMESTAMPTZ NOT NULL,
    done_at TIMESTAMPTZ,
    -- Whether the client delivered it, or the chamber ticked it off.
    done_how TEXT CHECK (done_how IN ('delivered', 'chamber')),
    withdrawn_at TIMESTAMPTZ,
    CHECK ((done_at IS NULL) = (done_how IS NULL))
);
CREATE INDEX client_requests_by_case ON client_requests (case_id, asked_at);
CREATE INDEX client_requests_by_client ON client_requests (client_id);

-- News of a case in plain words. What it said is kept, also when it was withdrawn.
CREATE TABLE case_news (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    case_id UUID NOT NULL REFERENCES cases (id),
    client_id UUID NOT NULL REFERENCES clients (id),
    created_by UUID NOT NULL REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    withdrawn_by UUID REFERENCES users (id),
    withdrawn_at TIMESTAMPTZ,
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
);
CREATE INDEX case_news_by_case ON case_news (case_id, created_at);
CREATE INDEX case_news_by_client ON case_news (client_id);

-- Each wording of it, and the advocate who approved that wording. The client reads the
-- last that was approved.
CREATE TABLE news_wordings (
    news_id UUID NOT NULL REFERENCES case_news (id),
    number BIGINT NOT NULL,
    english TEXT,
    hindi TEXT,
    written_by UUID NOT NULL REFERENCES users (id),
    written_at TIMESTAMPTZ NOT NULL,
    approved_by UUID REFERENCES users (id),
    approved_at TIMESTAMPTZ,
    PRIMARY KEY (news_id, number),
    CHECK (english IS NOT NULL OR hindi IS NOT NULL),
    CHECK ((approved_at IS NULL) = (approved_by IS NULL))
);

-- Files clients sent. They are kept apart from the case until somebody takes them in.
CREATE TABLE deliveries (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    case_id UUID NOT NULL REFERENCES cases (id),
    client_id UUID NOT NULL REFERENCES clients (id),
    request_id UUID REFERENCES client_requests (id),
    sent_by UUID NOT NULL REFERENCES users (id),
    sent_at TIMESTAMPTZ NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    format TEXT NOT NULL,
    note TEXT,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'accepted', 'refused')),
    decided_by UUID REFERENCES users (id),
    decided_at TIMESTAMPTZ,
    -- Why it was refused, as the client reads it.
    reason TEXT,
    -- What it became.
    document_id UUID REFERENCES documents (id),
    CHECK ((status = 'waiting') = (decided_at IS NULL))
);
CREATE INDEX deliveries_by_case ON deliveries (case_id, sent_at);
CREATE INDEX deliveries_by_client ON deliveries (client_id, sent_at);
CREATE INDEX deliveries_by_request ON deliveries (request_id);
CREATE INDEX deliveries_by_document ON deliveries (document_id);

-- What the portal keeps of a client's person: the language they chose, and when they
-- were last there.
CREATE TABLE portal_people (
    user_id UUID PRIMARY KEY NOT NULL REFERENCES users (id),
    language TEXT CHECK (language IN ('en', 'hi')),
    last_visit_at TIMESTAMPTZ
);
