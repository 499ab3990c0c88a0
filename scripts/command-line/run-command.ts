/** How a command line of ours begins and ends. */
import { existsSync } from 'node:fs';
import { createLogger } from '../../src/adapters/logger.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { formatStartError } from '../../src/main/start-error.ts';
import type { Logger } from '../../src/ports.ts';

/** The configuration of this installation, read as the program reads it; told is only what goes wrong. @throws ConfigError */
export function settings(): { readonly config: Config; readonly logger: Logger } {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(undefined, { LOG_LEVEL: 'warn' });
  return { config, logger: createLogger({ level: config.LOG_LEVEL }) };
}

/** What the person at the terminal is told of an error, and the exit code. */
export interface Ending {
  readonly says?: string;
  readonly code?: number;
}

// Some errors of connections have no words of their own.
const wordsOf = (error: unknown): string =>
  (error instanceof Error && error.message) || formatStartError(error);

/** Runs `work`; an error ends the process with its words and exit code 1, or with what `endingOf` says instead. */
export async function command(
  work: () => Promise<void>,
  endingOf: (error: unknown) => Ending = () => ({}),
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { says = wordsOf(error), code = 1 } = endingOf(error);
    console.error(says);
    process.exitCode = code;
  }
}
