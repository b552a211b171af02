INSERT INTO organisations (id, name, created_at) VALUES ('01900000-0000-7000-8000-000000000001', 'Mehta & Rao', '2026-11-02T09:30:00+00:00');
