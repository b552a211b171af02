INSERT INTO jobs (id, organisation_id, kind, subject, status, attempts, run_at, leased_until, lease, last_error, created_at)
VALUES ('01900000-0000-7000-8000-000000000006', '01900000-0000-7000-8000-000000000001', 'documents.read', '01900000-0000-7000-8000-000000000009', 'dead', 5, '2026-11-02T09:30:00+00:00', NULL, NULL, 'the file is damaged', '2026-11-02T09:30:00+00:00');
