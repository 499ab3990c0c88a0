/** F14 (docs/design/reliability.md#fault-tests): the disk of the read database is full; the event store has room. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createEventStoreDb } from '../../src/adapters/eventstoredb/index.ts';
import { type Installation, openInstallation } from '../e2e/installation.ts';
import { expectLedger } from '../e2e/ledger.ts';
import { startLoad } from '../e2e/load.ts';
import { type EsdbServer, startEsdbServer } from '../support/esdb-server/index.ts';
import { eventually } from '../support/eventually.ts';
import { openedStore } from '../support/stores/opened-store.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';

describe('the disk of the read database is full (F14)', function () {
  this.timeout(240_000);
  let server: EsdbServer | undefined;
  let installation: Installation | undefined;
  let small: string | undefined;

  before(async function () {
    // Only root may mount; the pipeline is root.
    if (process.getuid?.() !== 0) this.skip();
    const disk = mkdtempSync(join(tmpdir(), 'saga-disk-'));
    small = disk;
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=260m,mode=755', 'tmpfs', disk]);
    chmodSync(disk, 0o755);
    server = await startEsdbServer();
    installation = await openInstallation({
      env: { EVENTSTORE_URL: server.url },
      prepare: ({ path }) => {
        symlinkSync(disk, join(path, 'postgres'));
      },
    });
  });
  after(async () => {
    await installation?.close();
    server?.stop();
    if (small === undefined) return;
    execFileSync('umount', [small]);
    rmSync(small, { recursive: true });
  });

  it('503 while it is full, nothing half-written; with room again it goes on by itself', async function () {
    if (!installation || !server || small === undefined) return this.skip();
    const one = installation;
    const program = one.main();
    const running = startLoad({ channels: () => one.channels(), customers: 6 });
    await eventually('it works', () => running.succeeded() > 40, 30_000);
    const ballast = join(small, 'ballast');
    const { bavail, bsize } = statfsSync(small);
    try {
      // In pieces, to the last byte: Postgres writes too.
      const fill = openSync(ballast, 'w');
      try {
        for (let left = bavail * bsize * 2; left > 0; left -= 65_536) writeSync(fill, Buffer.alloc(65_536));
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).to.equal('ENOSPC');
      } finally {
        closeSync(fill);
      }
      // Blocks that Postgres holds already still take rows: until they are used up, it goes on.
      await eventually(
        'somebody gets 503',
        () => [...running.failures.keys()].some((what) => what.startsWith('503')),
        60_000,
      );
    } finally {
      rmSync(ballast, { force: true });
    }
    const from = running.succeeded();
    await eventually('it goes on', () => running.succeeded() > from + 40, 60_000);
    await running.stop();
    expect(program.running(), 'the same process all the time').to.equal(true);
    expect(
      [...running.failures.keys()].filter((what) => !what.startsWith('503 STORE_UNAVAILABLE retry-after')),
    ).to.deep.equal([]);
    await one.settled();
    const events = createEventStoreDb({ connectionString: server.url, logger: silentLogger() });
    const store = openedStore(events, one.folder);
    try {
      await expectLedger(store, one.folder.databaseUrl('postgres'), running);
    } finally {
      await store.close();
    }
  });
});
