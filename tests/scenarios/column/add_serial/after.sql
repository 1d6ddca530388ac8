CREATE TABLE logs (line text, id serial);
