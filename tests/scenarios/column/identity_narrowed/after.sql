CREATE TABLE counters (id integer GENERATED ALWAYS AS IDENTITY, label text);
