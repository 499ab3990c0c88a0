/** The files of a server, copied and put back (docs/backup.md#the-files-of-eventstoredb). */
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  backUpServer,
  backupsIn,
  restoreServer,
  ServerFilesError,
} from '../../../scripts/events/server-files.ts';
import { createEventStoreDb } from '../../../src/adapters/eventstoredb/index.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { startRealNode } from '../../support/real-eventstoredb/node.ts';
import { rejection } from '../../support/rejection.ts';
import { anEvent } from '../../support/scenarios/events.ts';

const CHUNK_BYTES = 3 * 1024 * 1024;

describe('the files of an EventStoreDB server', () => {
  let place: string;
  let db: string;
  const at = (...names: string[]): string => join(place, ...names);
  const chunk = (name: string, said: string): void => {
    writeFileSync(join(db, name), said);
    truncateSync(join(db, name), CHUNK_BYTES);
  };
  const positions = (said: string): void => {
    for (const name of ['chaser', 'epoch', 'writer', 'proposal'])
      writeFileSync(join(db, `${name}.chk`), said);
  };

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'saga-server-files-'));
    db = at('db');
    mkdirSync(join(db, 'index', 'stream-existence'), { recursive: true });
    positions('position');
    writeFileSync(join(db, 'truncate.chk'), 'nothing');
    chunk('chunk-000000.000000', 'finished');
    chunk('chunk-000001.000000', 'written to');
    writeFileSync(join(db, 'index', 'stream-existence', 'streamExistenceFilter.dat'), 'filter');
  });
  afterEach(() => {
    rmSync(place, { recursive: true, force: true });
  });

  it('come back byte for byte, and the server begins where its reader was', async () => {
    const table = randomUUID();
    writeFileSync(join(db, 'index', table), 'table');
    writeFileSync(join(db, 'index', `${table}.bloomfilter`), 'bloom');
    writeFileSync(join(db, 'index', 'indexmap'), 'map');
    const { files } = await backUpServer({ db }, at('backup'));
    expect(files.map(({ path }) => path)).to.deep.equal([
      'index/indexmap',
      ...[`index/${table}`, `index/${table}.bloomfilter`].toSorted(),
      'index/stream-existence/streamExistenceFilter.dat',
      'db/chaser.chk',
      'db/epoch.chk',
      'db/writer.chk',
      'db/proposal.chk',
      'db/chunk-000000.000000',
      'db/chunk-000001.000000',
    ]);
    expect(statSync(at('backup', 'db', 'chunk-000001.000000')).blocks * 512).to.be.lessThan(100_000);
    await restoreServer(at('backup'), { db: at('new') });
    for (const { path } of files) {
      const name = path.replace(/^db\//, '');
      expect(readFileSync(at('new', name)).equals(readFileSync(join(db, name))), name).to.equal(true);
    }
    expect(readFileSync(at('new', 'truncate.chk'), 'utf8')).to.equal('position');
  });

  it('a finished chunk is there once, in both backups; one that only looks the same is copied', async () => {
    const name = 'chunk-000000.000000';
    await backUpServer({ db }, at('one'));
    const { linked } = await backUpServer({ db }, at('two'), at('one'));
    expect(linked).to.equal(1);
    expect(statSync(at('two', 'db', name)).ino).to.equal(statSync(at('one', 'db', name)).ino);
    // As after a restore: the same name and size, another history.
    chunk(name, 'other');
    utimesSync(join(db, name), new Date(), new Date(Date.now() + 1_000));
    expect((await backUpServer({ db }, at('three'), at('two'))).linked).to.equal(0);
    await restoreServer(at('three'), { db: at('new') });
    expect(readFileSync(at('new', name)).subarray(0, 5).toString()).to.equal('other');
  });

  it('a folder that is not one of a server, or in use, and a damaged backup are refused', async () => {
    expect(await rejection(backUpServer({ db: at('none') }, at('backup')))).to.be.instanceOf(
      ServerFilesError,
    );
    await backUpServer({ db }, at('backup'));
    expect(String(await rejection(restoreServer(at('backup'), { db })))).to.include('not empty');
    expect(String(await rejection(restoreServer(db, { db: at('new') })))).to.include('no backup');
    writeFileSync(at('backup', 'db', 'writer.chk'), 'changed');
    expect(String(await rejection(restoreServer(at('backup'), { db: at('new') })))).to.include('damaged');
    const manifest = at('backup', 'manifest.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('db/writer.chk', 'db/../../x.chk'));
    expect(String(await rejection(restoreServer(at('backup'), { db: at('other') })))).to.include('cannot be');
    expect(existsSync(at('x.chk'))).to.equal(false);
  });

  it('one that was cut off is no backup', async () => {
    mkdirSync(at('all', 'eventstore-2026-11-30T01-00-00-000Z'), { recursive: true });
    mkdirSync(at('all', 'eventstore-2026-11-30T02-00-00-000Z.partial'));
    expect(await backupsIn(at('all'))).to.deep.equal([at('all', 'eventstore-2026-11-30T01-00-00-000Z')]);
  });
});

const command = process.env['EVENTSTORE_TEST_COMMAND'] ?? '';
if (command !== '')
  describe('the files of a real EventStoreDB (EVENTSTORE_TEST_COMMAND)', function () {
    this.timeout(180_000);

    it('copied under load: every event that was acknowledged before is there after the restore, and it goes on', async () => {
      const node = await startRealNode(command);
      const place = mkdtempSync(join(tmpdir(), 'saga-server-files-'));
      const store = createEventStoreDb({
        connectionString: `esdb://127.0.0.1:${String(node.port)}?tls=false`,
        logger: silentLogger(),
      });
      try {
        const acknowledged: string[] = [];
        let isOver = false;
        const writer = async (): Promise<void> => {
          while (!isOver) {
            const event = anEvent('x'.repeat(2_000));
            await store.append(`ticket-${event.id}`, [event], { expected: 'none' });
            acknowledged.push(event.id);
          }
        };
        const writers = Promise.all([writer(), writer(), writer(), writer()]);
        while (acknowledged.length < 200) await Promise.race([writers, new Promise(setImmediate)]);
        const before = [...acknowledged];
        await backUpServer({ db: node.db() }, join(place, 'backup'));
        isOver = true;
        await writers;
        await node.exchange(async (db) => {
          await restoreServer(join(place, 'backup'), { db });
        });
        const there = new Set<string>();
        const ending = new AbortController();
        const head = await store.head();
        for await (const batch of store.subscribe({ after: '', signal: ending.signal })) {
          for (const { id } of batch.events) there.add(id);
          if (batch.checkpoint >= head) ending.abort();
        }
        expect(before.filter((id) => !there.has(id))).to.deep.equal([]);
        await store.append('ticket-after', [anEvent()], { expected: 'none' });
      } finally {
        await store.close();
        await node.stop();
        rmSync(place, { recursive: true, force: true });
      }
    });
  });
