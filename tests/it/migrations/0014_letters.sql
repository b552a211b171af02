INSERT INTO letters (id, organisation_id, channel, recipient, kind, sealed, status, attempts, next_at, last_error, created_at, sent_at)
VALUES ('01900000-0000-7000-8000-000000000112', '01900000-0000-7000-8000-000000000001', 'mail', 'asha@example.in', 'invitation', '\x00', 'waiting', 0, '2026-11-02T09:30:00+00:00', NULL, '2026-11-02T09:30:00+00:00', NULL);
