CREATE SEQUENCE checkpoints_id_seq;
CREATE TABLE checkpoints_v2 (id bigint DEFAULT nextval('checkpoints_id_seq'), name text NOT NULL);
