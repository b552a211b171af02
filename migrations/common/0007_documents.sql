-- Documents of a case. `parent_id` links an attachment to its mail.
CREATE TABLE documents (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    case_id UUID NOT NULL REFERENCES cases (id),
    parent_id UUID REFERENCES documents (id),
    title TEXT NOT NULL,
    created_by UUID NOT NULL REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX documents_by_case ON documents (case_id, created_at);
CREATE INDEX documents_by_parent ON documents (parent_id);

-- One version: certain bytes, kept in the blob store under their SHA-256.
CREATE TABLE versions (
    id UUID PRIMARY KEY NOT NULL,
    document_id UUID NOT NULL REFERENCES documents (id),
    number BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    format TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('queued', 'reading', 'read', 'failed')),
    error TEXT,
    pages_total BIGINT,
    reading_started_at TIMESTAMPTZ,
    read_at TIMESTAMPTZ,
    indexed_at TIMESTAMPTZ,
    embedded_at TIMESTAMPTZ,
    embedding_model TEXT,
    created_by UUID NOT NULL REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX versions_by_number ON versions (document_id, number);
CREATE INDEX versions_by_sha256 ON versions (sha256);

-- The page ledger: what stands on a page and how it was read.
-- `layout` holds the word boxes, compressed.
CREATE TABLE pages (
    version_id UUID NOT NULL REFERENCES versions (id),
    number BIGINT NOT NULL,
    text TEXT NOT NULL,
    layout BYTEA,
    method TEXT NOT NULL,
    language TEXT,
    confidence DOUBLE PRECISION,
    took_ms BIGINT NOT NULL,
    error TEXT,
    PRIMARY KEY (version_id, number)
);

-- Spans of page text, in UTF-8 bytes; together they cover the text exactly.
CREATE TABLE passages (
    id UUID PRIMARY KEY NOT NULL,
    version_id UUID NOT NULL REFERENCES versions (id),
    ordinal BIGINT NOT NULL,
    first_page BIGINT NOT NULL,
    first_offset BIGINT NOT NULL,
    last_page BIGINT NOT NULL,
    last_offset BIGINT NOT NULL,
    heading TEXT,
    paragraph TEXT
);
CREATE UNIQUE INDEX passages_by_ordinal ON passages (version_id, ordinal);

-- Citations, sections, case numbers and dates found in the text.
CREATE TABLE entities (
    id UUID PRIMARY KEY NOT NULL,
    version_id UUID NOT NULL REFERENCES versions (id),
    kind TEXT NOT NULL,
    page BIGINT NOT NULL,
    start_offset BIGINT NOT NULL,
    end_offset BIGINT NOT NULL,
    text TEXT NOT NULL,
    normal TEXT NOT NULL
);
CREATE INDEX entities_by_version ON entities (version_id, kind);
CREATE INDEX entities_by_normal ON entities (normal);

-- Documents a client may read in the portal.
CREATE TABLE document_shares (
    document_id UUID NOT NULL REFERENCES documents (id),
    client_id UUID NOT NULL REFERENCES clients (id),
    shared_by UUID NOT NULL REFERENCES users (id),
    shared_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (document_id, client_id)
);
CREATE INDEX document_shares_by_client ON document_shares (client_id);
