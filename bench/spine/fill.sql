-- One company with a history: %(count)s cases with two messages each, as many promises owed and half as many settled.
-- Times stand around now, so that Today, the lists and the rates look as they would on any day.
INSERT INTO people_calendar (name, plain) VALUES ('Office', %(hours)s::jsonb);
INSERT INTO people_company (id, name, calendar_id, is_sample) SELECT 1, 'Parcel & Co', id, true FROM people_calendar;
INSERT INTO people_team (name, heads_up_by_itself) SELECT 'Team ' || n, true FROM generate_series(1, 3) n;
INSERT INTO people_staff (password, email, name, role, team_id, zone, is_active, joined_at)
SELECT '!', 'staff' || n || '@parcel.example', 'Staff ' || n, CASE WHEN n = 20 THEN 'lead' ELSE 'agent' END,
       (SELECT min(id) FROM people_team) + n %% 3, 'Europe/London', true, now()
  FROM generate_series(1, 20) n;

INSERT INTO people_customer (name, pseudonym, zone, met_at, is_sample)
SELECT (ARRAY['Ann','Bob','Cleo','Dan','Eve','Femi','Gus','Hana','Ines','Jo','Kai','Lotte','Mo','Nia','Otto','Pia'])[1 + n %% 16]
       || ' ' || (ARRAY['Archer','Baker','Carter','Dyer','Eaton','Fuller','Glover','Hooper','Ironside','Joiner','Kaye'])[1 + n %% 11]
       || ' ' || n,
       gen_random_uuid(), '', now() - n * interval '700 days' / (%(count)s / 4 + 1), false
  FROM generate_series(1, greatest(%(count)s / 4, 20)) n;
INSERT INTO people_handle (customer_id, kind, address, verified_at)
SELECT id, 'email', 'customer' || id || '@example.net', met_at FROM people_customer;

INSERT INTO cases_case (customer_id, subject, kind, cause, status, channel, emotion, urgency, assignee_id, team_id, opened_at,
    last_message_at, unanswered_since, answer_by, unverified, imported)
SELECT p.first + n %% p.many,
       (ARRAY['Parcel still not here','Wrong size','Refund for order','Table top scratched','Where is my order','Delivery fee',
              'Broken hinge','Change of address','Invoice missing','Thank you'])[1 + n %% 10] || ' ' || n,
       (ARRAY['enquiry','complaint','suggestion','compliment'])[1 + n %% 4], '',
       (ARRAY['open','open','waiting','resolved','resolved','resolved','resolved','resolved','resolved','resolved'])[1 + n %% 10],
       'email', (ARRAY['','anger','','joy','fear'])[1 + n %% 5], '', s.first + n %% 20, NULL,
       at - interval '1 hour', at, CASE WHEN n %% 20 = 0 THEN at END, CASE WHEN n %% 20 = 0 THEN at + interval '1 day' END,
       false, false
  FROM generate_series(1, %(count)s) n,
       LATERAL (SELECT now() - n * interval '600 days' / %(count)s AS at) t,
       (SELECT min(id) AS first, count(*) AS many FROM people_customer) p, (SELECT min(id) AS first FROM people_staff) s;

INSERT INTO cases_message (case_id, direction, channel, at, staff_id, handle_id, text, quoted, html, message_id, source, verified,
    automatic, reading)
SELECT c.id, way, 'email', c.opened_at + later, CASE way WHEN 'outbound' THEN c.assignee_id END, h.id,
       CASE way WHEN 'inbound' THEN 'Hello, this is about ' || c.subject || '. ' ELSE 'Thank you for writing. ' END
           || repeat('It was ordered two weeks ago and nobody has told me anything since. ', 1 + (c.id %% 4)::int)
           || md5(c.id::text),
       '', '', '<m' || c.id || way || '@example.net>', '', true, false, '{}'
  FROM cases_case c JOIN people_handle h ON h.customer_id = c.customer_id,
       (VALUES ('inbound', interval '0'), ('outbound', interval '1 hour')) w (way, later);

