-- Gives the events of this database an owner of their own, so that the program can append events and not change them
-- (docs/database.md, Roles). Run by an administrator of Postgres after setup.sql, again after a database was made new,
-- and once for an installation of before:
--   sudo -u postgres psql --set ON_ERROR_STOP=1 --dbname saga --file deploy/postgres/events-owner.sql
-- Then: npm run migrate with MIGRATE_DATABASE_URL, which names saga_migrator. Its password: \password saga_migrator

SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'saga_events_owner') AS no_owner,
       NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'saga_migrator') AS no_migrator,
       current_database() AS database \gset
\if :no_owner
  -- Nobody signs in as it.
  CREATE ROLE saga_events_owner NOLOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
\endif
\if :no_migrator
  -- For the person who updates, never for the program: it may become both.
  CREATE ROLE saga_migrator LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
\endif
GRANT saga, saga_events_owner TO saga_migrator;
-- Before Postgres 16 CREATEROLE would let the program make itself a member of any role.
ALTER ROLE saga NOCREATEROLE;

-- Whose database it is may drop it.
ALTER DATABASE :"database" OWNER TO saga_events_owner;
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE :"database" TO saga;
GRANT USAGE, CREATE ON SCHEMA public TO saga;
