INSERT INTO authenticators (user_id, sealed, last_step, created_at)
VALUES ('01900000-0000-7000-8000-000000000003', '\x00', 0, '2026-11-02T09:30:00+00:00');
INSERT INTO backup_codes (user_id, code_hash, salt, created_at)
VALUES ('01900000-0000-7000-8000-000000000003', '\x01', '\x02', '2026-11-02T09:30:00+00:00');
INSERT INTO phones (user_id, number, verified, created_at)
VALUES ('01900000-0000-7000-8000-000000000003', '+919876543210', TRUE, '2026-11-02T09:30:00+00:00');
INSERT INTO phone_codes (id, user_id, sealed, tries, live, sent_at)
VALUES ('01900000-0000-7000-8000-000000000161', '01900000-0000-7000-8000-000000000003', '\x00', 0, TRUE, '2026-11-02T09:30:00+00:00');
INSERT INTO wrong_codes (id, user_id, at)
VALUES ('01900000-0000-7000-8000-000000000162', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO passkeys (id, user_id, name, credential_id, credential, created_at, last_used_at)
VALUES ('01900000-0000-7000-8000-000000000163', '01900000-0000-7000-8000-000000000003', 'Laptop', '\x05', '{}', '2026-11-02T09:30:00+00:00', NULL);
INSERT INTO ceremonies (token_hash, kind, user_id, state, expires_at)
VALUES ('\x06', 'passkey', NULL, '\x00', '2026-11-02T09:35:00+00:00');
INSERT INTO pending_sign_ins (token_hash, user_id, kind, address, enrol, tries, expires_at)
VALUES ('\x07', '01900000-0000-7000-8000-000000000003', 'cookie', '127.0.0.1', FALSE, 0, '2026-11-02T09:40:00+00:00');
INSERT INTO session_proofs (session_id, at)
VALUES ('01900000-0000-7000-8000-000000000005', '2026-11-02T09:30:00+00:00');
INSERT INTO factor_rules (organisation_id, role)
VALUES ('01900000-0000-7000-8000-000000000001', 'advocate');
