CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    state text DEFAULT 'new' NOT NULL CHECK (state IN ('new', 'paid', 'sent')),
    total numeric(12,2) NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT orders_total_positive CHECK (total >= 0)
);
CREATE INDEX orders_user_idx ON orders (user_id, created_at DESC);
COMMENT ON TABLE orders IS 'what people bought';
