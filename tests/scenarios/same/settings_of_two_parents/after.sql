CREATE TABLE public.one (
    a text
);
ALTER TABLE ONLY public.one ALTER COLUMN a SET STATISTICS 10;
CREATE TABLE public.two (
    a text
);
CREATE TABLE public.both_of_them (
)
INHERITS (public.one, public.two);
ALTER TABLE ONLY public.both_of_them ALTER COLUMN a SET STATISTICS 10;
