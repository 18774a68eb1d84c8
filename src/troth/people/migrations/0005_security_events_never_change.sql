-- Security events are append-only. They tell of people who work here, so they are let go after 400 days; not a day before.
CREATE FUNCTION people_security_event_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '400 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Security events are append-only: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER security_event_never_changes BEFORE UPDATE OR DELETE ON people_securityevent
    FOR EACH ROW EXECUTE FUNCTION people_security_event_never_changes();
CREATE TRIGGER security_event_is_never_emptied BEFORE TRUNCATE ON people_securityevent
    FOR EACH STATEMENT EXECUTE FUNCTION people_security_event_never_changes();
