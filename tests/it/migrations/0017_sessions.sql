INSERT INTO spent_refresh_tokens (token_hash, session_id, spent_at)
VALUES ('4567', '01900000-0000-7000-8000-000000000005', '2026-11-02T09:40:00+00:00');
INSERT INTO token_keys (id, sealed, created_at, retired_at)
VALUES ('01900000-0000-7000-8000-000000000171', '\x00', '2026-11-02T09:30:00+00:00', NULL);
INSERT INTO api_tokens (id, user_id, name, scopes, token_hash, created_at, expires_at, last_used_at, last_address)
VALUES ('01900000-0000-7000-8000-000000000172', '01900000-0000-7000-8000-000000000003', 'Cause list', 'read search', '89ab', '2026-11-02T09:30:00+00:00', '2027-01-02T09:30:00+00:00', NULL, NULL);
INSERT INTO devices (user_id, device_hash, first_seen_at, last_seen_at)
VALUES ('01900000-0000-7000-8000-000000000003', 'cdef', '2026-11-02T09:30:00+00:00', '2026-11-02T09:30:00+00:00');
INSERT INTO client_codes (id, user_id, request_hash, link_hash, sealed, tries, created_at, expires_at, used_at)
VALUES ('01900000-0000-7000-8000-000000000173', '01900000-0000-7000-8000-000000000004', '0011', '2233', '\x00', 0, '2026-11-02T09:30:00+00:00', '2026-11-02T09:40:00+00:00', NULL);
