-- Answers of a model that may be given again. The answer itself is its message; an entry
-- says to which question, of which state of which documents, and what it cost.
CREATE TABLE answer_cache (
    message_id UUID PRIMARY KEY NOT NULL REFERENCES messages (id),
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    user_id UUID NOT NULL REFERENCES users (id),
    case_id UUID REFERENCES cases (id),
    -- SHA-256 of the question's words.
    question_hash TEXT NOT NULL,
    -- SHA-256 of what could be read when it was answered, by which model and wording.
    state_hash TEXT NOT NULL,
    cost_microdollars BIGINT NOT NULL,
    cost_paise BIGINT NOT NULL,
    kept_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX answer_cache_by_question ON answer_cache (organisation_id, question_hash, state_hash);
