SELECT 1 / (count(*) = 3)::integer FROM profiles JOIN users ON (users.tenant, users.id) = (user_tenant, user_id);
SELECT 1 / (string_agg(concat_ws('/', user_tenant, user_id, coalesce(biography, '-'), visits, email, coalesce(mood::text, '-'), settings), ' ' ORDER BY user_tenant, user_id)
    = '1/1/counts/12/ada@example.org/fine/{"a": 1} 1/2/-/0/grace@example.org/-/{} 2/1//3/edsger@example.org/sad/{ }')::integer FROM profiles;
