INSERT INTO price_book (id, provider, model, valid_from, input_per_million, cached_per_million, output_per_million, source)
VALUES ('01900000-0000-7000-8000-00000000000f', 'host', 'model', '2026-11-02T09:30:00+00:00', 1, 1, 1, 'sample');
INSERT INTO model_calls (id, organisation_id, user_id, case_id, conversation_id, purpose, provider, model, prompt_hash,
    tokens_in, tokens_cached, tokens_out, tokens_reasoning, tokens_embedded, estimated, price_id,
    cost_microdollars, cost_paise, latency_ms, outcome, at)
VALUES ('01900000-0000-7000-8000-000000000010', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000003', '01900000-0000-7000-8000-000000000007', '01900000-0000-7000-8000-00000000000c', 'answer', 'host', 'model', NULL, 1, 0, 1, 0, 0, FALSE, '01900000-0000-7000-8000-00000000000f', 1, 1, 5, 'answered', '2026-11-02T09:30:00+00:00');
