CREATE TABLE lines (id bigint PRIMARY KEY, price integer,
    -- @renamed_from price_check
    CONSTRAINT price_positive CHECK (price > 0));
