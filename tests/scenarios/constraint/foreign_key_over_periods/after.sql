CREATE TABLE prices (id int4range, at daterange, CONSTRAINT prices_key PRIMARY KEY (id, at WITHOUT OVERLAPS));
CREATE TABLE offers (id int4range PRIMARY KEY, price int4range, during daterange,
    CONSTRAINT offers_price FOREIGN KEY (price, PERIOD during) REFERENCES prices (id, PERIOD at));
