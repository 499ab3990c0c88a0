/** Why the program cannot start, in a sentence for the person at the terminal. */
import { UnsafeEventStore } from '../adapters/postgres-event-store/durability.ts';
import { EmbeddedPostgresError } from '../adapters/embedded-postgres/error.ts';
import { MigrationError } from '../adapters/migrations.ts';
import { UnsafeDatabase } from '../adapters/postgres/roles.ts';
import { UnfinishedRestore } from '../adapters/postgres/unfinished-restore.ts';
import { WrongAddress } from '../adapters/eventstoredb/address.ts';
import { WrongClock } from '../adapters/postgres/database-clock.ts';
import { ChangedKeys } from '../adapters/security/key-fingerprints.ts';
import { LostSecrets } from '../adapters/security/secrets.ts';
import { type Config, ConfigError } from '../config.ts';

export class StartError extends Error {
  override readonly name = 'StartError';
}

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | null)?.code;

export function cannotListen({ PORT, HOST }: Config, cause: unknown): unknown {
  const [port, host] = [String(PORT), HOST];
  switch (codeOf(cause)) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} on ${host} is taken. Stop what uses it, or set PORT to another one (0: any).`,
        {
          cause,
        },
      );
    case 'EACCES':
      return new StartError(
        `Port ${port} on ${host} needs rights that this user lacks. Set PORT above 1023.`,
        {
          cause,
        },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`HOST ${host} is no address of this machine.`, { cause });
    default:
      return cause;
  }
}

const UNREACHABLE: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
]);

/** For errors while DATABASE_URL is opened. The address is not shown: it holds a password. */
export function cannotOpenDatabase(cause: unknown): unknown {
  const code = codeOf(cause);
  if (UNREACHABLE.has(code)) {
    return new StartError(
      `The database of DATABASE_URL cannot be reached (${String(code)}). Is it running, and is the address right?`,
      { cause },
    );
  }
  // 28: wrong user or password; 3D000: no such database; 57P03: the server starts or stops.
  if (typeof code === 'string' && (code.startsWith('28') || code === '3D000' || code === '57P03')) {
    const said = cause instanceof Error ? cause.message : code;
    return new StartError(`The database of DATABASE_URL does not let us in: ${said}.`, { cause });
  }
  return cause;
}

const SENTENCES = [
  ConfigError,
  StartError,
  EmbeddedPostgresError,
  MigrationError,
  UnsafeDatabase,
  WrongClock,
  WrongAddress,
  UnfinishedRestore,
  ChangedKeys,
  LostSecrets,
  UnsafeEventStore,
];

/** @returns the message of our own errors, the whole stack of any other */
export function formatStartError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return SENTENCES.some((kind) => error instanceof kind) ? error.message : (error.stack ?? error.message);
}
