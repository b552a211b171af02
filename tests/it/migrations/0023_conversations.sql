UPDATE messages SET ended = 'stopped', alive_at = created_at, stop_at = created_at;
INSERT INTO message_events (message_id, place, event, stored_at)
VALUES ('01900000-0000-7000-8000-00000000000d', 0, '{"name": "delta", "data": {"text": "The suit"}}', '2026-11-02T09:30:00+00:00');
INSERT INTO answer_feedback (id, organisation_id, message_id, user_id, helpful, reason, words, given_at)
VALUES ('01900000-0000-7000-8000-0000000000f1', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-00000000000d', '01900000-0000-7000-8000-000000000003', FALSE, 'incomplete', 'Says nothing of the costs.', '2026-11-02T09:30:00+00:00');
INSERT INTO pinned_answers (id, case_id, message_id, user_id, pinned_at)
VALUES ('01900000-0000-7000-8000-0000000000f2', '01900000-0000-7000-8000-000000000007', '01900000-0000-7000-8000-00000000000d', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
