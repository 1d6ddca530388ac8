CREATE TABLE places (country text, code text, PRIMARY KEY (country, code));
CREATE TABLE trips (id bigint PRIMARY KEY, country text, code text);
