INSERT INTO budgets (id, organisation_id, subject_id, user_id, case_id, period, soft_paise, hard_paise, soft_told, hard_told, changed_by, changed_at)
VALUES ('01900000-0000-7000-8000-000000000241', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000007', NULL, '01900000-0000-7000-8000-000000000007', 'ever', 80000, 100000, NULL, NULL, '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO reservations (id, organisation_id, user_id, case_id, conversation_id, purpose, provider, model, prompt_hash, tokens_in, tokens_out, tokens_embedded, price_id, microdollars, paise, at)
VALUES ('01900000-0000-7000-8000-000000000242', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000003', NULL, NULL, 'answer', 'host', 'model', NULL, 10, 10, 0, '01900000-0000-7000-8000-00000000000f', 20, 1, '2026-11-02T09:30:00+00:00');
INSERT INTO exchange_rates (id, valid_from, paise_per_dollar, source)
VALUES ('01900000-0000-7000-8000-000000000243', '2026-11-02T09:30:00+00:00', 8800, 'sample');
UPDATE model_calls SET invoice_line_id = '01900000-0000-7000-8000-000000000215';
INSERT INTO provider_reports (id, organisation_id, provider, columns, unread, imported_by, imported_at)
VALUES ('01900000-0000-7000-8000-000000000244', '01900000-0000-7000-8000-000000000001', 'host', '{}', '[]', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO provider_report_lines (id, report_id, day, model, requests, tokens_in, tokens_cached, tokens_out, cost_microdollars)
VALUES ('01900000-0000-7000-8000-000000000245', '01900000-0000-7000-8000-000000000244', '2026-11-02', 'model', 1, 1, 0, 1, 1);
