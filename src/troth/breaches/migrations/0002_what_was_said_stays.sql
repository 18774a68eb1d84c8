-- What was decided, claimed, written down and sent about a breach is evidence: it is added to, never changed or deleted.
CREATE FUNCTION breaches_said_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was said of a breach stays (% %): say something new beside it.', TG_TABLE_NAME, OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

-- An exemption may be taken back, once; its words stay.
CREATE FUNCTION breaches_exemption_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.taken_back_at IS NOT NULL
        OR (NEW.id, NEW.breach_id, NEW.sort, NEW.reason, NEW.instead, NEW.by_id, NEW.at, NEW.salt)
            IS DISTINCT FROM (OLD.id, OLD.breach_id, OLD.sort, OLD.reason, OLD.instead, OLD.by_id, OLD.at, OLD.salt) THEN
        RAISE EXCEPTION 'What was said of exemption % stays: take it back, and claim another.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

-- A report that was sent gets the authority's number once; nothing else of it changes.
CREATE FUNCTION breaches_report_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted breaches_report;
BEGIN
    IF OLD.sent_at IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' THEN
        wanted := NEW;
        IF OLD.receipt = '' THEN
            wanted.receipt := '';
        END IF;
        IF wanted IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Report % was sent and stays as it is: the next phase completes it.', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

-- What the people concerned were sent stays too.
CREATE FUNCTION breaches_letter_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sent_at IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'What was sent stays (% %).', TG_TABLE_NAME, OLD.id USING ERRCODE = 'integrity_constraint_violation';
END
$$;

-- The register forgets no breach.
CREATE FUNCTION breaches_breach_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Breach % stays in the register (GDPR 33(5)).', OLD.id USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER correction_stays BEFORE UPDATE OR DELETE ON breaches_correction
    FOR EACH ROW EXECUTE FUNCTION breaches_said_stays();
CREATE TRIGGER documented_stays BEFORE UPDATE OR DELETE ON breaches_documented
    FOR EACH ROW EXECUTE FUNCTION breaches_said_stays();
CREATE TRIGGER risk_stays BEFORE UPDATE OR DELETE ON breaches_riskdecision
    FOR EACH ROW EXECUTE FUNCTION breaches_said_stays();
CREATE TRIGGER exemption_stays BEFORE UPDATE OR DELETE ON breaches_exemption
    FOR EACH ROW EXECUTE FUNCTION breaches_exemption_stays();
CREATE TRIGGER report_stays BEFORE UPDATE OR DELETE ON breaches_report
    FOR EACH ROW EXECUTE FUNCTION breaches_report_stays();
CREATE TRIGGER letter_stays BEFORE UPDATE OR DELETE ON breaches_peopleletter
    FOR EACH ROW EXECUTE FUNCTION breaches_letter_stays();
CREATE TRIGGER breach_stays BEFORE DELETE ON breaches_breach
    FOR EACH ROW EXECUTE FUNCTION breaches_breach_stays();
