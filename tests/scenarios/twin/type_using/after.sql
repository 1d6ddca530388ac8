CREATE TABLE flags (
    id bigint PRIMARY KEY,
    -- @using done = 'yes'
    -- @reverse CASE WHEN done THEN 'yes' ELSE 'no' END
    done boolean DEFAULT false NOT NULL
);
CREATE INDEX flags_open ON flags (id) WHERE NOT done;
