-- How often a session was renewed, so that the access tokens given before stand for
-- nothing, and by whom the words of a letter were read in place of its recipient.
ALTER TABLE sessions ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
ALTER TABLE letters ADD COLUMN read_by UUID REFERENCES users (id);
ALTER TABLE letters ADD COLUMN read_at TIMESTAMPTZ;
CREATE INDEX letters_by_recipient ON letters (organisation_id, recipient);
