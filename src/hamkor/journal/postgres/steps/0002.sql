-- SPDX-License-Identifier: Apache-2.0
-- Erasing a stored body, documents written in sets, personal details beside the journal.

-- `edition` grows when the documents change otherwise than by new entries (a body erased, documents rebuilt): replicas
-- of another edition are read anew. `withheld` holds the numbers of the entries without a body.
ALTER TABLE journal_head
    ADD COLUMN edition bigint NOT NULL DEFAULT 0,
    ADD COLUMN withheld bigint[] NOT NULL DEFAULT '{}',
    SET (fillfactor = 50);

-- Whoever inserts holds the lock of the head's row already: looking it up once more for every row finds nothing new.
ALTER TABLE journal_entry DROP CONSTRAINT journal_entry_stream_fkey;
ALTER TABLE journal_command DROP CONSTRAINT journal_command_stream_fkey;
ALTER TABLE document DROP CONSTRAINT document_stream_fkey, SET (fillfactor = 80);
CREATE INDEX document_kind ON document (kind, stream, position);

-- Who had which body erased, when and why; never the body.
CREATE TABLE journal_erasure (
    stream text NOT NULL,
    number bigint NOT NULL,
    by text NOT NULL CHECK (by <> ''),
    at timestamptz NOT NULL,
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    role text NOT NULL DEFAULT session_user,
    PRIMARY KEY (stream, number)
);

