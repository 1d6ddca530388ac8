UPDATE p SET b = 2 WHERE a = 1; UPDATE q SET b = 3 WHERE a = 1;
