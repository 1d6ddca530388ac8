CREATE TABLE profiles (id bigint PRIMARY KEY, name text, created_at integer NOT NULL DEFAULT 7);
CREATE TABLE rules (id bigint PRIMARY KEY, profile_id bigint REFERENCES profiles (id), amount integer NOT NULL);
CREATE VIEW overview AS
    SELECT rules.id, rules.amount, profiles.created_at FROM profiles LEFT JOIN rules ON profiles.id = rules.profile_id;
CREATE VIEW totals AS SELECT created_at, sum(amount) AS total FROM overview GROUP BY created_at;
