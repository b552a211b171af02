INSERT INTO cases (id, organisation_id, client_id, title, number, court, cnr, summary, status, opened_on, created_at)
VALUES ('01900000-0000-7000-8000-000000000007', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002', 'Sharma v. Kapoor', 'CS(COMM) 45/2025', 'High Court of Delhi', NULL, NULL, 'open', '2025-01-15', '2026-11-02T09:30:00+00:00');
INSERT INTO case_members (case_id, user_id, added_at) VALUES ('01900000-0000-7000-8000-000000000007', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
