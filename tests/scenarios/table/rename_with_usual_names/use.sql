INSERT INTO people (email) VALUES ('c@x'); DO $$ BEGIN ASSERT (SELECT max(id) FROM people) = 3; END $$;
