-- Conversations branch: a question follows an answer, an answer its question. What has
-- the same parent are variants of each other, the newest of which is shown first.
ALTER TABLE messages ADD COLUMN parent_id UUID REFERENCES messages (id);
UPDATE messages SET parent_id = (
    SELECT p.id FROM messages p
    WHERE p.conversation_id = messages.conversation_id
      AND (p.created_at < messages.created_at
           OR (p.created_at = messages.created_at AND p.id < messages.id))
    ORDER BY p.created_at DESC, p.id DESC LIMIT 1
);
-- Why an answer is not whole, where something of it was kept: who asked stopped it, or
-- the process that wrote it ended.
ALTER TABLE messages ADD COLUMN ended TEXT CHECK (ended IN ('stopped', 'interrupted'));
-- When the process that writes an answer last said that it does.
ALTER TABLE messages ADD COLUMN alive_at TIMESTAMPTZ;
-- When who asked said that it is to stop; whichever process writes it reads this.
ALTER TABLE messages ADD COLUMN stop_at TIMESTAMPTZ;
CREATE INDEX messages_running ON messages (conversation_id) WHERE status = 'running';

-- What readers were told while a question was answered, in order, so that they go on
-- where they were, with any process. Kept for a day.
CREATE TABLE message_events (
    message_id UUID NOT NULL REFERENCES messages (id),
    place BIGINT NOT NULL,
    event JSONB NOT NULL,
    stored_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (message_id, place)
);
CREATE INDEX message_events_by_time ON message_events (stored_at);

-- What who asked thinks of an answer.
CREATE TABLE answer_feedback (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    message_id UUID NOT NULL REFERENCES messages (id),
    user_id UUID NOT NULL REFERENCES users (id),
    helpful BOOLEAN NOT NULL,
    reason TEXT CHECK (reason IN ('wrong', 'incomplete', 'wrong_source', 'not_found', 'unclear',
                                  'slow', 'other')),
    words TEXT NOT NULL,
    given_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX answer_feedback_by_message ON answer_feedback (message_id);
CREATE INDEX answer_feedback_by_time ON answer_feedback (organisation_id, given_at);

-- Answers that everybody in a case is shown.
CREATE TABLE pinned_answers (
    id UUID PRIMARY KEY NOT NULL,
    case_id UUID NOT NULL REFERENCES cases (id),
    message_id UUID NOT NULL REFERENCES messages (id),
    user_id UUID NOT NULL REFERENCES users (id),
    pinned_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX pinned_answers_by_message ON pinned_answers (message_id);
CREATE INDEX pinned_answers_by_case ON pinned_answers (case_id, pinned_at);
