-- What must never happen to the log, the database itself refuses.

-- Hashes are long, come out as they went in, and cannot be made smaller.
ALTER TABLE ledger_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
ALTER TABLE ledger_tile
    ADD CONSTRAINT tile_holds_whole_hashes CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
    ADD CONSTRAINT tile_has_a_place CHECK (level BETWEEN 0 AND 7 AND number >= 0);
ALTER TABLE ledger_checkpoint
    ADD CONSTRAINT head_has_a_root CHECK (length(root) = 32),
    ADD CONSTRAINT head_grows CHECK (previous >= 0 AND size > previous);

-- Places follow one another: what is put in together is whole, and stands right behind what is there.
CREATE FUNCTION ledger_seals_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first bigint;
    last bigint;
    many bigint;
BEGIN
    SELECT min(position), max(position), count(*) INTO first, last, many FROM given;
    IF many > 0 AND (last - first + 1 <> many
        OR (first <> 1 AND NOT EXISTS (SELECT FROM ledger_seal WHERE position = first - 1))) THEN
        RAISE EXCEPTION 'Places in the ledger have no gap: % to % do not follow.', first, last
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER seals_follow AFTER INSERT ON ledger_seal
    REFERENCING NEW TABLE AS given FOR EACH STATEMENT EXECUTE FUNCTION ledger_seals_follow();

-- A tile that is there begins as it began.
CREATE FUNCTION ledger_tile_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.level = OLD.level AND NEW.number = OLD.number AND length(NEW.hashes) > length(OLD.hashes)
        AND substring(NEW.hashes FOR length(OLD.hashes)) = OLD.hashes THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A tile only grows: this change of % of level % is refused.', OLD.number, OLD.level
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER tile_grows BEFORE UPDATE ON ledger_tile FOR EACH ROW EXECUTE FUNCTION ledger_tile_grows();
CREATE TRIGGER tile_never_goes BEFORE DELETE ON ledger_tile FOR EACH ROW EXECUTE FUNCTION ledger_never_changes();
CREATE TRIGGER tile_is_never_emptied BEFORE TRUNCATE ON ledger_tile
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_never_changes();

-- A head follows the newest one, and the last of its leaves has its place.
CREATE FUNCTION ledger_head_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.previous = coalesce((SELECT max(size) FROM ledger_checkpoint), 0)
        AND EXISTS (SELECT FROM ledger_seal WHERE position = NEW.size) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The head of % leaves does not follow that of %.', NEW.size, NEW.previous
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER head_follows BEFORE INSERT ON ledger_checkpoint FOR EACH ROW EXECUTE FUNCTION ledger_head_follows();
CREATE TRIGGER head_never_changes BEFORE UPDATE OR DELETE ON ledger_checkpoint
    FOR EACH ROW EXECUTE FUNCTION ledger_never_changes();
CREATE TRIGGER head_is_never_emptied BEFORE TRUNCATE ON ledger_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_never_changes();

CREATE TRIGGER cosignature_never_changes BEFORE UPDATE OR DELETE ON ledger_cosignature
    FOR EACH ROW EXECUTE FUNCTION ledger_never_changes();
CREATE TRIGGER cosignature_is_never_emptied BEFORE TRUNCATE ON ledger_cosignature
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_never_changes();
