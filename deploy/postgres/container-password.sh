# For the containers of the two compose files: the program's role gets the password that SAGA_PASSWORD holds, which must not be
# the administrator's, and the events get an owner of their own.
psql --set ON_ERROR_STOP=1 --set password="$SAGA_PASSWORD" --username postgres --dbname saga <<'SQL'
ALTER ROLE saga PASSWORD :'password';
SQL
psql --set ON_ERROR_STOP=1 --username postgres --dbname saga --file /usr/local/share/saga/events-owner.sql
