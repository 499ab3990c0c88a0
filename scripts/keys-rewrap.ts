/** `npm run keys:rewrap`: wraps every customer's key with the newest MASTER_KEY, so that older ones can go (docs/erasure.md). */
import { forgetOldMasters } from '../src/adapters/security/key-fingerprints.ts';
import { secretsFor } from '../src/adapters/security/secrets.ts';
import { openStores } from '../src/main/wiring/stores.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';

await runCommand(async () => {
  const { config, logger } = readSettings();
  const stores = await openStores(config, logger);
  try {
    const count = await stores.keys.rewrap();
    await forgetOldMasters(stores.postgres.writes, secretsFor(config));
    console.log(`${String(count)} keys are wrapped with the new key; the older part of MASTER_KEY can go.`);
  } finally {
    await stores.close();
  }
});
