INSERT INTO events (id, organisation_id, kind, case_id, about, happened_at)
VALUES ('01900000-0000-7000-8000-000000000821', '01900000-0000-7000-8000-000000000001', 'case.created', '01900000-0000-7000-8000-000000000007', '{}', '2026-11-02T09:30:00+00:00');
INSERT INTO webhooks (id, organisation_id, name, url, kinds, active, secret, former_secret, former_until, made_by, made_at)
VALUES ('01900000-0000-7000-8000-000000000822', '01900000-0000-7000-8000-000000000001', 'Accounts', 'https://accounts.example.in/munshi', 'case.created', TRUE, '\x00', NULL, NULL, '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO event_deliveries (webhook_id, event_id, status, attempts, next_at, last_status, last_error, sent_at)
VALUES ('01900000-0000-7000-8000-000000000822', '01900000-0000-7000-8000-000000000821', 'waiting', 1, '2026-11-02T09:31:00+00:00', 503, 'it answered 503', NULL);
