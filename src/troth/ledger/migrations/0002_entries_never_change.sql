-- The ledger is append-only: the database itself refuses every other change.
CREATE FUNCTION ledger_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER entry_never_changes BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_never_changes();
CREATE TRIGGER entry_is_never_emptied BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_never_changes();
CREATE TRIGGER seal_never_changes BEFORE UPDATE OR DELETE ON ledger_seal
    FOR EACH ROW EXECUTE FUNCTION ledger_never_changes();
CREATE TRIGGER seal_is_never_emptied BEFORE TRUNCATE ON ledger_seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_never_changes();

-- Every entry waits for its place in the order, and whoever listens hears what changed: at most fifty references a
-- statement, "*" where there are more (a page then simply looks again).
CREATE FUNCTION ledger_entry_waits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed text;
BEGIN
    INSERT INTO ledger_unsealed (entry_id) SELECT id FROM appended;
    SELECT CASE WHEN count(*) > 50 THEN '*' ELSE string_agg(about, ' ') END INTO changed
        FROM (SELECT about FROM appended UNION SELECT customer FROM appended WHERE customer <> '' LIMIT 51) AS abouts;
    IF changed IS NOT NULL THEN
        PERFORM pg_notify('troth', changed);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER entry_waits_for_its_seal AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS appended
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_waits();
