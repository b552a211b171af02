-- What a message asks for or answers beyond a question: the kind of task, its
-- documents and what was chosen for it.
ALTER TABLE messages ADD COLUMN task JSONB;
