/** `npm run keys:rewrap`: wraps every customer's key with the newest MASTER_KEY, so that older ones can go (docs/erasure.md). */
import { existsSync } from 'node:fs';
import { createLogger } from '../src/adapters/logger.ts';
import { readConfig } from '../src/config.ts';
import { openStores } from '../src/main/stores.ts';

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(undefined, { LOG_LEVEL: 'warn' });
  const stores = await openStores(config, createLogger({ level: config.LOG_LEVEL }));
  try {
    const count = await stores.keys.rewrap();
    console.log(`${String(count)} keys are wrapped anew; the older part of MASTER_KEY can go.`);
  } finally {
    await stores.close();
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
