CREATE TABLE strict (v integer NOT NULL);
CREATE TABLE lenient (v integer);
CREATE TABLE of_both () INHERITS (strict, lenient);
CREATE TABLE of_both_again () INHERITS (lenient, strict);
