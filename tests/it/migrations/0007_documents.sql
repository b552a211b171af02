INSERT INTO documents (id, organisation_id, case_id, parent_id, title, created_by, created_at)
VALUES ('01900000-0000-7000-8000-000000000008', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000007', NULL, 'Order of 3 May', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO versions (id, document_id, number, file_name, sha256, size_bytes, format, status, error, pages_total,
    reading_started_at, read_at, indexed_at, embedded_at, embedding_model, created_by, created_at)
VALUES ('01900000-0000-7000-8000-000000000009', '01900000-0000-7000-8000-000000000008', 1, 'order.pdf', 'ab', 1000, 'pdf', 'read', NULL, 1, '2026-11-02T09:30:00+00:00', '2026-11-02T09:30:00+00:00', '2026-11-02T09:30:00+00:00', NULL, NULL, '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO pages (version_id, number, text, layout, method, language, confidence, took_ms, error)
VALUES ('01900000-0000-7000-8000-000000000009', 1, 'The suit is decreed.', NULL, 'text_layer', 'en', NULL, 3, NULL);
INSERT INTO passages (id, version_id, ordinal, first_page, first_offset, last_page, last_offset, heading, paragraph)
VALUES ('01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-000000000009', 0, 1, 0, 1, 20, NULL, '1');
INSERT INTO entities (id, version_id, kind, page, start_offset, end_offset, text, normal)
VALUES ('01900000-0000-7000-8000-00000000000b', '01900000-0000-7000-8000-000000000009', 'section', 1, 0, 3, 'The', 'THE');
INSERT INTO document_shares (document_id, client_id, shared_by, shared_at) VALUES ('01900000-0000-7000-8000-000000000008', '01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
