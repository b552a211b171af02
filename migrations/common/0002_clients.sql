-- People and firms the chamber acts for.
CREATE TABLE clients (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'firm', 'company', 'government')),
    email TEXT,
    phone TEXT,
    city TEXT,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX clients_by_name ON clients (organisation_id, name);
