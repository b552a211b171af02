INSERT INTO conversations (id, organisation_id, user_id, case_id, title, created_at, updated_at)
VALUES ('01900000-0000-7000-8000-00000000000c', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000003', '01900000-0000-7000-8000-000000000007', 'What was decreed?', '2026-11-02T09:30:00+00:00', '2026-11-02T09:30:00+00:00');
INSERT INTO messages (id, conversation_id, role, status, text, label, coverage, removed, created_at)
VALUES ('01900000-0000-7000-8000-00000000000d', '01900000-0000-7000-8000-00000000000c', 'answer', 'done', 'The suit [1].', 'label', 'coverage', '[]', '2026-11-02T09:30:00+00:00');
INSERT INTO citations (id, message_id, ordinal, number, version_id, passage_id, page, start_offset, end_offset, quote, cited)
VALUES ('01900000-0000-7000-8000-00000000000e', '01900000-0000-7000-8000-00000000000d', 0, 1, '01900000-0000-7000-8000-000000000009', '01900000-0000-7000-8000-00000000000a', 1, 0, 20, NULL, FALSE);
