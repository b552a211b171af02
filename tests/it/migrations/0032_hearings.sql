UPDATE hearings SET list_type = 'daily', starts_at = '10:30', mentioned = TRUE, appeared_ours = 'R. Iyer', appeared_theirs = 'V. Bhatia', adjourned_by = 'other_side', adjourned_reason = 'counsel_absent', adjourned_words = 'counsel in another court', costs_paise = 500000, outcome_by = '01900000-0000-7000-8000-000000000003', outcome_at = '2026-11-20T12:00:00+00:00', sequence = 1
WHERE id = '01900000-0000-7000-8000-000000000212';
INSERT INTO hearings (id, case_id, on_date, bench, court_hall, item, stage, purpose, outcome, note, source_version_id, source_page, source_quote, added_by, added_at, previous_id, source_kind, withdrawn_by, withdrawn_at, withdrawn_reason)
VALUES ('01900000-0000-7000-8000-000000003201', '01900000-0000-7000-8000-000000000007', '2026-12-14', NULL, NULL, NULL, NULL, 'arguments', NULL, NULL, NULL, NULL, '31. CS 45/2026 Sharma Traders v. Kapoor', '01900000-0000-7000-8000-000000000003', '2026-11-20T12:00:00+00:00', '01900000-0000-7000-8000-000000000212', 'cause_list', '01900000-0000-7000-8000-000000000003', '2026-11-21T12:00:00+00:00', 'entered twice');
INSERT INTO hearing_changes (hearing_id, sequence, old_date, new_date, reason, source_kind, source_version_id, source_page, source_quote, changed_by, changed_at)
VALUES ('01900000-0000-7000-8000-000000000212', 1, '2026-11-19', '2026-11-20', 'court on leave', 'manual', NULL, NULL, NULL, '01900000-0000-7000-8000-000000000003', '2026-11-10T12:00:00+00:00');
INSERT INTO hearing_claims (id, hearing_id, on_date, court_hall, item, source_kind, source_version_id, source_page, source_quote, became_id, claimed_by, claimed_at, decision, decided_by, decided_at)
VALUES ('01900000-0000-7000-8000-000000003202', '01900000-0000-7000-8000-000000003201', '2026-12-16', '12', '31', 'cause_list', NULL, NULL, 'Sharma Traders', NULL, '01900000-0000-7000-8000-000000000003', '2026-11-21T12:00:00+00:00', 'refused', '01900000-0000-7000-8000-000000000003', '2026-11-21T13:00:00+00:00');
INSERT INTO cause_lists (id, organisation_id, name, court, on_date, list_type, text, added_by, added_at)
VALUES ('01900000-0000-7000-8000-000000003203', '01900000-0000-7000-8000-000000000001', 'list.pdf', 'High Court of Delhi', '2026-11-23', 'daily', '31. CS 45/2026 Sharma Traders v. Kapoor', '01900000-0000-7000-8000-000000000003', '2026-11-21T12:00:00+00:00');
INSERT INTO cause_list_matches (list_id, entry, case_id, decision, hearing_id, decided_by, decided_at)
VALUES ('01900000-0000-7000-8000-000000003203', 1, '01900000-0000-7000-8000-000000000007', 'accepted', '01900000-0000-7000-8000-000000003201', '01900000-0000-7000-8000-000000000003', '2026-11-21T12:00:00+00:00');
INSERT INTO calendar_feeds (id, user_id, name, token_hash, discreet, all_cases, made_at, fetched_at, revoked_at)
VALUES ('01900000-0000-7000-8000-000000003204', '01900000-0000-7000-8000-000000000003', 'Phone', '3204', TRUE, FALSE, '2026-11-21T12:00:00+00:00', NULL, NULL);
INSERT INTO hearing_reminders (user_id, day, kind, sent_at)
VALUES ('01900000-0000-7000-8000-000000000003', '2026-11-23', 'hearings_ahead', '2026-11-22T12:30:00+00:00');
