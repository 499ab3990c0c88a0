/** `npm start` and `npm run demo`: reads the environment, starts the program, stops it on a signal. */
import { existsSync } from 'node:fs';
import { createLogger } from './adapters/logger.ts';
import { secretsFor } from './adapters/security/secrets.ts';
import { readConfig } from './config.ts';
import { startProgram } from './main/program.ts';
import { formatStartError } from './main/start-error.ts';

/** How long running requests may take after SIGTERM. */
const DRAIN_MS = 10_000;

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  // Loaded on demand: production does not need it.
  const demo = process.argv.includes('--demo') ? await import('./main/demo/run.ts') : undefined;
  // The demo prints what a newcomer needs; LOG_LEVEL shows the log. They try it with examples from the channels' pages,
  // whose times are years old.
  const config = demo
    ? readConfig(undefined, { LOG_LEVEL: 'warn', WEBHOOK_MAX_AGE_DAYS: '3650' })
    : readConfig();
  if (demo) process.stdout.write('Starting Postgres and applying migrations ...\n');
  const log = createLogger({ level: config.LOG_LEVEL });
  const secrets = secretsFor(config);
  const simulator = await demo?.startChannelSimulator(config, secrets);
  const program = await startProgram(
    simulator?.config ?? config,
    secrets,
    log,
    demo?.prepareDemo,
    demo?.demoAccounts,
  );
  simulator?.reportTo(program.url);
  const at = program.url === null ? null : new URL(program.url);
  log.info({ ...(at && { host: at.hostname, port: at.port }), run: [...config.RUN] }, 'started');
  const stopping = untilSignal();
  try {
    // Seeding takes a while: a signal ends it, too.
    await Promise.race([demo?.runDemo(config, secrets, program, log, simulator?.staff), stopping]);
    log.info({ signal: await stopping }, 'stopping');
  } finally {
    setTimeout(() => {
      log.error({}, 'could not stop in time');
      process.exit(1);
    }, DRAIN_MS).unref();
    await program.stop();
    await simulator?.stop();
  }
  log.info({}, 'stopped');
}

function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        resolve(signal);
      });
    }
  });
}

main().then(
  () => {
    // Everything is closed by now. A call of EventStoreDB's client to a server that says nothing would still hold the process.
    process.exit();
  },
  (error: unknown) => {
    // The logger may not exist yet, and a person at a terminal reads this.
    process.stderr.write(`${formatStartError(error)}\n`);
    process.exitCode = 1;
  },
);
