-- Outages of what the assistant leans on: one row from the moment a part was left alone
-- or found missing until it was there again, so that their number goes by changes and not
-- by calls.
CREATE TABLE outages (
    -- A language model, the embedding model, or what holds the vectors.
    part TEXT NOT NULL CHECK (part IN ('model', 'embeddings', 'vectors')),
    -- Provider and model, or the store.
    name TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- How many calls failed before it was left alone.
    failures BIGINT NOT NULL,
    began_at TIMESTAMPTZ NOT NULL,
    -- Nothing while it lasts.
    ended_at TIMESTAMPTZ,
    PRIMARY KEY (part, name, began_at)
);
CREATE INDEX outages_by_time ON outages (began_at);

-- Answers that went on with another model, counted by the hour.
CREATE TABLE model_switches (
    -- The hour's beginning.
    hour TIMESTAMPTZ NOT NULL,
    from_model TEXT NOT NULL,
    to_model TEXT NOT NULL,
    reason TEXT NOT NULL,
    answers BIGINT NOT NULL,
    PRIMARY KEY (hour, from_model, to_model, reason)
);
