-- What people prove a second time with, and sign-ins that wait for it.

-- Authenticator apps. `sealed` holds the shared secret; a code of a step up to
-- `last_step` is not taken again.
CREATE TABLE authenticators (
    user_id UUID PRIMARY KEY NOT NULL REFERENCES users (id),
    sealed BYTEA NOT NULL,
    last_step BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

-- Codes that work once each; what is kept is argon2id under the set's salt.
CREATE TABLE backup_codes (
    user_id UUID NOT NULL REFERENCES users (id),
    code_hash BYTEA NOT NULL,
    salt BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);

-- The telephone a code can be sent to when the rest is out of reach.
CREATE TABLE phones (
    user_id UUID PRIMARY KEY NOT NULL REFERENCES users (id),
    number TEXT NOT NULL,
    verified BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

-- The codes sent to it, kept for an hour to be counted.
CREATE TABLE phone_codes (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    sealed BYTEA NOT NULL,
    tries BIGINT NOT NULL,
    live BOOLEAN NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX phone_codes_by_user ON phone_codes (user_id, sent_at);

-- Wrong codes, kept for a quarter of an hour to be counted.
CREATE TABLE wrong_codes (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    at TIMESTAMPTZ NOT NULL
);
CREATE INDEX wrong_codes_by_user ON wrong_codes (user_id, at);

-- Passkeys. `credential` holds the public key and the counter; nothing in it is
-- secret.
CREATE TABLE passkeys (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    credential_id BYTEA NOT NULL,
    credential JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX passkeys_by_credential ON passkeys (credential_id);
CREATE INDEX passkeys_by_user ON passkeys (user_id);

-- Questions put to a passkey or a provider, each answered once. `token_hash` is the
-- SHA-256 of what the caller brings back; `state` is what the answer is compared
-- with, sealed.
CREATE TABLE ceremonies (
    token_hash BYTEA PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('register', 'passkey', 'provider')),
    user_id UUID REFERENCES users (id),
    state BYTEA NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    CHECK ((kind = 'register') = (user_id IS NOT NULL))
);

-- Sign-ins that wait for a second proof. `enrol` where the person has none yet and
-- their role needs one.
CREATE TABLE pending_sign_ins (
    token_hash BYTEA PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('cookie', 'bearer')),
    address TEXT NOT NULL,
    enrol BOOLEAN NOT NULL,
    tries BIGINT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX pending_sign_ins_by_user ON pending_sign_ins (user_id);

-- When someone last proved again, in a session that was open, that it is them.
CREATE TABLE session_proofs (
    session_id UUID PRIMARY KEY NOT NULL,
    at TIMESTAMPTZ NOT NULL
);

-- The roles that must have a second factor.
CREATE TABLE factor_rules (
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    role TEXT NOT NULL CHECK (role IN ('admin', 'advocate', 'staff', 'billing')),
    PRIMARY KEY (organisation_id, role)
);
