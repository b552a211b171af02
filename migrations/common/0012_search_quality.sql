-- A generation: the vectors that one embedding model made, kept in a store of their
-- own. One is live; another may be filled beside it as its shadow; those that were
-- live before are kept until somebody drops them.
CREATE TABLE embedding_generations (
    id UUID PRIMARY KEY NOT NULL,
    -- The name of its store: letters, digits and hyphens.
    name TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    dimensions BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('live', 'filling', 'paused', 'failed', 'previous', 'dropped')),
    -- Its place, which only one generation can have at a time; nothing for the others.
    slot TEXT CHECK (slot IN ('live', 'shadow')),
    -- Why it waits or failed.
    reason TEXT,
    organisation_id UUID REFERENCES organisations (id),
    started_by UUID REFERENCES users (id),
    started_at TIMESTAMPTZ NOT NULL,
    -- When it was last made the live one.
    live_at TIMESTAMPTZ,
    -- What filling it was estimated to take, and what it took so far.
    estimated_tokens BIGINT,
    estimated_microdollars BIGINT,
    estimated_secs BIGINT,
    spent_tokens BIGINT NOT NULL,
    spent_microdollars BIGINT NOT NULL,
    spent_paise BIGINT NOT NULL,
    spent_ms BIGINT NOT NULL
);
CREATE UNIQUE INDEX embedding_generations_by_name ON embedding_generations (name);
CREATE UNIQUE INDEX embedding_generations_by_slot ON embedding_generations (slot);

-- The versions a generation holds, as their passages stood at a time.
CREATE TABLE generation_versions (
    generation_id UUID NOT NULL REFERENCES embedding_generations (id),
    version_id UUID NOT NULL REFERENCES versions (id),
    passages BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (generation_id, version_id)
);

-- Golden questions: questions whose right answers the organisation knows.
CREATE TABLE golden_questions (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    question TEXT NOT NULL,
    -- The case it is asked in; over everything when there is none.
    case_id UUID REFERENCES cases (id),
    note TEXT NOT NULL,
    created_by UUID NOT NULL REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX golden_questions_by_organisation ON golden_questions (organisation_id, created_at);

-- What should be found: a document, a page of it, or a span of that page's text in
-- UTF-8 bytes.
CREATE TABLE golden_expected (
    question_id UUID NOT NULL REFERENCES golden_questions (id),
    ordinal BIGINT NOT NULL,
    document_id UUID NOT NULL REFERENCES documents (id),
    page BIGINT,
    start_offset BIGINT,
    end_offset BIGINT,
    PRIMARY KEY (question_id, ordinal)
);

-- One way of searching, tried on every golden question. Runs made together have one
-- batch.
CREATE TABLE golden_runs (
    id UUID PRIMARY KEY NOT NULL,
    batch_id UUID NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    at TIMESTAMPTZ NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    way TEXT NOT NULL CHECK (way IN ('lexical', 'semantic', 'hybrid')),
    -- The embedding model; none for search by words.
    generation_id UUID REFERENCES embedding_generations (id),
    model TEXT,
    is_shadow BOOLEAN NOT NULL,
    questions BIGINT NOT NULL,
    recall_10 DOUBLE PRECISION NOT NULL,
    recall_100 DOUBLE PRECISION NOT NULL,
    mrr DOUBLE PRECISION NOT NULL,
    ndcg_10 DOUBLE PRECISION NOT NULL,
    took_ms BIGINT NOT NULL
);
CREATE INDEX golden_runs_by_time ON golden_runs (organisation_id, at);

-- What a run found for a question; the question may be gone since.
CREATE TABLE golden_results (
    run_id UUID NOT NULL REFERENCES golden_runs (id),
    question_id UUID NOT NULL,
    question TEXT NOT NULL,
    -- The rank of the first right passage, from 1; none when it was not found.
    first_rank BIGINT,
    recall_10 DOUBLE PRECISION NOT NULL,
    recall_100 DOUBLE PRECISION NOT NULL,
    reciprocal_rank DOUBLE PRECISION NOT NULL,
    ndcg_10 DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (run_id, question_id)
);
