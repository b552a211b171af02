-- Matters, and who works on them.
CREATE TABLE cases (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    client_id UUID REFERENCES clients (id),
    title TEXT NOT NULL,
    number TEXT,
    court TEXT,
    cnr TEXT,
    summary TEXT,
    status TEXT NOT NULL CHECK (status IN ('open', 'closed')),
    opened_on TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX cases_by_title ON cases (organisation_id, title);

CREATE TABLE case_members (
    case_id UUID NOT NULL REFERENCES cases (id),
    user_id UUID NOT NULL REFERENCES users (id),
    added_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (case_id, user_id)
);
CREATE INDEX case_members_by_user ON case_members (user_id);
