INSERT INTO invitations (id, email) VALUES (1, 'a'), (2, 'b');
