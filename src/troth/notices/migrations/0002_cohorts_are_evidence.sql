-- Who was affected when a cohort was frozen stands there for good. Nobody is taken out of it, put in unnoticed, or changed into another.
CREATE FUNCTION notices_cohort_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.frozen_at IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Cohort % is frozen and cannot be deleted.', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.about, NEW.conditions, NEW.made_at, NEW.frozen_at, NEW.digest, NEW.count, NEW.frozen_to)
        IS DISTINCT FROM (OLD.about, OLD.conditions, OLD.made_at, OLD.frozen_at, OLD.digest, OLD.count, OLD.frozen_to)
    THEN
        RAISE EXCEPTION 'Cohort % is frozen: what it is about, its conditions and who was in it never change.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER cohort_stays BEFORE UPDATE OR DELETE ON notices_cohort
    FOR EACH ROW EXECUTE FUNCTION notices_cohort_stays();

-- Left out with a reason, and back; and what is personal may go when somebody is forgotten. Nothing else.
CREATE FUNCTION notices_member_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    up_to bigint;
BEGIN
    SELECT frozen_to INTO up_to FROM notices_cohort WHERE id = OLD.cohort_id AND frozen_at IS NOT NULL;
    IF up_to IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Member % of a frozen cohort cannot be deleted: leave them out, with the reason.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.cohort_id, NEW.customer_id, NEW.mark, NEW.why, NEW.added_at)
        IS DISTINCT FROM (OLD.id, OLD.cohort_id, OLD.customer_id, OLD.mark, OLD.why, OLD.added_at)
        OR (NEW.address <> OLD.address AND NEW.address <> '')
        OR (NEW.name <> OLD.name AND NEW.name <> '')
        OR (NEW.salt <> OLD.salt AND NEW.salt <> ''::bytea)
        OR (NEW.standing <> OLD.standing AND NEW.standing <> 'excluded'
            AND NEW.standing <> CASE WHEN OLD.id <= up_to THEN 'in' ELSE 'late' END)
    THEN
        RAISE EXCEPTION 'Member % of a frozen cohort stays who they are, and why.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER member_stays BEFORE UPDATE OR DELETE ON notices_member
    FOR EACH ROW EXECUTE FUNCTION notices_member_stays();

-- Asked once a statement, for a million rows as for one.
CREATE FUNCTION notices_member_joins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM notices_cohort AS cohort WHERE cohort.frozen_at IS NOT NULL
        AND EXISTS (SELECT FROM joining WHERE joining.cohort_id = cohort.id
                    AND (joining.standing <> 'late' OR joining.id <= cohort.frozen_to))
    ) THEN
        RAISE EXCEPTION 'Who joins a frozen cohort joins it late.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER member_joins AFTER INSERT ON notices_member REFERENCING NEW TABLE AS joining
    FOR EACH STATEMENT EXECUTE FUNCTION notices_member_joins();
