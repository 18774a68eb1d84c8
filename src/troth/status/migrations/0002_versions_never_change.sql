-- What was said of planned work stays to be read.
CREATE FUNCTION status_version_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was said of planned work is not changed: say it otherwise';
END $$;
CREATE TRIGGER version_never_changes BEFORE UPDATE OR DELETE ON status_plannedversion
    FOR EACH ROW EXECUTE FUNCTION status_version_never_changes();
