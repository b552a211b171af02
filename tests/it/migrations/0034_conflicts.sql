UPDATE clients SET gstin = '07AAACS8577K1ZR', pan = 'AAACS8577K', state_code = '07', address = '12 Mill Road', gst_class = 'business_above', notes = 'Old client' WHERE id = '01900000-0000-7000-8000-000000000002';
INSERT INTO clients (id, organisation_id, name, kind, email, phone, city, created_at, merged_into)
VALUES ('01900000-0000-7000-8000-000000003401', '01900000-0000-7000-8000-000000000001', 'M/s Sharma Traders', 'firm', NULL, NULL, 'Delhi', '2026-11-02T09:30:00+00:00', '01900000-0000-7000-8000-000000000002');
INSERT INTO client_contacts (id, client_id, name, post, email, phone, gets_portal_mail, gets_invoices, added_by, added_at)
VALUES ('01900000-0000-7000-8000-000000003402', '01900000-0000-7000-8000-000000000002', 'Anil Sharma', 'partner', 'anil@example.in', NULL, TRUE, FALSE, '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO client_merges (id, organisation_id, kept_id, gone_id, merged_by, merged_at)
VALUES ('01900000-0000-7000-8000-000000003403', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-000000003401', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO conflict_checks (id, organisation_id, case_id, client_id, occasion, to_confirm, with_counsel, asked_by, asked_at)
VALUES ('01900000-0000-7000-8000-000000003404', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000007', NULL, 'party', FALSE, FALSE, '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO conflict_check_names (id, check_id, ordinal, ours, name, father, city, pan, gstin, cin, phone, email)
VALUES ('01900000-0000-7000-8000-000000003405', '01900000-0000-7000-8000-000000003404', 0, FALSE, 'Sharma Trader', NULL, 'Delhi', NULL, NULL, NULL, NULL, NULL);
INSERT INTO known_names (id, organisation_id, source, source_id, client_id, case_id, check_id, name, role, ours, father, city, pan, gstin, cin, phone, email, said, seen_on)
VALUES ('01900000-0000-7000-8000-000000003406', '01900000-0000-7000-8000-000000000001', 'client', '01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-000000000002', NULL, NULL, 'Sharma Traders', NULL, TRUE, NULL, 'Delhi', NULL, NULL, NULL, NULL, NULL, 'ab', '2026-11-02');
INSERT INTO name_keys (id, organisation_id, name_id, name_key)
VALUES ('01900000-0000-7000-8000-000000003407', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000003406', 'w:sarm');
INSERT INTO conflict_hits (id, check_id, ordinal, name_id, score, reasons)
VALUES ('01900000-0000-7000-8000-000000003408', '01900000-0000-7000-8000-000000003404', 0, '01900000-0000-7000-8000-000000003406', 980, 'The same in both: Sharma.');
INSERT INTO conflict_decisions (id, check_id, decision, reason, decided_by, decided_at)
VALUES ('01900000-0000-7000-8000-000000003409', '01900000-0000-7000-8000-000000003404', 'no_conflict', 'Another firm', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
