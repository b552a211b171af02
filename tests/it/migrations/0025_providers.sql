INSERT INTO outages (part, name, reason, failures, began_at, ended_at)
VALUES ('model', 'host.example / large', 'the model could not be reached', 5, '2026-11-02T09:30:00+00:00', '2026-11-02T09:40:00+00:00');
INSERT INTO model_switches (hour, from_model, to_model, reason, answers)
VALUES ('2026-11-02T09:00:00+00:00', 'host.example / large', 'other.example / small', 'not reached', 3);
