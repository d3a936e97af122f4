-- Rights that PostgreSQL got after version 15.
GRANT MAINTAIN ON app.hen, app.z_first TO trainee WITH GRANT OPTION;
REVOKE MAINTAIN ON app.legacy FROM postgres;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO trainee;
