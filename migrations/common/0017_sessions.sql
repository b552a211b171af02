-- Two realms of sessions and what they are bound to, token families, the keys that
-- sign access tokens, personal API tokens, known devices, clients' one-time codes.

-- A session of before is bound to nothing and so is over: people sign in once more.
ALTER TABLE sessions ADD COLUMN realm TEXT NOT NULL DEFAULT 'practice'
    CHECK (realm IN ('practice', 'portal'));
ALTER TABLE sessions ADD COLUMN bound_to TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN last_used_at TIMESTAMPTZ NOT NULL
    DEFAULT '1970-01-01T00:00:00+00:00';
ALTER TABLE sessions ADD COLUMN idle_at TIMESTAMPTZ NOT NULL
    DEFAULT '1970-01-01T00:00:00+00:00';

-- The refresh tokens a family of API tokens has used up; one that comes again was
-- stolen from one side or the other.
CREATE TABLE spent_refresh_tokens (
    token_hash BYTEA PRIMARY KEY NOT NULL,
    session_id UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    spent_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX spent_refresh_tokens_by_session ON spent_refresh_tokens (session_id);

-- The keys that sign access tokens, sealed with the master key.
CREATE TABLE token_keys (
    id UUID PRIMARY KEY NOT NULL,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    retired_at TIMESTAMPTZ
);

CREATE TABLE api_tokens (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    token_hash BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ,
    last_address TEXT
);
CREATE UNIQUE INDEX api_tokens_by_token ON api_tokens (token_hash);
CREATE INDEX api_tokens_by_user ON api_tokens (user_id);

-- What people have signed in with: the hash of a browser's own cookie, or of what
-- an API client says of itself and the network it is in.
CREATE TABLE devices (
    user_id UUID NOT NULL REFERENCES users (id),
    device_hash BYTEA NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, device_hash)
);

-- Codes and links sent to clients. `request_hash` is of what the page that asked got;
-- without it the code is worth nothing.
CREATE TABLE client_codes (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    request_hash BYTEA NOT NULL,
    link_hash BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    tries BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX client_codes_by_request ON client_codes (request_hash);
CREATE UNIQUE INDEX client_codes_by_link ON client_codes (link_hash);
CREATE INDEX client_codes_by_user ON client_codes (user_id, created_at);
