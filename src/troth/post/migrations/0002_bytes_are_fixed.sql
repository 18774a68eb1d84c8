-- A queued letter is evidence of what we said. Its bytes and its identity never change.
-- One change is allowed: a letter that is no longer under way may be emptied, when a person asks to be forgotten.
CREATE FUNCTION post_letter_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.raw = ''::bytea AND OLD.state IN ('sent', 'refused', 'unclear', 'taken_back')
       AND NEW.key = OLD.key AND NEW.message_id = OLD.message_id THEN
        RETURN NEW;
    END IF;
    IF (NEW.raw, NEW.key, NEW.message_id, NEW.to_address, NEW.envelope_from, NEW.because)
       IS DISTINCT FROM (OLD.raw, OLD.key, OLD.message_id, OLD.to_address, OLD.envelope_from, OLD.because) THEN
        RAISE EXCEPTION 'Letter % is fixed since it was queued.', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER letter_is_fixed BEFORE UPDATE ON post_letter
    FOR EACH ROW EXECUTE FUNCTION post_letter_is_fixed();
