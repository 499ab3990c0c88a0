/**
 * `npm run schema`: writes src/ports/database.ts, the types of all tables, from the migrations applied to an empty
 * Postgres of its own. A test fails where the file is not what this would write.
 */
import { writeFileSync } from 'node:fs';
import { withMigratedPostgres } from '../schema/migrated-postgres.ts';
import { TABLE_TYPES_PATH, tableTypes } from '../schema/table-types.ts';

writeFileSync(TABLE_TYPES_PATH, await withMigratedPostgres(tableTypes));
console.log(`wrote ${TABLE_TYPES_PATH}`);
