-- Limitation, court holidays, and work to be done.

-- The days a court is closed, as the chamber knows them.
CREATE TABLE holiday_calendars (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    -- The days of every week on which the court is closed: keys of index/holidays.toml,
    -- separated by spaces.
    weekly TEXT NOT NULL,
    added_by UUID NOT NULL REFERENCES users (id),
    added_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX holiday_calendars_by_name ON holiday_calendars (organisation_id, name);

-- A day or a stretch of days of a calendar. `working`: a day on which the court sits
-- although the week would have it closed.
CREATE TABLE holiday_days (
    calendar_id UUID NOT NULL REFERENCES holiday_calendars (id),
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('holiday', 'vacation', 'working')),
    added_by UUID NOT NULL REFERENCES users (id),
    added_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (calendar_id, from_on, to_on),
    CHECK (from_on <= to_on)
);

-- Which calendar a court goes by; courts by their name in small letters.
CREATE TABLE court_calendars (
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    court TEXT NOT NULL,
    calendar_id UUID NOT NULL REFERENCES holiday_calendars (id),
    PRIMARY KEY (organisation_id, court)
);
CREATE INDEX court_calendars_by_calendar ON court_calendars (calendar_id);

-- That somebody compared the text of a rule with the law. Of another text nothing is
-- said: the hash is that of the rule's own words.
CREATE TABLE limitation_reviews (
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    rule TEXT NOT NULL,
    rule_hash TEXT NOT NULL,
    reviewed_by UUID NOT NULL REFERENCES users (id),
    reviewed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, rule, rule_hash)
);

-- A limitation as it was worked out and kept in a case.
CREATE TABLE limitations (
    id UUID PRIMARY KEY NOT NULL,
    case_id UUID NOT NULL REFERENCES cases (id),
    rule TEXT NOT NULL,
    rule_hash TEXT NOT NULL,
    calendar_id UUID REFERENCES holiday_calendars (id),
    -- Of the calendar's name and days as they stood then.
    calendar_hash TEXT NOT NULL,
    -- The dates it was worked out from, and the steps and days that came of them.
    asked JSONB NOT NULL,
    worked JSONB NOT NULL,
    last_day TEXT NOT NULL,
    kept_by UUID NOT NULL REFERENCES users (id),
    kept_at TIMESTAMPTZ NOT NULL,
    -- When it was worked out once more and no longer counts.
    replaced_at TIMESTAMPTZ
);
CREATE INDEX limitations_by_case ON limitations (case_id, last_day);

ALTER TABLE tasks ADD COLUMN note TEXT;
ALTER TABLE tasks ADD COLUMN cancelled_at TIMESTAMPTZ;
ALTER TABLE tasks ADD COLUMN limitation_id UUID REFERENCES limitations (id);
CREATE INDEX tasks_by_assignee ON tasks (assignee_id, due_on);

-- What became of something to be done, and by whom.
CREATE TABLE task_changes (
    task_id UUID NOT NULL REFERENCES tasks (id),
    ordinal BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('changed', 'given', 'done', 'reopened', 'cancelled')),
    changed_by UUID NOT NULL REFERENCES users (id),
    changed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (task_id, ordinal)
);

-- That somebody was told in the morning of a day what is due.
CREATE TABLE task_reminders (
    user_id UUID NOT NULL REFERENCES users (id),
    day TEXT NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, day)
);
