CREATE TABLE there (a integer);
