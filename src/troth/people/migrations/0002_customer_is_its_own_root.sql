-- A customer nobody merged is their own root, so that "every row of this person" is one comparison.
CREATE FUNCTION people_customer_has_a_root() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.root_id := COALESCE(NEW.root_id, NEW.id);
    RETURN NEW;
END
$$;

CREATE TRIGGER customer_has_a_root BEFORE INSERT OR UPDATE OF root_id ON people_customer
    FOR EACH ROW EXECUTE FUNCTION people_customer_has_a_root();
