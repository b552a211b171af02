INSERT INTO audit_heads (organisation_id, sealed)
VALUES ('01900000-0000-7000-8000-000000000001', '00');
INSERT INTO audit_checks (organisation_id, at, row_count, finding)
VALUES ('01900000-0000-7000-8000-000000000001', '2026-11-03T09:30:00+00:00', 1, NULL);
INSERT INTO audit_retention (organisation_id, through)
VALUES ('01900000-0000-7000-8000-000000000001', 0);
DELETE FROM audit_retention;
INSERT INTO audit_log (organisation_id, number, at, user_id, action, details, previous_hash, hash, digest, address, request_id)
VALUES ('01900000-0000-7000-8000-000000000001', 2, '2026-11-02T09:31:00+00:00', NULL, 'document.view', '{"document": "x"}', '01', '02', 2, '203.0.113.0/24', '01900000-0000-7000-8000-0000000000aa');
