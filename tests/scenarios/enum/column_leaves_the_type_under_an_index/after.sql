CREATE TABLE invitations (
    id bigint PRIMARY KEY,
    email text NOT NULL,
    status text NOT NULL
);
