-- Conversations with the assistant, of one person, about one case or all they see.
CREATE TABLE conversations (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    user_id UUID NOT NULL REFERENCES users (id),
    case_id UUID REFERENCES cases (id),
    title TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX conversations_by_user ON conversations (user_id, updated_at);

-- A question and its answer are two messages.
CREATE TABLE messages (
    id UUID PRIMARY KEY NOT NULL,
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    role TEXT NOT NULL CHECK (role IN ('question', 'answer')),
    status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed')),
    text TEXT NOT NULL,
    -- How it was answered, in words for the reader.
    label TEXT,
    -- What was searched to answer: documents, pages, what could not be read.
    coverage TEXT,
    -- What was struck from the answer and why.
    removed JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX messages_by_conversation ON messages (conversation_id, created_at);

-- The passages an answer rests on. `cited` says whether the answer names it.
CREATE TABLE citations (
    id UUID PRIMARY KEY NOT NULL,
    message_id UUID NOT NULL REFERENCES messages (id),
    ordinal BIGINT NOT NULL,
    number BIGINT NOT NULL,
    version_id UUID NOT NULL REFERENCES versions (id),
    passage_id UUID NOT NULL REFERENCES passages (id),
    page BIGINT NOT NULL,
    start_offset BIGINT NOT NULL,
    end_offset BIGINT NOT NULL,
    quote TEXT,
    cited BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX citations_by_message ON citations (message_id, ordinal);
