DROP FUNCTION search_keeps_new_messages() CASCADE;
DROP FUNCTION search_keeps_new_cases() CASCADE;
CREATE TRIGGER search_new_message AFTER INSERT ON cases_message
    FOR EACH ROW WHEN (NEW.text <> '') EXECUTE FUNCTION search_keeps_message();
CREATE TRIGGER search_new_case AFTER INSERT ON cases_case FOR EACH ROW WHEN (NEW.subject <> '') EXECUTE FUNCTION search_keeps_case();
DROP TRIGGER search_message ON cases_message;
CREATE TRIGGER search_message AFTER UPDATE ON cases_message FOR EACH ROW
    WHEN (OLD.text IS DISTINCT FROM NEW.text OR OLD.case_id <> NEW.case_id OR OLD.at <> NEW.at OR OLD.direction <> NEW.direction
          OR (OLD.reading ->> 'language') IS DISTINCT FROM (NEW.reading ->> 'language'))
    EXECUTE FUNCTION search_keeps_message();
CREATE OR REPLACE FUNCTION search_keep_message(message cases_message) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_keep(
        'message:' || message.id, CASE message.direction WHEN 'note' THEN 'note' ELSE 'message' END, message.case_id, message.at,
        message.reading ->> 'language', message.text, CASE message.direction WHEN 'note' THEN 'D' ELSE 'C' END::"char",
        (SELECT c.subject FROM cases_case c WHERE c.id = message.case_id AND message.direction <> 'note' AND NOT EXISTS (
            SELECT FROM cases_message before WHERE before.case_id = c.id AND before.id < message.id AND before.direction <> 'note')));
END
$$;
DROP FUNCTION search_words(text, timestamptz, regconfig, text, "char", text);
DROP FUNCTION search_language(jsonb);
