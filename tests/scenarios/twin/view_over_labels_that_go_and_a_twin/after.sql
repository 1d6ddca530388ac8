CREATE TYPE entities AS ENUM ('repository', 'artifact');
CREATE TABLE profiles (id bigint PRIMARY KEY, name text, created_at bigint NOT NULL DEFAULT 7);
CREATE TABLE entity_profiles (
    id bigint PRIMARY KEY,
    entity entities NOT NULL,
    profile_id bigint NOT NULL REFERENCES profiles (id),
    created_at bigint NOT NULL DEFAULT 7
);
CREATE VIEW profiles_with_entities AS
    SELECT entity_profiles.id, entity_profiles.entity, entity_profiles.created_at, profiles.id AS profid
    FROM profiles LEFT JOIN entity_profiles ON profiles.id = entity_profiles.profile_id;
