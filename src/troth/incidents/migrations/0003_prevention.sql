-- What was found to be the cause stays to be read: who finds another writes another version.
CREATE FUNCTION incidents_causes_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Version % of a root cause never changes: write another.', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER causes_never_change BEFORE UPDATE OR DELETE ON incidents_rootcause
    FOR EACH ROW EXECUTE FUNCTION incidents_causes_stay();

-- How long it was watched, and by what, is what we promised: the day moves only away, and an ended watch never begins again.
CREATE FUNCTION incidents_watches_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'watching' OR NEW.until < OLD.until OR NEW.begun_at <> OLD.begun_at THEN
        RAISE EXCEPTION 'Watch % can be watched for longer, or end; nothing else of it changes.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER watches_never_shrink BEFORE UPDATE OR DELETE ON incidents_watch
    FOR EACH ROW EXECUTE FUNCTION incidents_watches_stay();
