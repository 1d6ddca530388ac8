SELECT 1 / (count(*) = 1 AND min("Bio") = 'a')::integer FROM more.profiles;
