import pg from 'pg';
import type { Logger } from '../../ports.ts';
import { prepareSession } from '../postgres/session.ts';
import { turnSocket } from '../turn-socket.ts';

const GOODBYE_MS = 1_000;

export interface Connection {
  /** The live client; connects first when there is none. Rejects when that fails. */
  client(): Promise<pg.Client>;
  /** Throws this client's socket away (it hangs, or its state is unknown); the next call connects again. */
  drop(client: pg.Client): void;
  /** Calls begun and not ended: to choose the least busy of several connections. */
  busy(): number;
  run<T>(work: (client: pg.Client) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * One Postgres connection that comes back after a loss. A lost connection fails the calls that were on it;
 * the next call opens a new one, so that no restart is needed (docs/design/reliability.md#fault-tests, F4).
 *
 * @param onConnect runs on each new client before anybody gets it: LISTEN, checks
 */
export function connection(options: {
  readonly config: pg.ClientConfig;
  readonly name: string;
  readonly logger: Logger;
  readonly onConnect?: (client: pg.Client) => Promise<void>;
}): Connection {
  let current: Promise<pg.Client> | undefined;
  let live: pg.Client | undefined;
  let busy = 0;
  let closed = false;

  const { statement_timeout, lock_timeout, ...config } = options.config;
  const timeouts = Object.entries({ statement_timeout, lock_timeout }).flatMap(([name, value]) =>
    typeof value === 'number' ? [[name, String(value)] as const] : [],
  );

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionTimeoutMillis: 2_000,
      keepAlive: true,
      stream: turnSocket,
      ...config,
      application_name: options.name,
    });
    // Without a listener a lost connection ends the process.
    client.on('error', (error) => {
      options.logger.warn({ connection: options.name, reason: error.message }, 'postgres connection lost');
      drop(client);
    });
    client.on('end', () => {
      forget(client);
    });
    try {
      await client.connect();
      live = client;
      if (timeouts.length > 0) await prepareSession(client, { settings: Object.fromEntries(timeouts) });
      await options.onConnect?.(client);
      return client;
    } catch (error) {
      drop(client);
      current = undefined;
      throw error;
    }
  }

  function forget(client: pg.Client): void {
    if (live !== client) return;
    live = undefined;
    current = undefined;
  }

  function drop(client: pg.Client): void {
    forget(client);
    client.connection.stream.destroy();
  }

  async function client(): Promise<pg.Client> {
    if (closed) throw new Error(`${options.name} is closed`);
    current ??= connect();
    return current;
  }

  return {
    client,
    drop,
    busy: () => busy,
    run: async (work) => {
      busy += 1;
      try {
        return await work(await client());
      } finally {
        busy -= 1;
      }
    },
    close: async () => {
      closed = true;
      const last = await current?.catch(() => undefined);
      if (!last) return;
      // A server that no longer answers would make a clean end wait for ever.
      const impatience = setTimeout(() => {
        drop(last);
      }, GOODBYE_MS);
      await last.end();
      clearTimeout(impatience);
    },
  };
}
