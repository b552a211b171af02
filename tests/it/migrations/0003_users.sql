INSERT INTO users (id, organisation_id, name, email, role, client_id, password_hash, active, created_at)
VALUES ('01900000-0000-7000-8000-000000000003', '01900000-0000-7000-8000-000000000001', 'Ananya Mehta', 'ananya@example.in', 'advocate', NULL, 'x', TRUE, '2026-11-02T09:30:00+00:00'),
       ('01900000-0000-7000-8000-000000000004', '01900000-0000-7000-8000-000000000001', 'Rakesh Sharma', 'rakesh@example.in', 'client', '01900000-0000-7000-8000-000000000002', 'x', TRUE, '2026-11-02T09:30:00+00:00');
INSERT INTO sessions (id, user_id, kind, token_hash, csrf, created_at, expires_at)
VALUES ('01900000-0000-7000-8000-000000000005', '01900000-0000-7000-8000-000000000003', 'cookie', '0123', 'csrf', '2026-11-02T09:30:00+00:00', '2026-11-02T21:30:00+00:00');
