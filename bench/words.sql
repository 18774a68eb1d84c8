-- What customers write and companies answer, the same on every side: case n. Some words are in every letter, some in one of a
-- thousand, as they are in life. No sign of percent stands here, so that any driver takes it with or without values.
CREATE FUNCTION pg_temp.chance(n bigint, of text) RETURNS double precision LANGUAGE sql IMMUTABLE AS
    $$SELECT ('x' || left(md5(of || n), 7))::bit(28)::int / 268435456.0$$;
-- One of *words*, the first ones far more often than the last.
CREATE FUNCTION pg_temp.one_of(n bigint, words text[], steep float) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$SELECT words[1 + floor(cardinality(words) * power(pg_temp.chance(n, words[1]), steep))::int]$$;
CREATE FUNCTION pg_temp.subject(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT (ARRAY['Parcel still not here','Wrong size','Refund for order','Table top scratched','Where is my order','Delivery fee',
                  'Broken hinge','Change of address','Invoice missing','Thank you'])[1 + mod(n, 10)] || ' ' || n
$$;
CREATE FUNCTION pg_temp.asked(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'Hello, this is about ' || pg_temp.subject(n) || '. '
           || repeat('It was ordered two weeks ago and nobody has told me anything since. ', 1 + mod(n, 4)::int)
           || 'It is the ' || pg_temp.one_of(n, '{blue,white,grey,green,oak,walnut,red,yellow,black,teal,copper,ivory,violet}', 1.5)
           || ' ' || pg_temp.one_of(n, '{table,chair,shelf,lamp,cupboard,desk,sofa,mirror,stool,drawer,bench,wardrobe,crib,rug,curtain,clock,
                                         trolley,bookcase,ladder,easel,hammock,lectern,trellis,settle,ottoman}', 3)
           || ' for our house in ' || pg_temp.one_of(n, '{London,Leeds,Bristol,York,Glasgow,Cardiff,Exeter,Norwich,Derby,Lincoln,Durham,
                Truro,Oban,Wick,Ludlow,Hexham,Kendal,Bude,Rye,Thirsk}', 4) || '. '
           || CASE WHEN mod(n, 5000) = 7 THEN 'It rattles like a harpsichord. ' ELSE '' END || md5(n::text)
$$;
CREATE FUNCTION pg_temp.answered(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'Thank you for writing. ' || repeat('We are looking into it and have asked the carrier where it stands. ', 1 + mod(n, 4)::int)
           || md5(n::text)
$$;
