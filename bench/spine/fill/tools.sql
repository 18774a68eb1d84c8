-- What one connection needs to write a history: the working days, what clocks are started with, and facts before they are entries.
CREATE TEMP TABLE working_day (number int PRIMARY KEY, begins timestamptz, opens timestamptz, closes timestamptz, before bigint);
INSERT INTO working_day SELECT * FROM jsonb_to_recordset(%(days)s::jsonb)
    AS d (number int, begins timestamptz, opens timestamptz, closes timestamptz, before bigint);
CREATE INDEX ON working_day (begins);
CREATE INDEX ON working_day (before);
CREATE TEMP TABLE target AS SELECT * FROM jsonb_to_recordset(%(targets)s::jsonb)
    AS t (kind text, place int, sort text, measure text, amount bigint, size bigint, pauses boolean, warn int, digest text);
ANALYZE working_day, target;

-- Microseconds of working time from the first of these days to *at*, and back: what `words.hours` counts, for a million moments.
CREATE FUNCTION pg_temp.worked(moment timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT before + greatest(0, extract(epoch FROM least(moment, closes) - opens) * 1000000)::bigint
              FROM pg_temp.working_day WHERE begins <= moment ORDER BY begins DESC LIMIT 1);
END
$$;
CREATE FUNCTION pg_temp.when_worked(much bigint) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT opens + (much - before) * interval '1 microsecond'
              FROM pg_temp.working_day WHERE before < much ORDER BY before DESC LIMIT 1);
END
$$;
CREATE FUNCTION pg_temp.end_of_day(begun timestamptz, days bigint) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT closes FROM pg_temp.working_day
             WHERE number = days + (SELECT max(number) FROM pg_temp.working_day WHERE begins <= begun));
END
$$;

-- As docs/formats/entry.md writes an instant, and as Python does.
CREATE FUNCTION pg_temp.moment(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')$$;
CREATE FUNCTION pg_temp.iso(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$SELECT replace(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || '+00:00'$$;

-- A fact before it is an entry: whose turn it is, and its fields but for those that every fact has.
CREATE TEMP TABLE told (turn bigint, place int, kind text, about text, customer bigint, at timestamptz, fields jsonb);
