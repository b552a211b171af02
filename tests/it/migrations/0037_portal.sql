UPDATE document_shares SET pages = '1-3,7', watermark = TRUE, download = FALSE, version = 1, later_versions = FALSE
WHERE document_id = '01900000-0000-7000-8000-000000000008';
INSERT INTO share_views (document_id, user_id, version, page, views, first_at, last_at)
VALUES ('01900000-0000-7000-8000-000000000008', '01900000-0000-7000-8000-000000000004', 1, 2, 3, '2026-11-02T09:30:00+00:00', '2026-11-03T09:30:00+00:00');
INSERT INTO case_portals (case_id, client_id, shown_by, shown_at, hidden_by, hidden_at)
VALUES ('01900000-0000-7000-8000-000000000007', '01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00', NULL, NULL);
INSERT INTO client_requests (id, organisation_id, case_id, client_id, what, due_on, asked_by, asked_at, done_at, done_how, withdrawn_at)
VALUES ('01900000-0000-7000-8000-000000003701', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000007', '01900000-0000-7000-8000-000000000002', 'A copy of the lease', '2026-11-20', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00', '2026-11-03T09:30:00+00:00', 'delivered', NULL);
INSERT INTO case_news (id, organisation_id, case_id, client_id, created_by, created_at, withdrawn_by, withdrawn_at)
VALUES ('01900000-0000-7000-8000-000000003702', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000007', '01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00', NULL, NULL);
INSERT INTO news_wordings (news_id, number, english, hindi, written_by, written_at, approved_by, approved_at)
VALUES ('01900000-0000-7000-8000-000000003702', 1, 'The court heard your case.', NULL, '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:40:00+00:00');
INSERT INTO deliveries (id, organisation_id, case_id, client_id, request_id, sent_by, sent_at, file_name, sha256, size_bytes, format, note, status, decided_by, decided_at, reason, document_id)
VALUES ('01900000-0000-7000-8000-000000003703', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000007', '01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-000000003701', '01900000-0000-7000-8000-000000000004', '2026-11-03T09:30:00+00:00', 'lease.pdf', 'abc', 1024, 'pdf', NULL, 'accepted', '01900000-0000-7000-8000-000000000003', '2026-11-03T10:30:00+00:00', NULL, '01900000-0000-7000-8000-000000000008');
INSERT INTO portal_people (user_id, language, last_visit_at)
VALUES ('01900000-0000-7000-8000-000000000004', 'hi', '2026-11-03T09:30:00+00:00');
