-- What happened, for other systems: an entry is written in the transaction of what it
-- tells of.
CREATE TABLE events (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    -- As in `case.created`.
    kind TEXT NOT NULL,
    case_id UUID REFERENCES cases (id),
    -- Ids and days; never what is in documents.
    about JSONB NOT NULL,
    happened_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX events_by_organisation ON events (organisation_id, happened_at);
CREATE INDEX events_by_case ON events (case_id);

-- Other systems that are told. Secrets are sealed.
CREATE TABLE webhooks (
    id UUID PRIMARY KEY NOT NULL,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    -- Which kinds it is told of, with a space between them.
    kinds TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    secret BYTEA NOT NULL,
    -- Signs beside the newer one until its time is over.
    former_secret BYTEA,
    former_until TIMESTAMPTZ,
    made_by UUID NOT NULL REFERENCES users (id),
    made_at TIMESTAMPTZ NOT NULL,
    CHECK ((former_secret IS NULL) = (former_until IS NULL))
);
CREATE INDEX webhooks_by_organisation ON webhooks (organisation_id, made_at);

-- What each of them is told, or was.
CREATE TABLE event_deliveries (
    webhook_id UUID NOT NULL REFERENCES webhooks (id),
    event_id UUID NOT NULL REFERENCES events (id),
    status TEXT NOT NULL CHECK (status IN ('waiting', 'sent', 'dead')),
    attempts BIGINT NOT NULL,
    next_at TIMESTAMPTZ NOT NULL,
    last_status BIGINT,
    last_error TEXT,
    sent_at TIMESTAMPTZ,
    PRIMARY KEY (webhook_id, event_id)
);
CREATE INDEX event_deliveries_by_turn ON event_deliveries (status, next_at);
CREATE INDEX event_deliveries_by_event ON event_deliveries (event_id);
