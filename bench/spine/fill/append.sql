-- What was told becomes entries, in the bytes that docs/formats/entry.md describes. jsonb would sort names by their length, so they
-- are sorted here. All stand under one salt, whose HMAC is spelt out, as the server has none; and in the clear, as before
-- customers had keys of their own.
WITH body AS (
    SELECT turn, place, kind, about, 'customer:' || customer AS customer, at,
           (SELECT '{' || string_agg('"' || key || '":' || value, ',' ORDER BY key COLLATE "C") || '}'
              FROM jsonb_each(fields || jsonb_build_object('about', about, 'customer', 'customer:' || customer, 'kind', kind, 'v', 1))
           ) AS body
      FROM told),
committed AS (
    SELECT *, sha256(%(outer)s || sha256(%(inner)s || convert_to(body, 'UTF8'))) AS commit FROM body OFFSET 0)
INSERT INTO ledger_entry (kind, about, customer, happened_at, recorded_at, payload, commit, leaf_hash)
SELECT kind, about, customer, at, at, '\x00'::bytea || %(salt)s || convert_to(body, 'UTF8'), commit,
       sha256('\x00' || convert_to(format('{"commit":"%%s","happened_at":"%%s","kind":"%%s","recorded_at":"%%s","v":1}',
           encode(commit, 'hex'), pg_temp.moment(at), kind, pg_temp.moment(at)), 'UTF8'))
  FROM committed ORDER BY turn, place;
TRUNCATE told;
