INSERT INTO rates (id, organisation_id, case_id, client_id, user_id, work, paise_per_hour, rounding, valid_from, set_by, set_at)
VALUES ('01900000-0000-7000-8000-000000000351', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000007', NULL, '01900000-0000-7000-8000-000000000003', '998212', 500000, 6, '2026-04-01', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
UPDATE time_entries SET rate_id = '01900000-0000-7000-8000-000000000351', rounding = 6, work = '998215', adjusted_paise = 700000, adjusted_reason = 'a first conference', adjusted_by = '01900000-0000-7000-8000-000000000003'
WHERE id = '01900000-0000-7000-8000-000000000217';
INSERT INTO timers (id, organisation_id, user_id, case_id, note, started_at, ran_seconds, running_since, stopped_at)
VALUES ('01900000-0000-7000-8000-000000000352', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000003', '01900000-0000-7000-8000-000000000007', 'Reading the reply', '2026-11-02T09:30:00+00:00', 600, '2026-11-02T09:45:00+00:00', NULL);
INSERT INTO fee_agreements (id, organisation_id, case_id, agreed_on, valid_from, valid_to, letter_document_id, gst_extra, cap_paise, note, added_by, added_at)
VALUES ('01900000-0000-7000-8000-000000000353', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000007', '2026-04-01', '2026-04-01', NULL, NULL, TRUE, 50000000, 'For the suit alone', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO agreed_fees (id, agreement_id, ordinal, model, description, work, amount_paise, not_reached_paise, adjourned_paise, basis_points, unit, due_on, done_on)
VALUES ('01900000-0000-7000-8000-000000000354', '01900000-0000-7000-8000-000000000353', 1, 'appearance', 'Appearance', '998212', 2500000, 500000, 1000000, NULL, NULL, NULL, NULL);
INSERT INTO fees (id, organisation_id, case_id, agreed_fee_id, hearing_id, kind, on_date, description, work, amount_paise, agreed_paise, status, reason, decided_by, decided_at, invoice_line_id)
VALUES ('01900000-0000-7000-8000-000000000355', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000007', '01900000-0000-7000-8000-000000000354', '01900000-0000-7000-8000-000000000212', 'appearance', '2026-11-20', 'Appearance', '998212', 1000000, NULL, 'confirmed', NULL, '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00', '01900000-0000-7000-8000-000000000215');
INSERT INTO expenses (id, organisation_id, case_id, on_date, kind, description, amount_paise, paid_by, recoverable, pure_agent, added_by, added_at, invoice_line_id)
VALUES ('01900000-0000-7000-8000-000000000356', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000007', '2026-11-19', 'court_fee', 'Court fee on the application', 25000, 'chamber', TRUE, TRUE, '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00', NULL);
INSERT INTO receipts (expense_id, file_name, media_type, bytes, sealed, added_by, added_at)
VALUES ('01900000-0000-7000-8000-000000000356', 'receipt.pdf', 'application/pdf', 9, '\x00', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
