-- What was offered to a customer is not made smaller afterwards, what was given stays given, and no remedy is deleted.
CREATE FUNCTION remedies_what_was_offered_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Remedy % cannot be deleted: withdraw it, with the reason.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state NOT IN ('sought', 'waiting') AND (OLD.amount, OLD.currency, OLD.sort, OLD.customer_id, OLD.promise_id)
            IS DISTINCT FROM (NEW.amount, NEW.currency, NEW.sort, NEW.customer_id, NEW.promise_id) THEN
        RAISE EXCEPTION 'What remedy % offers to whom never changes.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.due IS NOT NULL AND NEW.due IS DISTINCT FROM OLD.due AND OLD.state NOT IN ('waiting'))
            OR (OLD.missed_at IS NOT NULL AND NEW.missed_at IS DISTINCT FROM OLD.missed_at) THEN
        RAISE EXCEPTION 'The date of remedy %, and that it was missed, never change.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'given' AND (NEW.state, NEW.given_at, NEW.proven_at)
            IS DISTINCT FROM (OLD.state, OLD.given_at, OLD.proven_at) THEN
        RAISE EXCEPTION 'Remedy % was given, and that stays so.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER what_was_offered_stays BEFORE UPDATE OR DELETE ON remedies_remedy
    FOR EACH ROW EXECUTE FUNCTION remedies_what_was_offered_stays();
