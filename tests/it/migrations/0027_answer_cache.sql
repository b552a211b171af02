INSERT INTO answer_cache (message_id, organisation_id, user_id, case_id, question_hash, state_hash, cost_microdollars, cost_paise, kept_at)
VALUES ('01900000-0000-7000-8000-00000000000d', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000003', '01900000-0000-7000-8000-000000000007', '00', '11', 1200, 11, '2026-11-02T09:30:00+00:00');
