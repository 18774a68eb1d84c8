-- What was said of an incident stays said: words are put otherwise in a row of their own, and the old one stays to be read.
CREATE FUNCTION incidents_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Line % of an incident''s timeline never changes: put it otherwise in a line of its own.', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER entries_never_change BEFORE UPDATE OR DELETE ON incidents_entry
    FOR EACH ROW EXECUTE FUNCTION incidents_entries_stay();

-- When we knew and when we first said so is what we are judged by. Once said it stays, and an incident is never deleted.
CREATE FUNCTION incidents_first_word_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Incident % cannot be deleted: end it, and say why.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.aware_at IS DISTINCT FROM OLD.aware_at
        OR (OLD.said_at IS NOT NULL AND NEW.said_at IS DISTINCT FROM OLD.said_at) THEN
        RAISE EXCEPTION 'When we knew of incident % and when we first said so never changes.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER first_word_stays BEFORE UPDATE OR DELETE ON incidents_incident
    FOR EACH ROW EXECUTE FUNCTION incidents_first_word_stays();
