INSERT INTO embedding_generations (id, name, provider, model, dimensions, state, slot, reason, organisation_id, started_by,
    started_at, live_at, estimated_tokens, estimated_microdollars, estimated_secs, spent_tokens, spent_microdollars, spent_paise, spent_ms)
VALUES ('01900000-0000-7000-8000-000000000101', 'all-minilm-l6-v2', 'in-process', 'all-MiniLM-L6-v2', 384, 'live', 'live', NULL, NULL, NULL, '2026-11-02T09:30:00+00:00', '2026-11-02T09:30:00+00:00', NULL, NULL, NULL, 0, 0, 0, 0);
INSERT INTO generation_versions (generation_id, version_id, passages, at)
VALUES ('01900000-0000-7000-8000-000000000101', '01900000-0000-7000-8000-000000000009', 1, '2026-11-02T09:30:00+00:00');
INSERT INTO golden_questions (id, organisation_id, question, case_id, note, created_by, created_at, changed_at)
VALUES ('01900000-0000-7000-8000-000000000102', '01900000-0000-7000-8000-000000000001', 'Was the suit decreed?', '01900000-0000-7000-8000-000000000007', '', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00', '2026-11-02T09:30:00+00:00');
INSERT INTO golden_expected (question_id, ordinal, document_id, page, start_offset, end_offset)
VALUES ('01900000-0000-7000-8000-000000000102', 0, '01900000-0000-7000-8000-000000000008', 1, 0, 20);
INSERT INTO golden_runs (id, batch_id, organisation_id, at, user_id, way, generation_id, model, is_shadow, questions, recall_10, recall_100, mrr, ndcg_10, took_ms)
VALUES ('01900000-0000-7000-8000-000000000103', '01900000-0000-7000-8000-000000000104', '01900000-0000-7000-8000-000000000001', '2026-11-02T09:30:00+00:00', '01900000-0000-7000-8000-000000000003', 'hybrid', '01900000-0000-7000-8000-000000000101', 'all-MiniLM-L6-v2', FALSE, 1, 1.0, 1.0, 1.0, 1.0, 12);
INSERT INTO golden_results (run_id, question_id, question, first_rank, recall_10, recall_100, reciprocal_rank, ndcg_10)
VALUES ('01900000-0000-7000-8000-000000000103', '01900000-0000-7000-8000-000000000102', 'Was the suit decreed?', 1, 1.0, 1.0, 1.0, 1.0);
