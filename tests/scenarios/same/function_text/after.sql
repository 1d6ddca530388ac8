create or replace function public.f(in a integer, b character varying default 'x'::character varying)
 returns integer language sql volatile called on null input security invoker
as $function$SELECT 1$function$;
create function g(integer, text) returns setof text language sql stable cost 100 rows 1000 as $_$ SELECT 'a' $_$;
