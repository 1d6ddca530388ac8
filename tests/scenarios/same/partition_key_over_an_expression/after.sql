CREATE TABLE words (word text COLLATE "C", at timestamptz)
    PARTITION BY RANGE (lower(word) COLLATE "POSIX" text_pattern_ops, date_trunc('day', at AT TIME ZONE 'utc'));
CREATE TABLE words_a PARTITION OF words FOR VALUES FROM ('a', '2024-01-01') TO ('b', '2024-02-01');
CREATE TABLE own (word text COLLATE "C") PARTITION BY LIST (lower(word));
