-- New rows are put in as they come, many by one statement: an import copies thousands at once, and a call of a function for each, with
-- statements of its own in it, cost more than the words did. What is kept is what `search_keep` keeps (0001).
CREATE FUNCTION search_words(sort text, at timestamptz, tongue regconfig, words text, weight "char", subject text DEFAULT NULL)
    RETURNS tsvector LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN subject <> '' THEN setweight(to_tsvector(tongue, subject), 'A') ELSE '' END
        || setweight(to_tsvector(tongue, left(words, 16000)), weight)
        || array_to_tsvector(ARRAY[E'\x01' || sort, E'\x01' || to_char(at AT TIME ZONE 'UTC', 'YYYYMMDD'),
                                   E'\x01' || to_char(at AT TIME ZONE 'UTC', 'YYYYMM'), E'\x01' || to_char(at AT TIME ZONE 'UTC', 'YYYY')])
$$;

-- What was not read yet may say of its language what it seems to be: an import brings thousands before anybody reads them.
CREATE FUNCTION search_language(reading jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(reading ->> 'language', reading ->> 'tongue')
$$;

CREATE FUNCTION search_keeps_new_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_passage (ref, sort, case_id, at, tongue, words)
    SELECT 'message:' || message.id, kept.sort, message.case_id, message.at, kept.tongue::text,
           search_words(kept.sort, message.at, kept.tongue, message.text, CASE kept.sort WHEN 'note' THEN 'D' ELSE 'C' END::"char",
                        opened.subject)
      FROM added message
     CROSS JOIN LATERAL (
           SELECT CASE message.direction WHEN 'note' THEN 'note' ELSE 'message' END AS sort,
                  search_tongue(search_language(message.reading), message.text) AS tongue OFFSET 0) kept
      LEFT JOIN LATERAL (
           SELECT one.subject FROM cases_case one WHERE one.id = message.case_id AND message.direction <> 'note' AND NOT EXISTS (
               SELECT FROM cases_message before
                WHERE before.case_id = message.case_id AND before.id < message.id AND before.direction <> 'note')) opened ON true
     WHERE btrim(message.text, E' \t\r\n') <> ''
        ON CONFLICT ON CONSTRAINT search_passage_pkey
        DO UPDATE SET case_id = EXCLUDED.case_id, at = EXCLUDED.at, tongue = EXCLUDED.tongue, words = EXCLUDED.words;
    RETURN NULL;
END
$$;
DROP TRIGGER search_new_message ON cases_message;
CREATE TRIGGER search_new_message AFTER INSERT ON cases_message
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_keeps_new_messages();

CREATE FUNCTION search_keeps_new_cases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_passage (ref, sort, case_id, at, tongue, words)
    SELECT 'case:' || one.id, 'subject', one.id, one.opened_at, kept.tongue::text,
           search_words('subject', one.opened_at, kept.tongue, one.subject, 'A')
      FROM added one CROSS JOIN LATERAL (SELECT search_tongue(NULL, one.subject) AS tongue OFFSET 0) kept
     WHERE btrim(one.subject, E' \t\r\n') <> ''
        ON CONFLICT ON CONSTRAINT search_passage_pkey
        DO UPDATE SET case_id = EXCLUDED.case_id, at = EXCLUDED.at, tongue = EXCLUDED.tongue, words = EXCLUDED.words;
    RETURN NULL;
END
$$;
DROP TRIGGER search_new_case ON cases_case;
CREATE TRIGGER search_new_case AFTER INSERT ON cases_case
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_keeps_new_cases();

CREATE OR REPLACE FUNCTION search_keep_message(message cases_message) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_keep(
        'message:' || message.id, CASE message.direction WHEN 'note' THEN 'note' ELSE 'message' END, message.case_id, message.at,
        search_language(message.reading), message.text, CASE message.direction WHEN 'note' THEN 'D' ELSE 'C' END::"char",
        (SELECT c.subject FROM cases_case c WHERE c.id = message.case_id AND message.direction <> 'note' AND NOT EXISTS (
            SELECT FROM cases_message before WHERE before.case_id = c.id AND before.id < message.id AND before.direction <> 'note')));
END
$$;
DROP TRIGGER search_message ON cases_message;
CREATE TRIGGER search_message AFTER UPDATE ON cases_message FOR EACH ROW
    WHEN (OLD.text IS DISTINCT FROM NEW.text OR OLD.case_id <> NEW.case_id OR OLD.at <> NEW.at OR OLD.direction <> NEW.direction
          OR search_language(OLD.reading) IS DISTINCT FROM search_language(NEW.reading))
    EXECUTE FUNCTION search_keeps_message();