-- Nothing is looked at again for two days. What is owed falls due within the next month, one in a hundred in the past week; what is settled lies in the past half year.
INSERT INTO promises_promise (public_id, customer_id, sort, strength, speaker, state, what, condition, source_quote, source, about,
    made_at, said_at, first_due, due, zone, owner_id, team_id, moves, by_itself, warn_at, escalate_at, heads_up_at, told_by, broken_at,
    look_again_at, warned_at, escalated_at, done_at, settled_at, reason, miss_reason, imported)
SELECT gen_random_uuid(), c.customer_id, 'deed', 'promise', 'company', state, 'send the replacement for order ' || n, '',
       'We will send you the replacement for order ' || n || ' by then.', '', 'case:' || c.id,
       said, said, due, due, 'Europe/London', s.first + n %% 20, NULL, 0, true,
       due - interval '2 days', due - interval '36 hours', due - interval '25 hours', due - interval '1 day', due + interval '4 days',
       CASE WHEN state = 'open' THEN greatest(due - interval '2 days', now() + interval '2 days')
            WHEN state = 'late' AND NOT settled THEN now() + interval '9 days' END,
       CASE WHEN due < now() + interval '2 days' THEN due - interval '2 days' END,
       CASE WHEN due < now() + interval '36 hours' THEN due - interval '36 hours' END,
       CASE WHEN settled THEN due - interval '1 hour' END, CASE WHEN settled THEN due - interval '1 hour' END, '', '', false
  FROM (SELECT n, false AS settled, CASE WHEN n %% 100 = 0 THEN 'late' ELSE 'open' END AS state,
               CASE WHEN n %% 100 = 0 THEN now() - n * interval '7 days' / %(count)s
                    ELSE now() + interval '1 hour' + n * interval '30 days' / %(count)s END AS due
          FROM generate_series(1, %(count)s) n
        UNION ALL
        SELECT n, true, CASE WHEN n %% 20 = 0 THEN 'late' WHEN n %% 50 = 1 THEN 'broken' ELSE 'kept' END,
               now() - interval '1 day' - n * interval '180 days' / %(count)s * 2
          FROM generate_series(1, %(count)s / 2) n) rows
  JOIN cases_case c ON c.id = (SELECT min(id) FROM cases_case) + n - 1,
       (SELECT min(id) AS first FROM people_staff) s,
       LATERAL (SELECT least(due - interval '4 days', c.opened_at) AS said) t;

-- Each case and each promise has its first fact, in the bytes that docs/formats/entry.md describes; all under one salt, whose
-- HMAC is spelt out, as the server has none.
CREATE FUNCTION pg_temp.moment(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')$$;
WITH told AS (
    SELECT 'CaseOpened' AS kind, 'case:' || c.id AS about, 'customer:' || c.customer_id AS customer, c.opened_at AS at,
           format('{"about":"case:%%s","channel":"email","customer":"customer:%%s","kind":"CaseOpened","message":"message:%%s","v":1}',
                  c.id, c.customer_id, m.id) AS body
      FROM cases_case c JOIN cases_message m ON m.case_id = c.id AND m.direction = 'inbound'
    UNION ALL
    SELECT 'PromiseMade', 'promise:' || id, 'customer:' || customer_id, said_at,
           format('{"about":"promise:%%s","customer":"customer:%%s","first_due":"%%s","kind":"PromiseMade","owner":"staff:%%s",'
                  '"quote_digest":"%%s","said_at":"%%s","sort":"deed","source":"","speaker":"company","state":"open",'
                  '"strength":"promise","v":1}',
                  id, customer_id, pg_temp.moment(first_due), owner_id, encode(sha256(convert_to(source_quote, 'UTF8')), 'hex'),
                  pg_temp.moment(said_at))
      FROM promises_promise),
committed AS (SELECT *, sha256(%(outer)s || sha256(%(inner)s || convert_to(body, 'UTF8'))) AS commit FROM told OFFSET 0)
INSERT INTO ledger_entry (kind, about, customer, happened_at, recorded_at, payload, commit, leaf_hash)
SELECT kind, about, customer, at, at, '\x00'::bytea || %(salt)s || convert_to(body, 'UTF8'), commit,
       sha256('\x00' || convert_to(format('{"commit":"%%s","happened_at":"%%s","kind":"%%s","recorded_at":"%%s","v":1}',
           encode(commit, 'hex'), pg_temp.moment(at), kind, pg_temp.moment(at)), 'UTF8'))
  FROM committed;
