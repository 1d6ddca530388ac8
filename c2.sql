CREATE TABLE profiles (id bigint PRIMARY KEY, name text, created_at timestamp NOT NULL DEFAULT now());
CREATE TABLE eps (id bigint PRIMARY KEY, profile_id bigint NOT NULL REFERENCES profiles (id), made timestamp NOT NULL DEFAULT now());
CREATE VIEW pair AS SELECT eps.id, eps.made, profiles.created_at AS p FROM profiles LEFT JOIN eps ON profiles.id = eps.profile_id;
