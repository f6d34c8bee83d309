-- SPDX-License-Identifier: Apache-2.0
-- Tables of the journal. Lines and documents are kept as the text that was hashed and folded: PostgreSQL's own JSON
-- type would reorder keys. Entries and commands are never changed; the triggers are the second wall behind the rights.

CREATE TABLE IF NOT EXISTS journal_head (
    stream text PRIMARY KEY,
    number bigint NOT NULL CHECK (number >= 0),
    hash text NOT NULL,
    at timestamptz
);

CREATE TABLE IF NOT EXISTS journal_entry (
    stream text NOT NULL REFERENCES journal_head (stream),
    number bigint NOT NULL CHECK (number >= 1),
    line text NOT NULL,
    PRIMARY KEY (stream, number)
);

CREATE TABLE IF NOT EXISTS journal_command (
    stream text NOT NULL REFERENCES journal_head (stream),
    command_id uuid NOT NULL,
    digest text NOT NULL,
    first bigint NOT NULL,
    number bigint NOT NULL,
    hash text NOT NULL,
    PRIMARY KEY (stream, command_id)
);

-- A cache of the fold, in the order in which documents first appeared; it can be rebuilt from the entries.
CREATE TABLE IF NOT EXISTS document (
    stream text NOT NULL REFERENCES journal_head (stream),
    kind text NOT NULL,
    id text NOT NULL,
    body text NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (stream, kind, id)
);

CREATE OR REPLACE FUNCTION journal_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what stands in the journal is never changed';
END
$$;

CREATE OR REPLACE TRIGGER journal_entry_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_kept();
CREATE OR REPLACE TRIGGER journal_command_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_command
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_kept();
