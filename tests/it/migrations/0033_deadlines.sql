INSERT INTO holiday_calendars (id, organisation_id, name, weekly, added_by, added_at)
VALUES ('01900000-0000-7000-8000-000000000331', '01900000-0000-7000-8000-000000000001', 'High Court of Delhi', 'sunday', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO holiday_days (calendar_id, from_on, to_on, name, kind, added_by, added_at)
VALUES ('01900000-0000-7000-8000-000000000331', '2026-11-08', '2026-11-08', 'Diwali', 'holiday', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO court_calendars (organisation_id, court, calendar_id)
VALUES ('01900000-0000-7000-8000-000000000001', 'high court of delhi', '01900000-0000-7000-8000-000000000331');
INSERT INTO limitation_reviews (organisation_id, rule, rule_hash, reviewed_by, reviewed_at)
VALUES ('01900000-0000-7000-8000-000000000001', 'slp', '00ff', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO limitations (id, case_id, rule, rule_hash, calendar_id, calendar_hash, asked, worked, last_day, kept_by, kept_at, replaced_at)
VALUES ('01900000-0000-7000-8000-000000000332', '01900000-0000-7000-8000-000000000007', 'slp', '00ff', '01900000-0000-7000-8000-000000000331', '00ff', '{"rule": "slp", "event": "2026-11-02"}', '{"rule": "slp"}', '2027-01-31', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00', NULL);
UPDATE tasks SET note = 'Ask the client for the receipts', limitation_id = '01900000-0000-7000-8000-000000000332'
WHERE id = '01900000-0000-7000-8000-000000000213';
INSERT INTO task_changes (task_id, ordinal, kind, changed_by, changed_at)
VALUES ('01900000-0000-7000-8000-000000000213', 1, 'given', '01900000-0000-7000-8000-000000000003', '2026-11-02T09:30:00+00:00');
INSERT INTO task_reminders (user_id, day, sent_at)
VALUES ('01900000-0000-7000-8000-000000000003', '2026-11-30', '2026-11-30T02:00:00+00:00');
