-- The same history as Troth's: so many tickets over 600 days, each with a letter and an answer.
INSERT INTO helpdesk_ticket (title, queue_id, created, modified, submitter_email, assigned_to_id, status, on_hold, description, resolution,
    priority, secret_key)
SELECT pg_temp.subject(n),
       %(queue)s, at - interval '1 hour', at, 'customer' || (1 + n %% (%(count)s / 4)) || '@example.net', %(staff)s + n %% 20,
       (ARRAY[1,1,2,4,4,4,4,4,4,4])[1 + n %% 10], false,
       pg_temp.asked(n),
       '', 3, md5(n::text)
  FROM generate_series(1, %(count)s) n, LATERAL (SELECT now() - n * interval '600 days' / %(count)s AS at) t;
INSERT INTO helpdesk_followup (ticket_id, date, title, comment, public, user_id, message_id)
SELECT id, created + interval '1 hour', 'Comment', pg_temp.answered(id), true, assigned_to_id, ''
  FROM helpdesk_ticket;
ANALYZE;
