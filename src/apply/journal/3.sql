-- Version 3: batches by key. The last key of the batches of a range that are done, as a JSON array of texts; NULL where the page tells.
ALTER TABLE pgphase.range ADD COLUMN key text;

INSERT INTO pgphase.version (version) VALUES (3);
