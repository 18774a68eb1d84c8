-- As before, but where very many entries come at once their references are not even sorted out: a page then looks again.
CREATE OR REPLACE FUNCTION ledger_entry_waits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed text := '*';
BEGIN
    INSERT INTO ledger_unsealed (entry_id) SELECT id FROM appended;
    IF (SELECT count(*) FROM (SELECT FROM appended LIMIT 1001) AS first) <= 1000 THEN
        SELECT CASE WHEN count(*) > 50 THEN '*' ELSE string_agg(about, ' ') END INTO changed
            FROM (SELECT about FROM appended UNION SELECT customer FROM appended WHERE customer <> '' LIMIT 51) AS abouts;
    END IF;
    IF changed IS NOT NULL THEN
        PERFORM pg_notify('troth', changed);
    END IF;
    RETURN NULL;
END
$$;
