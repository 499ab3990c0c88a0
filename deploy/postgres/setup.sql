-- Run once by an administrator of Postgres: sudo -u postgres psql --set ON_ERROR_STOP=1 --file deploy/postgres/setup.sql
-- The program's own role may neither make roles nor read past row security; the reading roles are made here for it.
-- Afterwards give it a password: \password saga

CREATE ROLE saga LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
CREATE ROLE saga_reader_division NOLOGIN;
CREATE ROLE saga_reader_all NOLOGIN;
CREATE ROLE saga_reader_ticket NOLOGIN;

-- It becomes a reader for one transaction, and owns the tables otherwise. Not NOINHERIT: on Postgres 15 the owner of a
-- database could then make nothing in its schema public.
SELECT current_setting('server_version_num')::int >= 160000 AS modern \gset
\if :modern
  GRANT saga_reader_division, saga_reader_all, saga_reader_ticket TO saga WITH INHERIT FALSE, SET TRUE;
\else
  GRANT saga_reader_division, saga_reader_all, saga_reader_ticket TO saga;
\endif

CREATE DATABASE saga OWNER saga ENCODING 'UTF8' TEMPLATE template0;
