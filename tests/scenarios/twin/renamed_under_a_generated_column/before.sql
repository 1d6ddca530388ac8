CREATE EXTENSION btree_gist;
CREATE TABLE rooms (
    id bigint PRIMARY KEY,
    label varchar(40) NOT NULL CONSTRAINT rooms_once UNIQUE DEFERRABLE INITIALLY DEFERRED,
    during int4range,
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple', label)) STORED,
    CONSTRAINT rooms_free EXCLUDE USING gist (label WITH =, during WITH &&),
    CONSTRAINT rooms_known CHECK (label <> '')
);
CREATE INDEX rooms_lower ON rooms (lower(label));
CREATE UNIQUE INDEX rooms_identity ON rooms (label, id);
ALTER TABLE rooms REPLICA IDENTITY USING INDEX rooms_identity;
CREATE TABLE stays (room varchar(40), id int PRIMARY KEY, label text);
COMMENT ON COLUMN rooms.label IS 'On the door';
