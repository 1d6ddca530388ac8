CREATE TABLE t (id bigint PRIMARY KEY, a integer, b text);
CREATE TABLE u (id bigint PRIMARY KEY, t_id bigint);
CREATE OR REPLACE VIEW public.v AS
 SELECT t.id,
    t.a,
    u.id AS uid
   FROM (public.t
     JOIN public.u ON ((u.t_id = t.id)))
  WHERE ((t.a = ANY (ARRAY[1, 2])) AND (t.b !~~ 'x%'::text))
  ORDER BY t.a;
