-- Messages of a case: those of the chamber among itself, and those its client reads too.
CREATE TABLE case_messages (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    case_id UUID NOT NULL REFERENCES cases (id),
    channel TEXT NOT NULL CHECK (channel IN ('team', 'client')),
    author_id UUID NOT NULL REFERENCES users (id),
    -- Never changed; a message taken back keeps it, and is shown without it.
    text TEXT NOT NULL,
    -- The text as it is searched: small letters, compatibility forms, single spaces.
    folded TEXT NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ
);
CREATE INDEX case_messages_by_case ON case_messages (case_id, channel, id);
CREATE INDEX case_messages_by_author ON case_messages (author_id, sent_at);

-- A document of the case, or a file that came with the message and is kept sealed.
CREATE TABLE attachments (
    id UUID PRIMARY KEY NOT NULL,
    message_id UUID NOT NULL REFERENCES case_messages (id),
    document_id UUID REFERENCES documents (id),
    name TEXT NOT NULL,
    -- What the bytes are, told from themselves; none of a document.
    media_type TEXT,
    size_bytes BIGINT,
    sha256 TEXT,
    sealed BYTEA
);
CREATE INDEX attachments_by_message ON attachments (message_id);
CREATE INDEX attachments_by_document ON attachments (document_id);

-- How far somebody has read a channel of a case.
CREATE TABLE case_message_reads (
    case_id UUID NOT NULL REFERENCES cases (id),
    channel TEXT NOT NULL CHECK (channel IN ('team', 'client')),
    user_id UUID NOT NULL REFERENCES users (id),
    up_to UUID NOT NULL,
    read_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (case_id, channel, user_id)
);
CREATE INDEX case_message_reads_by_user ON case_message_reads (user_id);

-- Who was named with an @.
CREATE TABLE case_message_mentions (
    message_id UUID NOT NULL REFERENCES case_messages (id),
    user_id UUID NOT NULL REFERENCES users (id),
    PRIMARY KEY (message_id, user_id)
);
CREATE INDEX case_message_mentions_by_user ON case_message_mentions (user_id);
