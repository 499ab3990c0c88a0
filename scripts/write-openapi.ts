/**
 * `npm run openapi`: writes `openapi.json` from the routes, and `client/api.ts`, the types of the client, from it. Both
 * are committed; `npm run openapi -- --check` fails where they are not what this would write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { openApiFiles } from './docs/openapi-files.ts';

const check = process.argv.includes('--check');
for (const [path, text] of Object.entries(await openApiFiles())) {
  if (!check) writeFileSync(path, text);
  else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${path} is not up to date: npm run openapi`);
    process.exitCode = 1;
  }
}
