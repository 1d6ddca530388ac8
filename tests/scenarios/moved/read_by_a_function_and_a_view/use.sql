SELECT 1 / (bio_of(1) = 'counts' AND said(2) = 'hidden' AND (SELECT count(*) FROM sayings) = 2 AND (SELECT string_agg(name, ',' ORDER BY id) FROM named) = 'Ada,Edsger')::integer;
