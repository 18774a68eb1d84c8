-- A passage is what can be found: a message's new words, a case's subject, a promise's words. Triggers keep them, for whoever writes a
-- message (a letter taken in, an import, an erasure) must not have to think of the search, and what is erased is gone from here with it.

-- The configuration a text is stemmed by: its language as it was read; where nothing was read, the one that knows most of
-- its words as too common to count. A question is asked in all of them at once (search.queries), so a wrong guess costs the
-- other forms of a word, never the word itself.
CREATE FUNCTION search_tongue(language text, words text) RETURNS regconfig LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE language
        WHEN 'en' THEN 'pg_catalog.english'::regconfig WHEN 'de' THEN 'pg_catalog.german'::regconfig
        WHEN 'es' THEN 'pg_catalog.spanish'::regconfig WHEN 'fr' THEN 'pg_catalog.french'::regconfig
        ELSE (SELECT tongue FROM unnest('{english,german,spanish,french}'::regconfig[]) WITH ORDINALITY AS known(tongue, place)
               ORDER BY length(to_tsvector(tongue, left(words, 400))), place LIMIT 1)
    END
$$;

-- The words of a passage, and marks by which only some of them are looked through: its sort, its day, month and year. No
-- word can hold the sign a mark begins with. Of a very long text the first 16,000 signs are found.
CREATE FUNCTION search_keep(ref text, sort text, case_id bigint, at timestamptz, language text, words text, weight "char",
                            subject text DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    tongue regconfig;
    day text := to_char(at AT TIME ZONE 'UTC', 'YYYYMMDD');
    kept tsvector;
BEGIN
    IF btrim(words, E' \t\r\n') = '' THEN
        DELETE FROM search_passage passage WHERE passage.ref = search_keep.ref;
        RETURN;
    END IF;
    tongue := search_tongue(language, words);
    kept := setweight(to_tsvector(tongue, left(words, 16000)), weight)
            || array_to_tsvector(ARRAY[E'\x01' || sort, E'\x01' || day, E'\x01' || left(day, 6), E'\x01' || left(day, 4)]);
    IF subject <> '' THEN
        kept := setweight(to_tsvector(tongue, subject), 'A') || kept;
    END IF;
    INSERT INTO search_passage (ref, sort, case_id, at, tongue, words) VALUES (ref, sort, case_id, at, tongue::text, kept)
        ON CONFLICT ON CONSTRAINT search_passage_pkey
        DO UPDATE SET case_id = EXCLUDED.case_id, at = EXCLUDED.at, tongue = EXCLUDED.tongue, words = EXCLUDED.words;
END
$$;

-- Whoever looks for two words may have read one in the subject and one in the letter that came under it: the first message of a
-- case is found by both.
CREATE FUNCTION search_keep_message(message cases_message) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_keep(
        'message:' || message.id, CASE message.direction WHEN 'note' THEN 'note' ELSE 'message' END, message.case_id, message.at,
        message.reading ->> 'language', message.text, CASE message.direction WHEN 'note' THEN 'D' ELSE 'C' END::"char",
        (SELECT c.subject FROM cases_case c WHERE c.id = message.case_id AND message.direction <> 'note' AND NOT EXISTS (
            SELECT FROM cases_message before WHERE before.case_id = c.id AND before.id < message.id AND before.direction <> 'note')));
END
$$;

CREATE FUNCTION search_keeps_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_keep_message(NEW);
    RETURN NULL;
END
$$;
CREATE TRIGGER search_new_message AFTER INSERT ON cases_message
    FOR EACH ROW WHEN (NEW.text <> '') EXECUTE FUNCTION search_keeps_message();
CREATE TRIGGER search_message AFTER UPDATE ON cases_message FOR EACH ROW
    WHEN (OLD.text IS DISTINCT FROM NEW.text OR OLD.case_id <> NEW.case_id OR OLD.at <> NEW.at OR OLD.direction <> NEW.direction
          OR (OLD.reading ->> 'language') IS DISTINCT FROM (NEW.reading ->> 'language'))
    EXECUTE FUNCTION search_keeps_message();

CREATE FUNCTION search_keeps_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_keep('case:' || NEW.id, 'subject', NEW.id, NEW.opened_at, NULL, NEW.subject, 'A');
    IF TG_OP = 'UPDATE' THEN
        PERFORM search_keep_message(message) FROM cases_message message
          WHERE message.id = (SELECT min(id) FROM cases_message WHERE case_id = NEW.id AND direction <> 'note');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_new_case AFTER INSERT ON cases_case FOR EACH ROW WHEN (NEW.subject <> '') EXECUTE FUNCTION search_keeps_case();
CREATE TRIGGER search_case AFTER UPDATE ON cases_case FOR EACH ROW
    WHEN (OLD.subject <> NEW.subject OR OLD.opened_at <> NEW.opened_at) EXECUTE FUNCTION search_keeps_case();

-- Of a promise its words count. That a person will answer is promised in the same words a thousand times, and is left out.
CREATE FUNCTION search_promised(what text, quote text, condition text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT concat_ws(E'\n', NULLIF(what, quote), quote, NULLIF(condition, ''))
$$;
CREATE FUNCTION search_case_of(about text) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN about ~ '^case:[0-9]{1,18}$' THEN substr(about, 6)::bigint END
$$;
CREATE FUNCTION search_keeps_promise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_keep('promise:' || NEW.id, 'promise', search_case_of(NEW.about), NEW.made_at, NULL,
                        search_promised(NEW.what, NEW.source_quote, NEW.condition), 'B');
    RETURN NULL;
END
$$;
CREATE TRIGGER search_new_promise AFTER INSERT ON promises_promise
    FOR EACH ROW WHEN (NEW.sort <> 'answer') EXECUTE FUNCTION search_keeps_promise();
CREATE TRIGGER search_promise AFTER UPDATE ON promises_promise FOR EACH ROW
    WHEN (NEW.sort <> 'answer' AND (OLD.what <> NEW.what OR OLD.source_quote <> NEW.source_quote OR OLD.condition <> NEW.condition
          OR OLD.about <> NEW.about OR OLD.made_at <> NEW.made_at))
    EXECUTE FUNCTION search_keeps_promise();

CREATE FUNCTION search_drops() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_passage WHERE ref = TG_ARGV[0] || OLD.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_message_gone AFTER DELETE ON cases_message FOR EACH ROW EXECUTE FUNCTION search_drops('message:');
CREATE TRIGGER search_case_gone AFTER DELETE ON cases_case FOR EACH ROW EXECUTE FUNCTION search_drops('case:');
CREATE TRIGGER search_promise_gone AFTER DELETE ON promises_promise FOR EACH ROW EXECUTE FUNCTION search_drops('promise:');

-- What was there before is put in by the worker, the newest first and some thousand at a time, while people work. The triggers
-- above waited for everybody who was writing, so that all of it stands below these numbers.
INSERT INTO search_behind (sort, below) SELECT 'message', max(id) + 1 FROM cases_message HAVING max(id) IS NOT NULL;
INSERT INTO search_behind (sort, below) SELECT 'case', max(id) + 1 FROM cases_case HAVING max(id) IS NOT NULL;
INSERT INTO search_behind (sort, below) SELECT 'promise', max(id) + 1 FROM promises_promise HAVING max(id) IS NOT NULL;
