insert into orders (placed, note, amount) select '2024-01-01'::date + g * 11, 'n' || g, g from generate_series(1, 60) g;
insert into lines select id, placed, 1 from orders;
