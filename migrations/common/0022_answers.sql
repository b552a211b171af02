-- What an answer could cite of the tables, and what checking it came to.
ALTER TABLE messages ADD COLUMN facts JSONB NOT NULL DEFAULT '[]';
ALTER TABLE messages ADD COLUMN verification JSONB;
