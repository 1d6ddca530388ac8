CREATE TYPE state AS ENUM ('pending', 'done');
CREATE TYPE kind AS ENUM ('one', 'other');
CREATE TABLE invitations (
    id bigint PRIMARY KEY,
    email text NOT NULL,
    kind kind NOT NULL DEFAULT 'one',
    status state NOT NULL DEFAULT 'pending'
);
CREATE UNIQUE INDEX invitations_pending ON invitations (email) WHERE status = 'pending';
CREATE INDEX invitations_done ON invitations ((status = 'done'));