-- The line without body and salt. The hashed fields stand before "hash" and a quote inside a JSON string is always
-- escaped, so its first appearance is the name of the field; 64 digits and a quote follow it.
CREATE FUNCTION journal_without_body(line text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT pg_catalog.substr(line, 1, pg_catalog.strpos(line, ',"hash":"') + 73) || ',"salt":null,"body":null}'
$$;

-- The only change of an entry that the triggers let pass: its body goes, and journal_erasure says who did it.
CREATE FUNCTION journal_only_erased() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.stream = OLD.stream AND NEW.number = OLD.number AND NEW.line = journal_without_body(OLD.line)
        AND EXISTS (SELECT FROM journal_erasure AS e WHERE e.stream = OLD.stream AND e.number = OLD.number)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what stands in the journal is never changed';
END
$$;

-- What a command asked for could be guessed from its digest: with a body goes the digest of its command.
CREATE FUNCTION journal_only_digest_erased() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.digest = '' AND (NEW.stream, NEW.command_id, NEW.first, NEW.number, NEW.hash)
            = (OLD.stream, OLD.command_id, OLD.first, OLD.number, OLD.hash)
        AND EXISTS (SELECT FROM journal_erasure AS e
            WHERE e.stream = OLD.stream AND e.number BETWEEN OLD.first AND OLD.number)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what stands in the journal is never changed';
END
$$;

CREATE OR REPLACE TRIGGER journal_entry_kept BEFORE DELETE OR TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_kept();
CREATE OR REPLACE TRIGGER journal_command_kept BEFORE DELETE OR TRUNCATE ON journal_command
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_kept();
CREATE TRIGGER journal_entry_only_erased BEFORE UPDATE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_only_erased();
CREATE TRIGGER journal_command_only_erased BEFORE UPDATE ON journal_command
    FOR EACH ROW EXECUTE FUNCTION journal_only_digest_erased();
CREATE TRIGGER journal_erasure_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_erasure
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_kept();
CREATE TRIGGER journal_head_kept BEFORE DELETE OR TRUNCATE ON journal_head
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_kept();
CREATE TRIGGER journal_head_never_back BEFORE UPDATE ON journal_head FOR EACH ROW
    WHEN (NEW.stream <> OLD.stream OR NEW.number < OLD.number OR NEW.edition < OLD.edition
        OR (NEW.number = OLD.number AND NEW.hash <> OLD.hash))
    EXECUTE FUNCTION journal_is_kept();

-- Erases the body of one entry. Runs with the rights of the owner: the application itself may not change entries.
CREATE FUNCTION journal_erase(which text, entry_number bigint, erased_by text, erased_at timestamptz, why text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    kept text;
BEGIN
    PERFORM FROM journal_head AS h WHERE h.stream = which FOR UPDATE;
    SELECT e.line INTO kept FROM journal_entry AS e WHERE e.stream = which AND e.number = entry_number;
    IF kept IS NULL OR kept = journal_without_body(kept) THEN
        RETURN false;
    END IF;
    INSERT INTO journal_erasure (stream, number, by, at, reason)
        VALUES (which, entry_number, erased_by, erased_at, why);
    UPDATE journal_entry AS e SET line = journal_without_body(e.line)
        WHERE e.stream = which AND e.number = entry_number;
    UPDATE journal_command AS c SET digest = ''
        WHERE c.stream = which AND entry_number BETWEEN c.first AND c.number AND c.digest <> '';
    UPDATE journal_head AS h
        SET edition = h.edition + 1, withheld = ARRAY(SELECT n FROM unnest(h.withheld || entry_number) AS n ORDER BY n)
        WHERE h.stream = which;
    -- Rare, so it may come with the transaction: other processes drop what they remember of the documents.
    PERFORM pg_notify('hamkor_journal_rewritten', which);
    RETURN true;
END
$$;
REVOKE ALL ON FUNCTION journal_erase(text, bigint, text, timestamptz, text) FROM PUBLIC;

-- Appends what one command decided, only if the head is still where the command saw it and the command is new; says
-- whether it did. Statement by statement, because each finds its rows by key then, whatever the database knows of the
-- sizes of its tables.
CREATE FUNCTION journal_append(
    in_stream text, seen_number bigint, seen_hash text, seen_edition bigint,
    id uuid, command_digest text, first_number bigint, last_number bigint, last_hash text, last_at timestamptz,
    lines text[], gone_kinds text[], gone_ids text[], kinds text[], ids text[], bodies text[]
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE journal_head AS h SET number = last_number, hash = last_hash, at = last_at
        WHERE h.stream = in_stream AND h.number = seen_number AND h.hash = seen_hash AND h.edition = seen_edition
            AND NOT EXISTS (SELECT FROM journal_command AS c WHERE c.stream = in_stream AND c.command_id = id);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO journal_command (stream, command_id, digest, first, number, hash)
        VALUES (in_stream, id, command_digest, first_number, last_number, last_hash);
    INSERT INTO journal_entry (stream, number, line)
        SELECT in_stream, seen_number + e.place, e.line FROM unnest(lines) WITH ORDINALITY AS e (line, place);
    FOR n IN 1 .. cardinality(gone_kinds) LOOP
        DELETE FROM document AS d WHERE d.stream = in_stream AND d.kind = gone_kinds[n] AND d.id = gone_ids[n];
    END LOOP;
    IF cardinality(kinds) > 0 THEN
        INSERT INTO document (stream, kind, id, body)
            SELECT in_stream, d.kind, d.id, d.body FROM unnest(kinds, ids, bodies) AS d (kind, id, body)
            ON CONFLICT ON CONSTRAINT document_pkey DO UPDATE SET body = excluded.body;
    END IF;
    RETURN true;
END
$$;

-- The same for commands of different journals at once; returns the places of those that were appended. A head that
-- somebody else holds is skipped, so that nobody waits for a journal that is not his.
CREATE FUNCTION journal_append_all(turns json) RETURNS SETOF integer LANGUAGE plpgsql AS $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT * FROM json_to_recordset(turns) AS (
        place integer, stream text, number bigint, hash text, edition bigint,
        command_id uuid, digest text, first bigint, last bigint, last_hash text, at timestamptz,
        lines text[], gone_kinds text[], gone_ids text[], kinds text[], ids text[], bodies text[])
    LOOP
        PERFORM FROM journal_head AS h WHERE h.stream = t.stream AND h.number = t.number FOR UPDATE SKIP LOCKED;
        CONTINUE WHEN NOT FOUND;
        IF journal_append(t.stream, t.number, t.hash, t.edition, t.command_id, t.digest, t.first, t.last,
            t.last_hash, t.at, t.lines, t.gone_kinds, t.gone_ids, t.kinds, t.ids, t.bodies)
        THEN
            RETURN NEXT t.place;
        END IF;
    END LOOP;
END
$$;

-- Personal details that facts refer to; erasable, and never in the journal.
CREATE TABLE vault_detail (
    stream text NOT NULL,
    reference text NOT NULL,
    body text,
    erased_by text,
    erased_at timestamptz,
    reason text,
    PRIMARY KEY (stream, reference),
    CHECK (
        (body IS NOT NULL AND erased_by IS NULL AND erased_at IS NULL AND reason IS NULL)
        OR (body IS NULL AND erased_by <> '' AND erased_at IS NOT NULL AND btrim(reason) <> '')
    )
);

CREATE FUNCTION vault_stays_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was erased does not come back';
END
$$;

CREATE TRIGGER vault_detail_stays_erased BEFORE UPDATE ON vault_detail FOR EACH ROW
    WHEN (OLD.erased_at IS NOT NULL OR NEW.stream <> OLD.stream OR NEW.reference <> OLD.reference)
    EXECUTE FUNCTION vault_stays_erased();
CREATE TRIGGER vault_detail_kept BEFORE DELETE OR TRUNCATE ON vault_detail
    FOR EACH STATEMENT EXECUTE FUNCTION vault_stays_erased();
