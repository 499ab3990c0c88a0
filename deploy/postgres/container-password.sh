# For the containers of the two compose files: the program's role gets the password that POSTGRES_PASSWORD holds.
psql --set ON_ERROR_STOP=1 --set password="$POSTGRES_PASSWORD" --username postgres --dbname saga <<'SQL'
ALTER ROLE saga PASSWORD :'password';
SQL
