-- One company without a history yet: a calendar, three teams, twenty staff, and its customers, met before their first case.
INSERT INTO people_calendar (name, plain) VALUES ('Office', %(hours)s::jsonb);
INSERT INTO people_company (id, name, calendar_id, is_sample) SELECT 1, 'Parcel & Co', id, true FROM people_calendar;
INSERT INTO people_team (id, name, heads_up_by_itself) SELECT n, 'Team ' || n, true FROM generate_series(1, 3) n;
INSERT INTO people_staff (id, password, email, name, role, team_id, zone, is_active, joined_at)
SELECT n, '!', 'staff' || n || '@parcel.example', 'Staff ' || n, CASE WHEN n = 20 THEN 'lead' ELSE 'agent' END,
       1 + n %% 3, 'Europe/London', true, %(now)s
  FROM generate_series(1, 20) n;
INSERT INTO people_customer (id, name, pseudonym, zone, met_at, is_sample)
SELECT n, (ARRAY['Ann','Bob','Cleo','Dan','Eve','Femi','Gus','Hana','Ines','Jo','Kai','Lotte','Mo','Nia','Otto','Pia'])[1 + n %% 16]
       || ' ' || (ARRAY['Archer','Baker','Carter','Dyer','Eaton','Fuller','Glover','Hooper','Ironside','Joiner','Kaye'])[1 + n %% 11]
       || ' ' || n,
       gen_random_uuid(), '', %(now)s - interval '601 days' - n * interval '100 days' / %(customers)s, false
  FROM generate_series(1, %(customers)s) n;
INSERT INTO people_handle (id, customer_id, kind, address, verified_at)
SELECT id, id, 'email', 'customer' || id || '@example.net', met_at FROM people_customer;
INSERT INTO clocks_terms (digest, plain)
SELECT DISTINCT digest, plain FROM jsonb_to_recordset(%(targets)s::jsonb) AS t (digest text, plain jsonb);
INSERT INTO told (turn, place, kind, about, customer, at, fields)
SELECT -id, 1, 'CustomerMet', 'customer:' || id, id, met_at, '{"channel": "email"}'::jsonb FROM people_customer
UNION ALL
SELECT -id, 2, 'HandleConfirmed', 'handle:' || id, customer_id, verified_at, '{"how": "vouched"}' FROM people_handle;
