insert into ev select g, '2024-01-01'::date + g * 11, 'c' || g, g from generate_series(1, 60) g;
insert into ref select id, at from ev;
