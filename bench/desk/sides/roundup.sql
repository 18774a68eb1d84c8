-- The same history as Troth's, as Roundup's own writes leave it: users from 23 on, issue n with messages 2n-1 and 2n, their journals,
-- what can be searched.
CREATE TEMP TABLE one AS
SELECT n, 23 + n %% %(customers)s AS customer, 3 + n %% 20 AS staff, (ARRAY[3,3,2,8,8,8,8,8,8,8])[1 + n %% 10] AS status,
       at - interval '1 hour' AS opened, at
  FROM generate_series(1, %(count)s) n, LATERAL (SELECT now() AT TIME ZONE 'UTC' - n * interval '600 days' / %(count)s AS at) t;
INSERT INTO _user (id, _activity, _actor, _address, _creation, _creator, _roles, _username, __retired__)
SELECT 22 + n, at, 1, 'customer' || n || '@example.net', at, 1, 'User', 'customer' || n, 0
  FROM generate_series(1, %(customers)s) n, LATERAL (SELECT now() AT TIME ZONE 'UTC' - interval '601 days' AS at) t;
INSERT INTO user__journal SELECT id, _creation, '1', 'create', '{}' FROM _user WHERE id > 22;
INSERT INTO _issue (id, _activity, _actor, _assignedto, _creation, _creator, _priority, _status, _title, __retired__)
SELECT n, at, staff, staff, opened, customer, 3, status, pg_temp.subject(n), 0 FROM one;
INSERT INTO _msg (id, _activity, _actor, _author, _creation, _creator, _date, _inreplyto, _messageid, _summary, __retired__)
SELECT 2 * n - 1, opened, customer, customer, opened, customer, opened, '', '<in' || n || '@example.net>', left(pg_temp.asked(n), 70), 0 FROM one
UNION ALL
SELECT 2 * n, at, staff, staff, at, staff, at, NULL, '<out' || n || '@parcel.example>', left(pg_temp.answered(n), 70), 0 FROM one;
INSERT INTO issue_messages (linkid, nodeid) SELECT 2 * n - way, n FROM one, generate_series(0, 1) way;
INSERT INTO issue_nosy (linkid, nodeid) SELECT unnest(ARRAY[customer, staff]), n FROM one;
INSERT INTO msg_recipients (linkid, nodeid) SELECT customer, 2 * n FROM one;
INSERT INTO issue__journal (nodeid, date, tag, action, params)
SELECT n, opened, customer::text, 'create', '{}' FROM one
UNION ALL
SELECT n, at, staff::text, 'set', '{''assignedto'': None, ''messages'': ((''+'', [''' || 2 * n || ''']),), ''nosy'': ((''+'', [''' || staff
       || ''']),), ''status'': ''1''}' FROM one;
INSERT INTO msg__journal (nodeid, date, tag, action, params)
SELECT 2 * n - 1, opened, customer::text, said.action, said.params
  FROM one, LATERAL (VALUES ('create', '{}'), ('link', '(''issue'', ''' || n || ''', ''messages'')')) said (action, params)
UNION ALL
SELECT 2 * n, at, staff::text, said.action, said.params
  FROM one, LATERAL (VALUES ('create', '{}'), ('link', '(''issue'', ''' || n || ''', ''messages'')'),
                            ('set', '{''recipients'': ((''+'', [''' || customer || ''']),)}')) said (action, params);
INSERT INTO user__journal (nodeid, date, tag, action, params)
SELECT staff, at, staff::text, 'link', '(''issue'', ''' || n || ''', ''assignedto'')' FROM one;
INSERT INTO __fts (_class, _itemid, _prop, _tsv)
SELECT 'issue', n::text, 'title', to_tsvector('english', pg_temp.subject(n)) FROM one
UNION ALL
SELECT 'msg', (2 * n - 1)::text, 'content', to_tsvector('english', pg_temp.asked(n)) FROM one
UNION ALL
SELECT 'msg', (2 * n)::text, 'content', to_tsvector('english', pg_temp.answered(n)) FROM one;
SELECT setval('_user_ids', 22 + %(customers)s), setval('_issue_ids', %(count)s), setval('_msg_ids', 2 * %(count)s);
