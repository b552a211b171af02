-- Where and in which request something was done, and which digest the row carries:
-- 1 without a key, 2 with the record's own key.
ALTER TABLE audit_log ADD COLUMN digest BIGINT NOT NULL DEFAULT 1;
ALTER TABLE audit_log ADD COLUMN address TEXT;
ALTER TABLE audit_log ADD COLUMN request_id UUID;
CREATE INDEX audit_log_by_user ON audit_log (organisation_id, user_id, number);
CREATE INDEX audit_log_by_action ON audit_log (organisation_id, action, number);
CREATE INDEX audit_log_by_time ON audit_log (organisation_id, at);

-- The end of each organisation's record and the key of its chain, sealed: rows cut
-- off at the end show, and a chain cannot be made anew without the master keys.
CREATE TABLE audit_heads (
    organisation_id UUID PRIMARY KEY NOT NULL REFERENCES organisations (id),
    sealed BYTEA NOT NULL
);

-- What the last walk over an organisation's record found.
CREATE TABLE audit_checks (
    organisation_id UUID PRIMARY KEY NOT NULL REFERENCES organisations (id),
    at TIMESTAMPTZ NOT NULL,
    row_count BIGINT NOT NULL,
    finding TEXT
);

-- Up to which row retention is removing rows just now; empty at any other time.
CREATE TABLE audit_retention (
    organisation_id UUID PRIMARY KEY NOT NULL REFERENCES organisations (id),
    through BIGINT NOT NULL
);

-- only SQLite:
CREATE TRIGGER audit_log_unchanged BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the record is append-only');
END;
CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log
WHEN NOT EXISTS (
    SELECT 1 FROM audit_retention r
    WHERE r.organisation_id = OLD.organisation_id AND OLD.number <= r.through
)
BEGIN
    SELECT RAISE(ABORT, 'the record is append-only');
END;
-- only PostgreSQL:
CREATE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM audit_retention r
        WHERE r.organisation_id = OLD.organisation_id AND OLD.number <= r.through
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the record is append-only';
END
$$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION audit_log_append_only();
CREATE TRIGGER audit_log_not_emptied BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_append_only();
-- both:
