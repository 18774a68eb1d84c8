-- Cases %(first)s to %(last)s of %(count)s over 600 days, the lower the newer: a letter, in nineteen of twenty an answer, a promise owed,
-- for every second one settled, and the clocks; each with its facts. Numbers of rows follow from the case's, so that
-- facts can name them: messages 2n-1 and 2n, letter n, clocks from 4n-3 on, promises n and %(count)s + n.
DROP TABLE IF EXISTS one, clock, promise;
CREATE TEMP TABLE one AS
SELECT n, 1 + n %% %(customers)s AS customer, 1 + n %% 20 AS staff, pg_temp.subject(n) AS subject,
       (ARRAY['open','open','waiting','resolved','resolved','resolved','resolved','resolved','resolved','resolved'])[1 + n %% 10] AS status,
       (ARRAY['enquiry','complaint','suggestion','compliment'])[1 + n %% 4] AS kind, (ARRAY['','anger','','joy','fear'])[1 + n %% 5] AS emotion,
       at - CASE WHEN n %% 20 = 0 THEN interval '0' ELSE interval '1 hour' END AS opened, CASE WHEN n %% 20 <> 0 THEN at END AS answered, at
  FROM generate_series(%(first)s::bigint, %(last)s) n, LATERAL (SELECT %(now)s - n * interval '600 days' / %(count)s AS at) t;

-- As `clocks.rules.clock` starts and ends them on these paths. What ran out was warned of, escalated and missed.
CREATE TEMP TABLE clock AS
SELECT 4 * n - 4 + place AS id, n, customer, sort, measure, amount, pauses, digest, place, kept.state, started_at, due, warn_at, escalate_at,
       CASE WHEN kept.state <> 'running' THEN answered END AS stopped, kept.state = 'running' AND due <= %(now)s AS missed,
       kept.state = 'running' AND warn_at <= %(now)s AS warned, kept.state = 'running' AND escalate_at <= %(now)s AS escalated
  FROM one JOIN target USING (kind),
       LATERAL (SELECT CASE sort WHEN 'update' THEN answered ELSE opened END AS started_at) started,
       LATERAL (SELECT CASE measure WHEN 'working_time' THEN pg_temp.when_worked(pg_temp.worked(started_at) + size)
                       ELSE pg_temp.end_of_day(started_at, amount) END AS due) ends,
       LATERAL (SELECT pg_temp.worked(due) AS until) counted,
       LATERAL (SELECT pg_temp.when_worked(until - size * (100 - warn) / 100) AS warn_at,
                       pg_temp.when_worked(until - size * ((100 - warn) / 2) / 100) AS escalate_at) before,
       LATERAL (SELECT CASE WHEN sort = 'first' AND answered IS NOT NULL OR sort = 'resolution' AND status = 'resolved' THEN 'met'
                            WHEN sort = 'resolution' AND status = 'waiting' THEN 'paused' ELSE 'running' END AS state) kept
 WHERE sort <> 'update' OR status = 'open' AND answered IS NOT NULL;

INSERT INTO cases_case (id, customer_id, subject, kind, cause, status, channel, emotion, urgency, assignee_id, team_id, opened_at,
    last_message_at, unanswered_since, answer_by, unverified, imported)
SELECT n, one.customer, subject, kind, '', status, 'email', emotion, '', staff, NULL, opened, at, CASE WHEN answered IS NULL THEN opened END,
       CASE WHEN answered IS NULL THEN due END, false, false
  FROM one LEFT JOIN clock USING (n) WHERE sort = 'first' ORDER BY n DESC;
INSERT INTO clocks_clock (id, about, customer_id, sort, number, state, terms_id, started_at, due, marks, paused_at, met_at, missed_at,
    spent, warned_at, escalated_at, look_again_at, miss_reason)
SELECT id, 'case:' || n, customer, sort, 1, state, digest, started_at, due,
       CASE WHEN stopped IS NULL THEN '[]' ELSE jsonb_build_array(pg_temp.iso(stopped)) END,
       CASE WHEN state = 'paused' THEN stopped END, CASE WHEN state = 'met' THEN stopped END, CASE WHEN missed THEN due END,
       (pg_temp.worked(stopped) - pg_temp.worked(started_at)) * interval '1 microsecond',
       CASE WHEN warned THEN warn_at END, CASE WHEN escalated THEN escalate_at END,
       CASE WHEN state <> 'running' OR missed THEN NULL WHEN NOT warned THEN warn_at WHEN NOT escalated THEN escalate_at ELSE due END, ''
  FROM clock ORDER BY id DESC;

INSERT INTO post_letter (id, key, to_address, envelope_from, message_id, subject, raw, because, customer_id, automatic, state, created_at,
    leaves_at, next_try_at, attempts, left_at, last_code, last_reply, delivered_at, verified, bounce_reason)
