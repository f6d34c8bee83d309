-- SPDX-License-Identifier: Apache-2.0
-- Readings and what is made of them. Samples are kept by day and dropped as a whole day; moments are milliseconds since
-- 1970, which a process writes many times faster than a calendar date.

CREATE TABLE telemetry_sample (
    stream text NOT NULL,
    at_ms bigint NOT NULL,
    received_ms bigint NOT NULL,
    device text NOT NULL,
    feature text,
    measure text NOT NULL,
    value double precision NOT NULL,
    north double precision
) PARTITION BY RANGE (at_ms);

-- Rows of a day lie nearly in the order of time: a coarse index finds an hour and costs a writer next to nothing.
CREATE INDEX telemetry_sample_at ON telemetry_sample USING brin (at_ms) WITH (pages_per_range = 32);
CREATE INDEX telemetry_sample_received ON telemetry_sample USING brin (received_ms) WITH (pages_per_range = 32);

CREATE TABLE telemetry_minute (
    stream text NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    measure text NOT NULL,
    minute timestamptz NOT NULL,
    first double precision NOT NULL,
    last double precision NOT NULL,
    low double precision NOT NULL,
    high double precision NOT NULL,
    total double precision NOT NULL,
    samples integer NOT NULL,
    PRIMARY KEY (stream, kind, id, measure, minute)
);
CREATE INDEX telemetry_minute_at ON telemetry_minute (stream, minute);

-- After a crash of the database it is empty, and filled again by the next readings.
CREATE UNLOGGED TABLE telemetry_latest (
    stream text NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (stream, kind, id)
) WITH (fillfactor = 50);

-- The last number of each device that numbers its batches: what was stored once is not stored again.
CREATE TABLE telemetry_sequence (
    stream text NOT NULL,
    device text NOT NULL,
    generation integer NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (stream, device)
) WITH (fillfactor = 50);

-- Where the process that follows an event has got to; the next one goes on from here.
CREATE TABLE telemetry_mark (
    stream text PRIMARY KEY,
    received_ms bigint NOT NULL,
    body jsonb NOT NULL
);

-- Readings taken in by one process, on their way to the process that follows their event.
CREATE TABLE telemetry_relay (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream text NOT NULL,
    body bytea NOT NULL
);
CREATE INDEX telemetry_relay_stream ON telemetry_relay (stream, number);

-- Makes the partitions of the days from yesterday to `ahead` days ahead and drops those older than `kept` days; called
-- by processes that may not make tables. Returns how many it made and dropped.
CREATE FUNCTION telemetry_keep(ahead integer, kept integer) RETURNS TABLE (made integer, dropped integer)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    today bigint := floor(extract(epoch FROM clock_timestamp()) / 86400);
    found record;
BEGIN
    IF ahead NOT BETWEEN 0 AND 30 OR kept NOT BETWEEN 2 AND 3660 THEN
        RAISE EXCEPTION 'days out of range';
    END IF;
    PERFORM pg_advisory_xact_lock(7215204614);
    made := 0;
    dropped := 0;
    FOR number IN (today - 2)::integer .. (today + ahead)::integer LOOP
        IF to_regclass(format('telemetry_sample_%s', number)) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE telemetry_sample_%s PARTITION OF telemetry_sample FOR VALUES FROM (%s) TO (%s)',
                number, number * 86400000::bigint, (number + 1) * 86400000::bigint
            );
            made := made + 1;
        END IF;
    END LOOP;
    FOR found IN
        SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'telemetry_sample'::regclass
    LOOP
        IF substr(found.relname, 18)::bigint < today - kept THEN
            EXECUTE format('DROP TABLE %I', found.relname);
            dropped := dropped + 1;
        END IF;
    END LOOP;
    DELETE FROM telemetry_minute WHERE minute < clock_timestamp() - make_interval(days => kept);
    RETURN NEXT;
END
$$;
DO $$
BEGIN
    EXECUTE format(
        'ALTER FUNCTION telemetry_keep(integer, integer) SET search_path = %I, pg_temp', current_schema()
    );
END
$$;
REVOKE ALL ON FUNCTION telemetry_keep(integer, integer) FROM PUBLIC;
