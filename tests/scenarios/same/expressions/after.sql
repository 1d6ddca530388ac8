create table public.t (
    id int8 not null,
    a int4,
    b text default 'x'::text,
    c character varying(10),
    d timestamp with time zone default now(),
    e bool not null default TRUE,
    f decimal(10, 2) default 0.00,
    g jsonb default '{}'::jsonb,
    h text array default '{}'::text[],
    i date default CURRENT_DATE,
    constraint t_pkey primary key (id),
    constraint t_a_check check ((a = any (array[1, 2, 3]))),
    constraint t_b_check check (((b ~~ 'x%'::text) or (b <> 'y'::text))),
    constraint t_c_check check (((c)::text = any ((array['p'::character varying, 'q'::character varying])::text[]))),
    constraint t_f_check check (((f >= (0)::numeric) and (f <= (100)::numeric)))
);
create index t_b_idx on public.t using btree (lower(b)) where ((a > 1) and (b is not null));
