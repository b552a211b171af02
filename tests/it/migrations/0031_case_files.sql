UPDATE cases SET revision = 1, court_level = 'high', court_seat = 'Principal Seat', establishment = 'DLHC01', stage = 'evidence', bench = 'Single Bench', judges = 'Rao J.', court_hall = '12', fir_number = '12', fir_year = '2024', police_station = 'Saket', district = 'South Delhi', fir_sections = '420 IPC', offence_on = '2024-02-01', acts = 'Commercial Courts Act, 2015', closed_on = NULL, disposal = NULL, closing_note = NULL WHERE id = '01900000-0000-7000-8000-000000000007';
INSERT INTO cases (id, organisation_id, client_id, title, number, court, cnr, summary, status, opened_on, created_at, revision, closed_on, disposal, closing_note)
VALUES ('01900000-0000-7000-8000-000000003101', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002', 'Sharma v. Kapoor (appeal)', 'FAO(OS)(COMM) 3/2026', 'High Court of Delhi', NULL, NULL, 'closed', '2026-01-15', '2026-11-02T09:30:00+00:00', 2, '2026-10-30', 'dismissed', 'Costs were paid.');
INSERT INTO case_numbers (case_id, ordinal, number, kind, normal)
VALUES ('01900000-0000-7000-8000-000000000007', 1, 'Filing 12345/2025', 'filing', 'FILING123452025');
INSERT INTO case_links (parent_id, child_id, kind, added_by, added_at)
VALUES ('01900000-0000-7000-8000-000000000007', '01900000-0000-7000-8000-000000003101', 'appeal', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO case_parties (id, case_id, ordinal, name, role, ours, counsel, removed_at)
VALUES ('01900000-0000-7000-8000-000000003102', '01900000-0000-7000-8000-000000000007', 2, 'Kapoor Mills', 'defendant', FALSE, 'S. Khan', '2026-11-02T09:30:00+00:00');
INSERT INTO case_counsel (party_id, ordinal, name, enrolment)
VALUES ('01900000-0000-7000-8000-000000003102', 1, 'S. Khan', 'D/1234/2010');
INSERT INTO vakalatnamas (id, case_id, court, parties, capacity, advocates, signed_on, document_id, state, noc, ended_on, added_by, added_at)
VALUES ('01900000-0000-7000-8000-000000003103', '01900000-0000-7000-8000-000000000007', 'High Court of Delhi', 'Sharma Traders', 'plaintiff', 'Ananya Mehta', '2025-01-16', '01900000-0000-7000-8000-000000000008', 'on_record', NULL, NULL, '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO case_tags (case_id, tag, added_by, added_at)
VALUES ('01900000-0000-7000-8000-000000000007', 'commercial', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO case_notes (id, case_id, text, pinned, written_by, written_at, edited_at)
VALUES ('01900000-0000-7000-8000-000000003104', '01900000-0000-7000-8000-000000000007', 'The client prefers to settle.', TRUE, '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00', '2026-11-03T09:30:00+00:00');
INSERT INTO case_fields (id, organisation_id, ordinal, name, kind, choices, required, archived_at)
VALUES ('01900000-0000-7000-8000-000000003105', '01900000-0000-7000-8000-000000000001', 1, 'Rack', 'text', '', FALSE, NULL);
INSERT INTO case_field_values (case_id, field_id, value)
VALUES ('01900000-0000-7000-8000-000000000007', '01900000-0000-7000-8000-000000003105', 'B-12');
INSERT INTO case_visits (case_id, user_id, seen_at, before_at)
VALUES ('01900000-0000-7000-8000-000000000007', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00', NULL);
INSERT INTO imports (id, organisation_id, user_id, file_name, content, mapping, made_at, entered_at, result)
VALUES ('01900000-0000-7000-8000-000000003106', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000003', 'cases.csv', '{"headings":["Title"],"rows":[["A v. B"]]}', '["title"]', '2026-11-02T09:30:00+00:00', NULL, NULL);
