INSERT INTO clients (id, organisation_id, name, kind, email, phone, city, created_at)
VALUES ('01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-000000000001', 'Sharma Traders', 'firm', NULL, NULL, 'Delhi', '2026-11-02T09:30:00+00:00');
