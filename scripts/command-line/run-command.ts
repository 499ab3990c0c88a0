/** How every command of `scripts/` begins and ends. */
import { existsSync } from 'node:fs';
import { createLogger } from '../../src/adapters/logger.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { formatStartError } from '../../src/main/start-error.ts';
import type { Logger } from '../../src/ports.ts';

/**
 * The configuration of this installation, read as the program reads it. Logs only from level `warn`.
 * @throws ConfigError
 */
export function readSettings(): { readonly config: Config; readonly logger: Logger } {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(undefined, { LOG_LEVEL: 'warn' });
  return { config, logger: createLogger({ level: config.LOG_LEVEL }) };
}

/** What the person at the terminal reads when a command fails, and the exit code. */
export interface Ending {
  readonly message?: string;
  readonly code?: number;
}

// Some connection errors have an empty message.
const messageOf = (error: unknown): string =>
  (error instanceof Error && error.message) || formatStartError(error);

/**
 * Runs `work`. An error ends the process with its message and exit code 1, or with what `endingOf` returns.
 * @param endingOf message and exit code for errors that the command knows
 */
export async function runCommand(
  work: () => Promise<void>,
  endingOf: (error: unknown) => Ending = () => ({}),
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { message = messageOf(error), code = 1 } = endingOf(error);
    console.error(message);
    process.exitCode = code;
  }
  // Everything is closed by now. A call of EventStoreDB's client that nobody answers would still hold the process.
  await Promise.all([process.stdout, process.stderr].map(flushed));
  process.exit();
}

/** What was written before has left the process. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.write('', () => {
      resolve();
    });
  });
