INSERT INTO case_parties (id, case_id, ordinal, name, role, ours, counsel)
VALUES ('01900000-0000-7000-8000-000000000211', '01900000-0000-7000-8000-000000000007', 1, 'Sharma Traders', 'plaintiff', TRUE, NULL);
INSERT INTO hearings (id, case_id, on_date, bench, court_hall, item, stage, purpose, outcome, note, source_version_id, source_page, source_quote, added_by, added_at)
VALUES ('01900000-0000-7000-8000-000000000212', '01900000-0000-7000-8000-000000000007', '2026-11-20', 'Rao J.', '12', '31', 'evidence', 'cross-examination', 'adjourned', 'at the request of the defendant', NULL, NULL, NULL, '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO tasks (id, organisation_id, case_id, kind, title, due_on, assignee_id, done_at, source_version_id, source_page, source_quote, added_by, added_at)
VALUES ('01900000-0000-7000-8000-000000000213', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000007', 'deadline', 'File the written statement', '2026-12-01', '01900000-0000-7000-8000-000000000003', NULL, NULL, NULL, NULL, '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO invoices (id, organisation_id, client_id, case_id, status, number, issued_on, due_on, created_at)
VALUES ('01900000-0000-7000-8000-000000000214', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-000000000007', 'issued', 'MR/26-27/1', '2026-11-02', '2026-12-02', '2026-11-02T09:30:00+00:00');
INSERT INTO invoice_lines (id, invoice_id, ordinal, kind, description, amount_paise)
VALUES ('01900000-0000-7000-8000-000000000215', '01900000-0000-7000-8000-000000000214', 1, 'fee', 'Appearance on 20 November 2026', 2500000);
INSERT INTO payments (id, organisation_id, invoice_id, received_on, amount_paise, tds_paise, note)
VALUES ('01900000-0000-7000-8000-000000000216', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000214', '2026-11-10', 900000, 100000, NULL);
INSERT INTO time_entries (id, organisation_id, case_id, user_id, worked_on, minutes, paise_per_hour, description, billable, invoice_line_id, added_at)
VALUES ('01900000-0000-7000-8000-000000000217', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000007', '01900000-0000-7000-8000-000000000003', '2026-11-19', 90, 500000, 'Conference with the client', TRUE, NULL, '2026-11-02T09:30:00+00:00');
