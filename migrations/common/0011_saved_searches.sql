-- Searches a person keeps, each as the query part of its address.
CREATE TABLE saved_searches (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    user_id UUID NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    search TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX saved_searches_by_user ON saved_searches (user_id, created_at);
