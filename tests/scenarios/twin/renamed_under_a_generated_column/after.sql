CREATE EXTENSION btree_gist;
CREATE TABLE rooms (
    id bigint PRIMARY KEY,
    -- @renamed_from label
    title varchar(40) NOT NULL CONSTRAINT rooms_once UNIQUE DEFERRABLE INITIALLY DEFERRED,
    during int4range,
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED,
    CONSTRAINT rooms_free EXCLUDE USING gist (title WITH =, during WITH &&),
    CONSTRAINT rooms_known CHECK (title <> '')
);
CREATE INDEX rooms_lower ON rooms (lower(title));
CREATE UNIQUE INDEX rooms_identity ON rooms (title, id);
ALTER TABLE rooms REPLICA IDENTITY USING INDEX rooms_identity;
CREATE TABLE stays (room varchar(40), id int PRIMARY KEY, label text);
COMMENT ON COLUMN rooms.title IS 'On the door';
