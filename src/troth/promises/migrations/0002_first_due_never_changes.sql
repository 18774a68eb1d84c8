-- The date first promised is what we are judged by. Once there is one it stays, and a promise is never deleted.
CREATE FUNCTION promises_first_due_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Promise % cannot be deleted: void it, with the reason.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.first_due IS NOT NULL AND NEW.first_due IS DISTINCT FROM OLD.first_due THEN
        RAISE EXCEPTION 'The first date of promise % never changes.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER first_due_never_changes BEFORE UPDATE OR DELETE ON promises_promise
    FOR EACH ROW EXECUTE FUNCTION promises_first_due_stays();
