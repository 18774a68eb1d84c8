-- The same history as Troth's, as Request Tracker's own writes leave it: people with the groups that are theirs, tickets with their four
-- roles, two transactions with words and one of the status each.
CREATE TEMP TABLE base AS SELECT max(id) AS id FROM Principals;
CREATE TEMP TABLE person AS
SELECT n, base.id + 2 * n - 1 AS id, base.id + 2 * n AS own,
       CASE WHEN n <= 20 THEN 'staff' || n ELSE 'customer' || n - 20 END AS name,
       CASE WHEN n <= 20 THEN 'staff' || n || '@parcel.example' ELSE 'customer' || n - 20 || '@example.net' END AS address,
       now() AT TIME ZONE 'UTC' - interval '601 days' AS at
  FROM base, generate_series(1, 20 + {customers}) n;
CREATE TEMP TABLE one AS
SELECT n, base.id + 2 * (20 + {customers}) + 4 * n - 3 AS roles, base.id + 2 * (21 + n % {customers}) - 1 AS customer,
       base.id + 2 * (1 + n % 20) - 1 AS staff, at - interval '1 hour' AS opened, at,
       (ARRAY['new','open','stalled','resolved','resolved','resolved','resolved','resolved','resolved','resolved'])[1 + n % 10] AS status
  FROM base, generate_series(1, {count}) n, LATERAL (SELECT now() AT TIME ZONE 'UTC' - n * interval '600 days' / {count} AS at) t;
CREATE TEMP TABLE role AS
SELECT n, roles + place - 1 AS id, name, at, CASE name WHEN 'Requestor' THEN customer WHEN 'Owner' THEN staff END AS member
  FROM one, (VALUES (1, 'Requestor'), (2, 'Owner'), (3, 'Cc'), (4, 'AdminCc')) r (place, name);

INSERT INTO Principals (id, PrincipalType, Disabled)
SELECT id, 'User', 0 FROM person UNION ALL SELECT own, 'Group', 0 FROM person UNION ALL SELECT id, 'Group', 0 FROM role;
INSERT INTO Users (id, Name, EmailAddress, Password, Creator, Created, LastUpdatedBy, LastUpdated)
SELECT id, name, address, '*NO-PASSWORD*', 1, at, 1, at FROM person;
INSERT INTO Groups (id, Name, Description, Domain, Instance, Creator, Created, LastUpdatedBy, LastUpdated)
SELECT own, 'UserEquiv', 'ACL equiv. for user ' || id, 'ACLEquivalence', id, 1, at, 1, at FROM person
UNION ALL
SELECT id, name, NULL, 'RT::Ticket-Role', n, 1, at, 1, at FROM role;
INSERT INTO GroupMembers (GroupId, MemberId, Creator, Created, LastUpdatedBy, LastUpdated)
SELECT own, id, 1, at, 1, at FROM person
UNION ALL
SELECT g.id, person.id, 1, at, 1, at FROM person JOIN Groups g ON g.Domain = 'SystemInternal'
   AND g.Name IN ('Everyone', CASE WHEN n <= 20 THEN 'Privileged' ELSE 'Unprivileged' END)
UNION ALL
SELECT id, member, 1, at, 1, at FROM role WHERE member IS NOT NULL;
INSERT INTO CachedGroupMembers (id, GroupId, MemberId, Via, ImmediateParentId, Disabled)
SELECT next, GroupId, MemberId, next, GroupId, 0
  FROM (SELECT nextval('cachedgroupmembers_id_seq') AS next, * FROM (
        SELECT own AS GroupId, own AS MemberId FROM person
        UNION ALL SELECT id, id FROM role
        UNION ALL SELECT GroupId, MemberId FROM GroupMembers WHERE MemberId > (SELECT id FROM base)) every) numbered;
INSERT INTO Tickets (id, EffectiveId, Queue, Type, Owner, Subject, Status, Told, Started, Resolved, LastUpdatedBy, LastUpdated, Creator, Created)
SELECT n, n, 1, 'ticket', staff, pg_temp.subject(n), status, at, at, CASE status WHEN 'resolved' THEN at END, staff, at, customer, opened FROM one;
INSERT INTO Transactions (id, ObjectType, ObjectId, Type, Field, OldValue, NewValue, Creator, Created)
SELECT (SELECT max(id) FROM Transactions) + 3 * n - place, 'RT::Ticket', n, said.type, said.field, said.old, said.new, said.who, said.at
  FROM one, LATERAL (VALUES (2, 'Create', NULL, NULL, NULL, customer, opened), (1, 'Correspond', NULL, NULL, NULL, staff, at),
                            (0, 'Status', 'Status', 'new', status, staff, at)) said (place, type, field, old, new, who, at);
INSERT INTO Attachments (TransactionId, Parent, MessageId, Subject, ContentType, ContentEncoding, Content, Headers, Creator, Created)
SELECT id, 0, CASE Type WHEN 'Create' THEN '<in' ELSE '<out' END || ObjectId || '@parcel.example>', pg_temp.subject(ObjectId), 'text/plain', 'none',
       CASE Type WHEN 'Create' THEN pg_temp.asked(ObjectId) ELSE pg_temp.answered(ObjectId) END,
       E'MIME-Version: 1.0\nSubject: ' || pg_temp.subject(ObjectId) || E'\nContent-Type: text/plain; charset="utf-8"\n', Creator, Created
  FROM Transactions WHERE ObjectType = 'RT::Ticket' AND Type IN ('Create', 'Correspond');
SELECT setval('principals_id_seq', (SELECT max(id) FROM Principals)), setval('tickets_id_seq', {count}),
       setval('transactions_id_seq', (SELECT max(id) FROM Transactions)), setval('users_id_seq', (SELECT max(id) FROM Users)),
       setval('groups_id_seq', (SELECT max(id) FROM Groups));
ANALYZE;
