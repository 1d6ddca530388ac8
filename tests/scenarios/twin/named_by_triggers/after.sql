CREATE TABLE orders (id bigint PRIMARY KEY, status bigint NOT NULL DEFAULT 1, note text);
CREATE TABLE history (at timestamptz DEFAULT now(), order_id bigint, told text);
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO history (order_id, told) VALUES (NEW.id, TG_NAME);
    RETURN NULL;
END
$$;
CREATE TRIGGER told_of_status AFTER UPDATE OF status ON orders FOR EACH ROW EXECUTE FUNCTION tell();
CREATE TRIGGER told_when_changed AFTER UPDATE ON orders FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION tell();
ALTER TABLE orders DISABLE TRIGGER told_of_status;
COMMENT ON TRIGGER told_when_changed ON orders IS 'Only then.';
