-- Whoever changes what is fixed must name it: a change of a letter's state alone need not compare its bytes, twice for each letter.
DROP TRIGGER letter_is_fixed ON post_letter;
CREATE TRIGGER letter_is_fixed
    BEFORE UPDATE OF raw, key, message_id, to_address, envelope_from, because, encloses, enclosed ON post_letter
    FOR EACH ROW EXECUTE FUNCTION post_letter_is_fixed();
