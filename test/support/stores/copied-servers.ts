/** Event stores with a backup of their own: what a restore of both sides puts back. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEsdbServer } from '../esdb-server/index.ts';
import { runScript } from '../processes/npm-script.ts';
import { startRealNode } from '../real-eventstoredb/node.ts';

export interface CopiedServer {
  /** Undefined: the events are in the product's database, and in its backup. */
  readonly url: string | undefined;
  /** A backup, while it runs. @returns puts it back, under the same address */
  copy(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

export interface CopiedServerKind {
  readonly name: string;
  readonly start: () => Promise<CopiedServer>;
}

async function done(script: string, args: readonly string[]): Promise<void> {
  const { code, output } = await runScript(script, args, {});
  if (code !== 0) throw new Error(`${script}: ${output}`);
}

const real = (command: string): CopiedServerKind => ({
  name: 'a real EventStoreDB (EVENTSTORE_TEST_COMMAND)',
  start: async () => {
    const node = await startRealNode(command);
    const place = mkdtempSync(join(tmpdir(), 'saga-eventstore-backup-'));
    return {
      url: `esdb://127.0.0.1:${String(node.port)}?tls=false`,
      copy: async () => {
        await done('eventstore-backup', [node.db(), place]);
        const [name = ''] = readdirSync(place).toSorted().reverse();
        return () => node.exchange((db) => done('eventstore-restore', [join(place, name), db]));
      },
      stop: async () => {
        await node.stop();
        rmSync(place, { recursive: true, force: true });
      },
    };
  },
});

/** Those that are not the product's own database; a real one where a command starts it. */
export function copiedServers(): readonly CopiedServerKind[] {
  const command = process.env['EVENTSTORE_TEST_COMMAND'] ?? '';
  return [
    {
      name: 'EventStoreDB client, protocol-level test server',
      start: async () => {
        const server = await startEsdbServer();
        return {
          url: server.url,
          copy: () => {
            const copy = server.log.copy();
            return Promise.resolve(() => server.swap(copy));
          },
          stop: () => {
            server.stop();
            return Promise.resolve();
          },
        };
      },
    },
    ...(command === '' ? [] : [real(command)]),
  ];
}

export const postgresAlone: CopiedServerKind = {
  name: 'Postgres',
  start: () =>
    Promise.resolve({
      url: undefined,
      copy: () => Promise.resolve(() => Promise.resolve()),
      stop: () => Promise.resolve(),
    }),
};
