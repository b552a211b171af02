UPDATE versions SET outline = '[]', findings = '[]', kind = 'order', languages = 'eng+hin', recognise_all = TRUE WHERE id = '01900000-0000-7000-8000-000000000009';
UPDATE pages SET reason = 'this page is a picture', furniture = '[]', findings = '[]', transcribed_by = '01900000-0000-7000-8000-000000000003' WHERE version_id = '01900000-0000-7000-8000-000000000009';
INSERT INTO sketches (version_id, sketch) VALUES ('01900000-0000-7000-8000-000000000009', '');
INSERT INTO sketch_bands (version_id, band, value) VALUES ('01900000-0000-7000-8000-000000000009', 0, -42);