SELECT n, 'history:' || n, 'customer' || customer || '@example.net', 'support@parcel.example', '<out' || n || '@parcel.example>',
       'Re: ' || subject,
       convert_to(format(E'From: Parcel & Co <support@parcel.example>\r\nTo: customer%%s@example.net\r\nSubject: Re: %%s\r\n'
           'Message-ID: <out%%s@parcel.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset="utf-8"\r\n\r\n%%s\r\n',
           customer, subject, n, pg_temp.answered(n)), 'UTF8'),
       'case:' || n, customer, false, 'sent', answered, answered, answered, 1, answered, 250, 'OK', answered + interval '1 second', false, ''
  FROM one WHERE answered IS NOT NULL ORDER BY n DESC;
INSERT INTO post_attempt (letter_id, started_at, left_at, ended_at, answer, code, reply)
SELECT n, answered, answered, answered + interval '1 second', 'accepted', 250, 'OK' FROM one WHERE answered IS NOT NULL ORDER BY n DESC;
INSERT INTO cases_message (id, case_id, direction, channel, at, staff_id, handle_id, text, quoted, html, message_id, source, verified,
    automatic, reading)
SELECT 2 * n - 1, n, 'inbound', 'email', opened, NULL, customer, pg_temp.asked(n), '', '', '<in' || n || '@example.net>', '', true, false,
       %(reading)s::jsonb || jsonb_build_object('kind', jsonb_build_object('value', kind, 'confidence', 0.9), 'emotions',
           CASE emotion WHEN '' THEN '[]' ELSE jsonb_build_array(jsonb_build_object('value', emotion, 'confidence', 0.8)) END)
  FROM one
UNION ALL
SELECT 2 * n, n, 'outbound', 'email', answered, staff, customer, pg_temp.answered(n), '', '', '<out' || n || '@parcel.example>',
       'letter:' || n, false, false, '{}'
  FROM one WHERE answered IS NOT NULL
 ORDER BY 1 DESC;

-- What is owed falls due within the next month, one in a hundred in the past two days; what is settled lies in the past year. The watcher
-- of promises looks at nothing again for two days.
CREATE TEMP TABLE promise AS
SELECT id, n, customer, 1 + n %% 20 AS staff, settled, state, due, least(due - interval '4 days', opened) AS said,
       CASE WHEN settled THEN due + CASE state WHEN 'kept' THEN interval '-1 hour' WHEN 'late' THEN interval '1 day'
                                               ELSE interval '4 days' END END AS settled_at,
       due < %(now)s + interval '2 days' AND NOT settled AS warned, due < %(now)s + interval '36 hours' AND NOT settled AS escalated
  FROM one, LATERAL (
       SELECT n AS id, false AS settled, CASE WHEN n %% 100 = 0 THEN 'late' ELSE 'open' END AS state,
              CASE WHEN n %% 100 = 0 THEN %(now)s - n * interval '2 days' / %(count)s
                   ELSE %(now)s + interval '1 hour' + n * interval '30 days' / %(count)s END AS due
       UNION ALL
       SELECT %(count)s + n, true, CASE WHEN n %% 20 = 0 THEN 'late' WHEN n %% 50 = 1 THEN 'broken' ELSE 'kept' END,
              %(now)s - interval '5 days' - n * interval '360 days' / %(count)s
        WHERE n <= %(count)s / 2) made;
INSERT INTO promises_promise (id, public_id, customer_id, sort, strength, speaker, state, what, condition, source_quote, source, about,
    made_at, said_at, first_due, due, zone, owner_id, team_id, moves, by_itself, warn_at, escalate_at, heads_up_at, told_by, broken_at,
    look_again_at, warned_at, escalated_at, done_at, settled_at, reason, miss_reason, imported)
SELECT id, gen_random_uuid(), customer, 'deed', 'promise', 'company', state, 'send the replacement for order ' || n, '',
       'We will send you the replacement for order ' || n || ' by then.', '', 'case:' || n,
       said, said, due, due, 'Europe/London', staff, NULL, 0, NOT (state = 'late'),
       due - interval '2 days', due - interval '36 hours', due - interval '25 hours', due - interval '1 day', due + interval '4 days',
       CASE WHEN settled THEN NULL WHEN state = 'open' THEN greatest(due - interval '2 days', %(now)s + interval '2 days')
            ELSE due + interval '4 days' END,
       CASE WHEN warned THEN due - interval '2 days' END, CASE WHEN escalated THEN due - interval '36 hours' END,
       CASE WHEN state IN ('kept', 'late') THEN settled_at END, settled_at, '', '', false
  FROM promise ORDER BY id DESC;

INSERT INTO told (turn, place, kind, about, customer, at, fields)
SELECT -n, 1, 'CaseOpened', 'case:' || n, customer, opened, jsonb_build_object('channel', 'email', 'message', 'message:' || 2 * n - 1) FROM one
UNION ALL
SELECT -n, 2, 'MessageRead', 'message:' || 2 * n - 1, customer, opened,
       jsonb_build_object('reading', %(reading)s::jsonb -> 'version', 'kind_read', kind, 'cause', '', 'feeling', emotion) FROM one
UNION ALL
SELECT -n, CASE sort WHEN 'update' THEN 9 ELSE 3 END, 'ClockStarted', 'clock:' || id, customer, started_at,
       jsonb_build_object('case', 'case:' || n, 'sort', sort, 'number', 1, 'due', pg_temp.moment(due), 'early_at', NULL, 'policy', '',
                          'measure', measure, 'amount', amount, 'pauses', pauses, 'terms', digest) FROM clock
UNION ALL
SELECT -n, 4, 'CaseGiven', 'case:' || n, customer, opened,
       jsonb_build_object('before', '', 'after', 'staff:' || staff, 'why', 'round', 'by', '') FROM one
UNION ALL
SELECT -n, 5, 'LetterQueued', 'letter:' || n, letter.customer_id, answered,
       jsonb_build_object('because', because, 'automatic', false, 'digest', encode(sha256(raw), 'hex'))
  FROM one JOIN post_letter letter ON letter.id = n
UNION ALL
SELECT -n, 6, 'CaseAnswered', 'case:' || n, customer, answered,
       jsonb_build_object('by', 'staff:' || staff, 'letter', 'letter:' || n, 'message', 'message:' || 2 * n) FROM one WHERE answered IS NOT NULL
UNION ALL
SELECT -n, 7, 'CaseChanged', 'case:' || n, customer, answered,
       jsonb_build_object('field', 'status', 'before', 'open', 'after', status, 'by', 'staff:' || staff) FROM one WHERE status <> 'open'
UNION ALL
SELECT -n, 8, CASE state WHEN 'met' THEN 'ClockMet' ELSE 'ClockPaused' END, 'clock:' || id, customer, stopped,
       CASE state WHEN 'met' THEN jsonb_build_object('due', pg_temp.moment(due), 'in_time', stopped <= due) ELSE '{}' END
  FROM clock WHERE stopped IS NOT NULL
UNION ALL
SELECT -n, 10, 'LetterDelivered', 'letter:' || n, customer, answered + interval '1 second',
       jsonb_build_object('because', 'case:' || n, 'delivered_at', pg_temp.moment(answered + interval '1 second'), 'verified', false)
  FROM one WHERE answered IS NOT NULL
UNION ALL
SELECT -n, 11, 'StaffWarned', 'clock:' || id, customer, warn_at, jsonb_build_object('due', pg_temp.moment(due), 'warned', '')
  FROM clock WHERE warned
UNION ALL
SELECT -n, 12, 'StaffEscalated', 'clock:' || id, customer, escalate_at, jsonb_build_object('due', pg_temp.moment(due), 'warned', 'staff:20')
  FROM clock WHERE escalated
UNION ALL
SELECT -n, 13, 'ClockMissed', 'clock:' || id, customer, due, jsonb_build_object('due', pg_temp.moment(due)) FROM clock WHERE missed
UNION ALL
SELECT -n, 14, 'PromiseMade', 'promise:' || id, customer, said,
       jsonb_build_object('first_due', pg_temp.moment(due), 'owner', 'staff:' || staff, 'said_at', pg_temp.moment(said), 'sort', 'deed',
           'source', '', 'speaker', 'company', 'state', 'open', 'strength', 'promise', 'quote_digest',
           encode(sha256(convert_to('We will send you the replacement for order ' || n || ' by then.', 'UTF8')), 'hex')) FROM promise
UNION ALL
SELECT -n, 15, 'StaffWarned', 'promise:' || id, customer, due - interval '2 days',
       jsonb_build_object('due', pg_temp.moment(due), 'warned', 'staff:' || staff) FROM promise WHERE warned
UNION ALL
SELECT -n, 16, 'StaffEscalated', 'promise:' || id, customer, due - interval '36 hours',
       jsonb_build_object('due', pg_temp.moment(due), 'warned', 'staff:20') FROM promise WHERE escalated
UNION ALL
SELECT -n, 17, 'PromiseLate', 'promise:' || id, customer, due, jsonb_build_object('due', pg_temp.moment(due), 'told', false)
  FROM promise WHERE state IN ('late', 'broken')
UNION ALL
SELECT -n, 18, CASE state WHEN 'kept' THEN 'PromiseKept' ELSE 'PromiseDoneLate' END, 'promise:' || id, customer, settled_at,
       jsonb_build_object('due', pg_temp.moment(due), 'done_at', pg_temp.moment(settled_at), 'by', 'staff:' || staff)
  FROM promise WHERE settled AND state <> 'broken'
UNION ALL
SELECT -n, 19, 'PromiseBroken', 'promise:' || id, customer, settled_at, jsonb_build_object('due', pg_temp.moment(due), 'reason', 'not_done')
  FROM promise WHERE state = 'broken';
