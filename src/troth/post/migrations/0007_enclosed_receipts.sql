-- A queued letter is evidence of what we said. Its bytes and its identity never change, but for two things, each once:
-- receipts may be put into it while it is queued, and nothing else of it changes then;
-- it may be emptied when it is no longer under way, when a person asks to be forgotten.
CREATE OR REPLACE FUNCTION post_letter_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    as_before post_letter := NEW;
BEGIN
    IF NEW.raw = ''::bytea AND OLD.state IN ('sent', 'refused', 'unclear', 'taken_back')
       AND NEW.key = OLD.key AND NEW.message_id = OLD.message_id THEN
        RETURN NEW;
    END IF;
    IF OLD.state = 'queued' AND OLD.enclosed IS NULL AND OLD.encloses <> '{}' AND NEW.enclosed > 0
       AND NEW.raw <> OLD.raw AND NEW.raw <> ''::bytea THEN
        as_before.raw := OLD.raw;
        as_before.enclosed := NULL;
        IF as_before IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    IF (NEW.raw, NEW.key, NEW.message_id, NEW.to_address, NEW.envelope_from, NEW.because)
       IS DISTINCT FROM (OLD.raw, OLD.key, OLD.message_id, OLD.to_address, OLD.envelope_from, OLD.because) THEN
        RAISE EXCEPTION 'Letter % is fixed since it was queued.', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- It may be said once what it encloses, before it was tried; and once, while it is queued, that it leaves without.
    IF NEW.encloses <> OLD.encloses AND NOT (
        OLD.encloses = '{}' AND OLD.enclosed IS NULL AND NEW.enclosed IS NULL AND OLD.state = 'queued' AND OLD.attempts = 0
    ) OR NEW.enclosed IS DISTINCT FROM OLD.enclosed AND NOT (
        OLD.enclosed IS NULL AND NEW.enclosed = 0 AND OLD.encloses <> '{}' AND OLD.state = 'queued' AND NEW.state = 'queued'
    ) THEN
        RAISE EXCEPTION 'What letter % encloses is fixed.', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
