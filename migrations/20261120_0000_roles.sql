-- Schemas, and the roles that reads run as. Roles belong to the whole cluster, not to this database: they may exist
-- already, and another database of the cluster may be migrating at this very moment.

CREATE SCHEMA IF NOT EXISTS read;
CREATE SCHEMA IF NOT EXISTS ops;

DO $$
DECLARE
  -- One division; all divisions; one ticket granted across divisions (settings app.division, app.ticket, app.user).
  readers constant text[] := ARRAY['saga_reader_division', 'saga_reader_all', 'saga_reader_ticket'];
  modern constant boolean := current_setting('server_version_num')::int >= 160000;
  -- Without inheritance the owner of the tables never falls under a reader's policies by accident.
  terms constant text := CASE WHEN modern THEN ' WITH INHERIT FALSE, SET TRUE' ELSE '' END;
  may_become constant text := CASE WHEN modern THEN 'SET' ELSE 'MEMBER' END;
  reader text;
BEGIN
  FOREACH reader IN ARRAY readers LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = reader) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', reader);
      EXCEPTION
        WHEN duplicate_object OR unique_violation THEN
          NULL; -- another database of the cluster was faster; its role is this one
        WHEN insufficient_privilege THEN
          RAISE EXCEPTION 'Role % is missing and % may not create roles. Let an administrator run: CREATE ROLE % NOLOGIN; GRANT % TO %;',
            reader, current_user, reader, reader, current_user;
      END;
    END IF;
    IF NOT pg_has_role(current_user, reader, may_become) THEN
      BEGIN
        EXECUTE format('GRANT %I TO %I%s', reader, current_user, terms);
      EXCEPTION
        WHEN unique_violation OR internal_error THEN
          NULL; -- granted at the same moment from another database ('tuple concurrently updated')
        WHEN insufficient_privilege THEN
          RAISE EXCEPTION 'Let an administrator run: GRANT % TO %;', reader, current_user;
      END;
      IF NOT pg_has_role(current_user, reader, may_become) THEN
        RAISE EXCEPTION 'Role % could not be granted to %', reader, current_user;
      END IF;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA read TO %I', reader);
  END LOOP;
END
$$;
