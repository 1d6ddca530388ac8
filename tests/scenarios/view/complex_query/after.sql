CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, total numeric, at timestamptz);
CREATE VIEW report AS
WITH recent AS (
    SELECT user_id, total, row_number() OVER (PARTITION BY user_id ORDER BY at DESC) AS n
    FROM orders
    WHERE at > now() - interval '30 days'
)
SELECT u.id,
       u.email,
       coalesce(sum(r.total) FILTER (WHERE r.n <= 3), 0) AS last_three,
       CASE WHEN count(r.*) = 0 THEN 'none' WHEN count(*) > 10 THEN 'many' ELSE 'some' END AS volume,
       (SELECT max(o.at) FROM orders o WHERE o.user_id = u.id) AS last_at
FROM users u
LEFT JOIN recent r ON r.user_id = u.id
WHERE u.email NOT LIKE '%test%' AND u.id IN (SELECT user_id FROM orders)
GROUP BY u.id, u.email
HAVING count(*) >= 0
ORDER BY 3 DESC NULLS LAST
LIMIT 100;
