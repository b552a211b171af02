UPDATE users SET email_verified_at = '2026-11-02T09:31:00+00:00' WHERE id = '01900000-0000-7000-8000-000000000003';
INSERT INTO one_time_links (user_id, kind, token_hash, email, created_at, expires_at)
VALUES ('01900000-0000-7000-8000-000000000003', 'reset', '\x01', 'ananya@example.in', '2026-11-02T09:30:00+00:00', '2026-11-02T10:30:00+00:00');
INSERT INTO sign_in_attempts (subject, wrong, last_at, locked_until)
VALUES ('\x02', 3, '2026-11-02T09:30:00+00:00', '2026-11-02T09:30:00+00:00');
