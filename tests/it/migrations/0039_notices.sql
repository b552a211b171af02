INSERT INTO notice_choices (user_id, kind, how) VALUES ('01900000-0000-7000-8000-000000000003', 'message', 'digest');
INSERT INTO notice_hours (user_id, quiet_from, quiet_until, digest_at) VALUES ('01900000-0000-7000-8000-000000000003', 1260, 420, 480);
INSERT INTO digest_entries (id, organisation_id, user_id, case_id, kind, subject, text, written_at)
VALUES ('01900000-0000-7000-8000-000000000811', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000003', '01900000-0000-7000-8000-000000000007', 'message', 'A message', 'R. Iyer wrote.', '2026-11-02T09:30:00+00:00');
INSERT INTO digests (user_id, on_date) VALUES ('01900000-0000-7000-8000-000000000003', '2026-11-02');
INSERT INTO notice_marks (user_id, case_id, kind, told_at)
VALUES ('01900000-0000-7000-8000-000000000003', '01900000-0000-7000-8000-000000000007', 'message', '2026-11-02T09:30:00+00:00');
UPDATE letters SET about_user = '01900000-0000-7000-8000-000000000003', about_case = '01900000-0000-7000-8000-000000000007';
