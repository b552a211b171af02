-- Roles, what members may do in a case, shares that end, and ethical walls.

-- A fifth role. Nothing else about people changes.
-- only SQLite:
PRAGMA defer_foreign_keys = ON;
CREATE TEMPORARY TABLE kept_users AS SELECT * FROM users;
DROP TABLE users;
CREATE TABLE users (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('admin', 'advocate', 'staff', 'billing', 'client')),
    client_id UUID REFERENCES clients (id),
    password_hash TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CHECK ((role = 'client') = (client_id IS NOT NULL))
);
INSERT INTO users SELECT * FROM kept_users;
CREATE UNIQUE INDEX users_by_email ON users (email);
DROP TABLE kept_users;
-- only PostgreSQL:
ALTER TABLE users DROP CONSTRAINT users_role_check;
ALTER TABLE users ADD CONSTRAINT users_role_check
    CHECK (role IN ('admin', 'advocate', 'staff', 'billing', 'client'));
-- both:

-- Those who were members so far worked on the case and said who else does.
ALTER TABLE case_members ADD COLUMN role TEXT NOT NULL DEFAULT 'lead'
    CHECK (role IN ('lead', 'member', 'viewer'));
-- Who let them in; nobody is known for those who were members so far.
ALTER TABLE case_members ADD COLUMN added_by UUID REFERENCES users (id);

-- Who entered a client, and so knows of it before any case of it is open to them.
ALTER TABLE clients ADD COLUMN added_by UUID REFERENCES users (id);

ALTER TABLE document_shares ADD COLUMN expires_at TIMESTAMPTZ;

-- People named together.
CREATE TABLE groups (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX groups_by_name ON groups (organisation_id, name);

CREATE TABLE group_members (
    group_id UUID NOT NULL REFERENCES groups (id),
    user_id UUID NOT NULL REFERENCES users (id),
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_by_user ON group_members (user_id);

-- An ethical wall keeps a person or a group out of a case or of everything of a
-- client, whatever else they hold, until it is lifted.
CREATE TABLE walls (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    user_id UUID REFERENCES users (id),
    group_id UUID REFERENCES groups (id),
    case_id UUID REFERENCES cases (id),
    client_id UUID REFERENCES clients (id),
    reason TEXT NOT NULL,
    raised_by UUID NOT NULL REFERENCES users (id),
    raised_at TIMESTAMPTZ NOT NULL,
    lifted_by UUID REFERENCES users (id),
    lifted_at TIMESTAMPTZ,
    lifted_reason TEXT,
    CHECK ((user_id IS NULL) <> (group_id IS NULL)),
    CHECK ((case_id IS NULL) <> (client_id IS NULL)),
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)),
    CHECK ((lifted_at IS NULL) = (lifted_reason IS NULL))
);
CREATE INDEX walls_by_organisation ON walls (organisation_id);
CREATE INDEX walls_by_user ON walls (user_id);
CREATE INDEX walls_by_group ON walls (group_id);

-- Whom the walls that stand are about.
CREATE VIEW walled_people AS
SELECT w.id AS wall_id, w.user_id AS user_id, w.case_id AS case_id, w.client_id AS client_id
FROM walls w
WHERE w.lifted_at IS NULL AND w.user_id IS NOT NULL
UNION ALL
SELECT w.id, g.user_id, w.case_id, w.client_id
FROM walls w JOIN group_members g ON g.group_id = w.group_id
WHERE w.lifted_at IS NULL;

-- The cases whose contents are open to a person of the chamber: the one rule that
-- every statement asks.
CREATE VIEW open_cases AS
SELECT m.user_id AS user_id, m.case_id AS case_id, m.role AS role
FROM case_members m
JOIN cases c ON c.id = m.case_id
JOIN users u ON u.id = m.user_id AND u.organisation_id = c.organisation_id
WHERE u.role IN ('advocate', 'staff')
  AND NOT EXISTS (SELECT 1 FROM walled_people w
                  WHERE w.user_id = m.user_id
                    AND (w.case_id = c.id OR w.client_id = c.client_id))
UNION ALL
SELECT u.id, c.id, 'lead'
FROM users u
JOIN cases c ON c.organisation_id = u.organisation_id
WHERE u.role = 'admin'
  AND NOT EXISTS (SELECT 1 FROM walled_people w
                  WHERE w.user_id = u.id
                    AND (w.case_id = c.id OR w.client_id = c.client_id));

-- The cases a person may know of: those open to them, and for the books all of the
-- chamber's that no wall keeps them from.
CREATE VIEW known_cases AS
SELECT o.user_id AS user_id, o.case_id AS case_id
FROM open_cases o
UNION ALL
SELECT u.id, c.id
FROM users u
JOIN cases c ON c.organisation_id = u.organisation_id
WHERE u.role = 'billing'
  AND NOT EXISTS (SELECT 1 FROM walled_people w
                  WHERE w.user_id = u.id
                    AND (w.case_id = c.id OR w.client_id = c.client_id));

-- The clients a person may know of.
CREATE VIEW known_clients AS
SELECT u.id AS user_id, k.id AS client_id
FROM users u
JOIN clients k ON k.organisation_id = u.organisation_id
WHERE NOT EXISTS (SELECT 1 FROM walled_people w
                  WHERE w.user_id = u.id AND w.client_id = k.id)
  AND (u.role IN ('admin', 'billing')
       OR k.added_by = u.id
       OR EXISTS (SELECT 1 FROM open_cases o JOIN cases c ON c.id = o.case_id
                  WHERE o.user_id = u.id AND c.client_id = k.id));

-- What was shared with the client a person is; whether it has ended is for the
-- statement to compare.
CREATE VIEW shared_documents AS
SELECT u.id AS user_id, s.document_id AS document_id, s.expires_at AS expires_at
FROM document_shares s
JOIN users u ON u.client_id = s.client_id
JOIN documents d ON d.id = s.document_id AND d.organisation_id = u.organisation_id
JOIN cases c ON c.id = d.case_id
WHERE NOT EXISTS (SELECT 1 FROM walled_people w
                  WHERE w.user_id = u.id
                    AND (w.case_id = c.id OR w.client_id = c.client_id));
