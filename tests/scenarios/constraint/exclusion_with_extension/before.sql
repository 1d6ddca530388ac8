CREATE TABLE bookings (room integer, span tstzrange);
