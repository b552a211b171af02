-- One-time links in letters, wrong passwords counted, and whose email is proved.

-- When the person showed that letters to the email reach them. Whoever was invited and
-- has not chosen a password yet has an empty `password_hash`, which nothing matches.
ALTER TABLE users ADD COLUMN email_verified_at TIMESTAMPTZ;

-- A link stands until it is used, replaced by another of its kind, or over. `email` is
-- where it was sent, and so what it proves.
CREATE TABLE one_time_links (
    user_id UUID NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('invitation', 'reset', 'verification')),
    token_hash BYTEA NOT NULL,
    email TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, kind)
);
CREATE UNIQUE INDEX one_time_links_by_token ON one_time_links (token_hash);

-- Tries that were not right, for each account and each address; kept as hashes, and for
-- emails nobody has as well, so that the table says nothing of who has an account.
CREATE TABLE sign_in_attempts (
    subject BYTEA PRIMARY KEY NOT NULL,
    wrong BIGINT NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    locked_until TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_in_attempts_by_time ON sign_in_attempts (last_at);
