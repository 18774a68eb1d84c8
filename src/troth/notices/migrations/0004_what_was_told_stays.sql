-- What was said to many stays as it was said. Words are changed before a notice is sent, or not at all.
CREATE FUNCTION notices_text_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM notices_notice WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.notice_id ELSE OLD.notice_id END
               AND sent_at IS NOT NULL) THEN
        RAISE EXCEPTION 'The words of a notice never change once it is sent.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE TRIGGER text_stays BEFORE INSERT OR UPDATE OR DELETE ON notices_text
    FOR EACH ROW EXECUTE FUNCTION notices_text_stays();

-- So does what it is about, to whom and since when; until its first recipient was made the sending can be taken back.
CREATE FUNCTION notices_notice_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sent_at IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Notice % was sent and cannot be deleted.', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.about, NEW.cohort_id, NEW.sort, NEW.is_duty, NEW.happened_at, NEW.written_by_id, NEW.second_by_id)
        IS DISTINCT FROM (OLD.about, OLD.cohort_id, OLD.sort, OLD.is_duty, OLD.happened_at, OLD.written_by_id, OLD.second_by_id)
        OR (NEW.sent_at IS DISTINCT FROM OLD.sent_at AND (NEW.sent_at IS NOT NULL OR OLD.made_up_to > 0))
    THEN
        RAISE EXCEPTION 'Notice % was sent: what it says, to whom and since when stays.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER notice_stays BEFORE UPDATE OR DELETE ON notices_notice
    FOR EACH ROW EXECUTE FUNCTION notices_notice_stays();

-- That somebody was told, or could not be, is evidence; who was not written to yet can be spared.
CREATE FUNCTION notices_recipient_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'waiting' OR OLD.tries > 0 THEN
            RAISE EXCEPTION 'Recipient % was written to: that stays.', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.notice_id, NEW.member_id) IS DISTINCT FROM (OLD.notice_id, OLD.member_id) OR NEW.tries < OLD.tries THEN
        RAISE EXCEPTION 'Recipient % stays who they are.', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER recipient_stays BEFORE UPDATE OR DELETE ON notices_recipient
    FOR EACH ROW EXECUTE FUNCTION notices_recipient_stays();
