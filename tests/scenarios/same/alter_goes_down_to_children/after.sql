CREATE TABLE public.parent (
    a integer DEFAULT 10,
    b text NOT NULL,
    c integer DEFAULT 11,
    d text,
    e integer,
    f text,
    g integer DEFAULT 5
);
ALTER TABLE ONLY public.parent ALTER COLUMN f SET STORAGE EXTERNAL;
CREATE TABLE public.child (
    a integer DEFAULT 12,
    c integer DEFAULT 3,
    d text,
    e integer
)
INHERITS (public.parent);
ALTER TABLE ONLY public.child ALTER COLUMN f SET STORAGE EXTERNAL;
CREATE TABLE public.grandchild (
    a integer DEFAULT 12
)
INHERITS (public.child);
ALTER TABLE ONLY public.grandchild ALTER COLUMN f SET STORAGE EXTERNAL;
CREATE TABLE public.other (
    b text DEFAULT 'mine'::text
)
INHERITS (public.parent);
ALTER TABLE ONLY public.other ALTER COLUMN f SET STORAGE EXTERNAL;
CREATE TABLE public.parts (
    k integer,
    a integer DEFAULT 10,
    b text NOT NULL,
    c integer DEFAULT 9
)
PARTITION BY LIST (k);
CREATE TABLE public.part_one (
    k integer,
    a integer DEFAULT 10,
    b text NOT NULL,
    c integer DEFAULT 5
);
CREATE TABLE public.part_two (
    k integer,
    a integer DEFAULT 10,
    b text NOT NULL,
    c integer DEFAULT NULL
)
PARTITION BY LIST (a);
CREATE TABLE public.part_three (
    k integer,
    a integer DEFAULT 10,
    b text NOT NULL,
    c integer DEFAULT 7
);
ALTER TABLE ONLY public.parts ATTACH PARTITION public.part_one FOR VALUES IN (1);
ALTER TABLE ONLY public.part_two ATTACH PARTITION public.part_three DEFAULT;
ALTER TABLE ONLY public.parts ATTACH PARTITION public.part_two FOR VALUES IN (2);
ALTER TABLE ONLY public.child ALTER COLUMN g SET DEFAULT NULL;
ALTER TABLE ONLY public.grandchild ALTER COLUMN c SET DEFAULT 3;
ALTER TABLE ONLY public.grandchild ALTER COLUMN g SET DEFAULT NULL;
ALTER TABLE ONLY public.other ALTER COLUMN a SET DEFAULT 10;
ALTER TABLE ONLY public.other ALTER COLUMN c SET DEFAULT NULL;
ALTER TABLE ONLY public.other ALTER COLUMN g SET DEFAULT NULL;
