INSERT INTO audit_log (organisation_id, number, at, user_id, action, details, previous_hash, hash)
VALUES ('01900000-0000-7000-8000-000000000001', 1, '2026-11-02T09:30:00+00:00', '01900000-0000-7000-8000-000000000003', 'case.open', '{"case": "x"}', '00', '01');
