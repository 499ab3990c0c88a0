/**
 * What somebody can do who writes to the store as they like, computes hashes and leaves no trace, and what the seals show of
 * it (docs/design/reliability.md#seals). Each test first shows that without the seals nothing is found.
 */
import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { systemClock } from '../../../src/adapters/clock.ts';
import { audit, type Broken } from '../../../src/adapters/hash-chain/audit.ts';
import { createChainedEventStore } from '../../../src/adapters/hash-chain/chained-event-store.ts';
import { checkSeals, type SealReport } from '../../../src/adapters/seals/check-seals.ts';
import { createSealer, type Sealer, UnlikeSeals } from '../../../src/adapters/seals/make-seal.ts';
import { AlteredSeal } from '../../../src/adapters/seals/seal-file.ts';
import { createSealFolder, type SealFolder } from '../../../src/adapters/seals/seal-folder.ts';
import { createSealKey, publicKeysOf } from '../../../src/adapters/seals/seal-key.ts';
import type { EventStore } from '../../../src/ports.ts';
import { rejection } from '../../support/rejection.ts';
import { anEvent } from '../../support/scenarios/events.ts';
import {
  type Kept,
  rehashed,
  tamperedEventStoreDb,
  tamperedPostgres,
  type TamperedStore,
} from './tampered-store.ts';

const KEY = createSealKey('a seal key for tests only, 32 characters');
const OTHER = createSealKey('the seal key of somebody else, 32 characters');
const HOURS = 3;
const STREAMS = ['ticket-a', 'ticket-b', 'ticket-c', 'ticket-d'];
const never = new AbortController().signal;

for (const [name, open] of [
  ['Postgres', tamperedPostgres],
  ['EventStoreDB', tamperedEventStoreDb],
] as const)
  describe(`seals of ${name}`, function () {
    this.timeout(60_000);
    let home: TamperedStore;
    let store: EventStore;
    let original: readonly Kept[];
    let place: string;
    let folder: SealFolder;

    const sealerOf = (
      over: { key?: typeof KEY; into?: SealFolder; mostEntries?: number; store?: EventStore } = {},
    ): Sealer =>
      createSealer({
        store: over.store ?? store,
        folder: over.into ?? folder,
        key: over.key ?? KEY,
        publicKeys: publicKeysOf([KEY.publicKey, OTHER.publicKey]),
        clock: systemClock,
        silenceMs: 1_500,
        ...(over.mostEntries !== undefined && { mostEntries: over.mostEntries }),
      });

    before(async () => {
      home = await open();
      store = await home.open();
      place = mkdtempSync(join(tmpdir(), 'saga-seals-'));
      folder = createSealFolder(join(place, 'seals'));
      await store.storeId(); // in EventStoreDB it is an event of its own: here the first
      const chained = createChainedEventStore(store);
      // Older than the hashes: no later link holds the first of them.
      await store.append('ticket-a', [anEvent({ old: 1 }), anEvent({ old: 2 })], { expected: 'none' });
      for (let hour = 0; hour < HOURS; hour += 1) {
        for (const stream of STREAMS)
          await chained.append(stream, [anEvent({ hour, stream }), anEvent({ hour })], { expected: 'any' });
        const made = await sealerOf().seal(never);
        expect(made.map(({ number, entries }) => [number, entries])).to.deep.equal([
          [hour + 1, hour === 0 ? STREAMS.length + 2 : STREAMS.length],
        ]);
      }
      original = await home.all();
    });
    after(async () => {
      await home.close();
      rmSync(place, { recursive: true });
    });

    /** As `npm run audit:seal -- --accept` does: a process of its own remembers no event of before. */
    async function accept(into: SealFolder, because: string): Promise<void> {
      const fresh = await home.open();
      await sealerOf({ into, store: fresh }).accept(because, never);
      await fresh.close();
    }

    /** As `npm run audit:verify` does, in a process of its own. */
    async function look(
      over: { into?: SealFolder; keys?: readonly string[]; lastSealing?: Date } = {},
    ): Promise<{ readonly chain: readonly Broken[]; readonly seals: SealReport }> {
      const fresh = await home.open();
      const check = await checkSeals({
        folder: over.into ?? folder,
        publicKeys: publicKeysOf(over.keys ?? [KEY.publicKey]),
        store: fresh,
        lastSealing: over.lastSealing ?? null,
      });
      const report = await audit(fresh, {
        signal: never,
        silenceMs: 1_500,
        watch: check.watch,
        ...(home.numberOf && { numberOf: home.numberOf }),
      });
      const seals = await check.finish();
      await fresh.close();
      return { chain: report.broken, seals };
    }

    const names = (broken: readonly Broken[]): (string | null)[] => broken.map(({ stream }) => stream);
    const says = ({ broken }: SealReport): string => broken.map(({ problem }) => problem).join('\n');

    /** Changes the store, looks, and puts everything back. @returns what the seals say: nothing else says anything */
    async function tampered(change: (events: readonly Kept[]) => readonly Kept[]): Promise<SealReport> {
      await home.replace(change(original));
      try {
        const { chain, seals } = await look();
        expect(chain, 'without the seals nothing is found').to.deep.equal([]);
        return seals;
      } finally {
        await home.replace(original);
      }
    }

    /** A folder of seals to spoil. */
    function copy(): { readonly path: string; readonly into: SealFolder } {
      const path = mkdtempSync(join(place, 'copy-'));
      for (const file of readdirSync(folder.path))
        writeFileSync(join(path, file), readFileSync(join(folder.path, file)));
      return { path, into: createSealFolder(path) };
    }
    const fileOf = (number: number): string => `${String(number).padStart(8, '0')}.seal.gz`;

    it('hold where nothing was done, and where the store went on', async () => {
      const { chain, seals } = await look();
      expect([chain, seals.broken]).to.deep.equal([[], []]);
      expect(seals).to.deep.include({ seals: HOURS, unsealed: 0, explained: [] });
      expect(seals.newest).to.deep.include({ number: HOURS, keyId: KEY.id });
      const more = { ...(original.at(-1) as Kept), id: '00000000-0000-4000-8000-000000000001', revision: 6n };
      const went = await tampered((events) => rehashed([...events, more], more.stream));
      expect(went).to.deep.include({ broken: [], unsealed: 1 });
    });

    for (const last of [5n, 3n])
      it(`find the end of a stream cut off at revision ${String(last)}`, async () => {
        const seals = await tampered((events) =>
          events.filter(({ stream, revision }) => stream !== 'ticket-b' || revision < last),
        );
        expect(names(seals.broken)).to.deep.equal(['ticket-b']);
        expect(says(seals)).to.match(new RegExp(`cut off.*it ends at revision ${String(last - 1n)}`));
      });

    it('find a stream that was deleted', async () => {
      const seals = await tampered((events) => events.filter(({ stream }) => stream !== 'ticket-c'));
      expect(names(seals.broken)).to.deep.equal(['ticket-c']);
      expect(says(seals)).to.include('nothing of it is left');
    });

    it('find the end of the whole store cut off', async () => {
      const seals = await tampered((events) => events.slice(0, -3));
      expect(names(seals.broken).sort()).to.deep.equal(['ticket-c', 'ticket-d']);
    });

    for (const at of [0n, 2n, 5n])
      it(`find a stream rewritten at revision ${String(at)} with all its hashes`, async () => {
        const seals = await tampered((events) =>
          rehashed(
            events.map((event) =>
              event.stream === 'ticket-d' && event.revision === at
                ? { ...event, data: { never: 'said' } }
                : event,
            ),
            'ticket-d',
          ),
        );
        expect(names(seals.broken)).to.deep.equal(['ticket-d']);
        expect(says(seals)).to.include('was rewritten');
      });

    it('find a stream whose end was cut off and written otherwise', async () => {
      const seals = await tampered((events) =>
        rehashed(
          events.map((event) =>
            event.stream === 'ticket-b' && event.revision === 5n
              ? { ...event, id: '00000000-0000-4000-8000-000000000002', data: { other: true } }
              : event,
          ),
          'ticket-b',
        ),
      );
      expect(names(seals.broken)).to.deep.equal(['ticket-b']);
    });

    it('find an event changed that is older than the hashes', async () => {
      const seals = await tampered((events) =>
        events.map((event) =>
          event.stream === 'ticket-a' && event.revision === 0n ? { ...event, data: { old: 'new' } } : event,
        ),
      );
      expect(names(seals.broken)).to.deep.equal(['ticket-a']);
    });

    it('find events put in among those of before, and events that changed places', async () => {
      const put = { ...(original.at(-1) as Kept), id: '00000000-0000-4000-8000-000000000003' };
      const added = await tampered((events) =>
        rehashed(
          [...events.slice(0, 6), { ...put, stream: 'ticket-new', revision: 0n }, ...events.slice(6)],
          'ticket-new',
        ),
      );
      expect(names(added.broken)).to.deep.equal([null]);
      expect(says(added)).to.include('ticket-new@0 was not among them');
      const moved = await tampered((events) => [
        ...events.slice(0, 2),
        ...events.slice(4, 6),
        ...events.slice(2, 4),
        ...events.slice(6),
      ]);
      expect(names(moved.broken)).to.deep.equal([null]);
      expect(says(moved)).to.match(/not in that order/);
    });

    it('show a seal that was altered: one byte, or all of it written again', async () => {
      const { path, into } = copy();
      const file = join(path, fileOf(2));
      const sound = readFileSync(file);
      const text = gunzipSync(sound).toString();
      for (const changed of [
        text.replace('"ticket-b","3"', '"ticket-b","1"'),
        text.replace(/"at":"2/, '"at":"1'),
        text.replace(/\["ticket-c".*\n/, ''),
        text.split('\n').slice(0, -2).join('\n') + '\n',
      ]) {
        expect(changed).not.to.equal(text);
        writeFileSync(file, gzipSync(changed));
        expect(says((await look({ into })).seals)).to.match(/^Seal 2 (was altered|is no seal)/);
      }
      writeFileSync(file, sound.subarray(0, -20));
      expect(says((await look({ into })).seals)).to.match(/^Seal 2 is damaged/);
      // The other seals still say what they know.
      await home.replace(original.filter(({ stream }) => stream !== 'ticket-c'));
      try {
        expect(names((await look({ into })).seals.broken)).to.include('ticket-c');
      } finally {
        await home.replace(original);
      }
    });

    it('show seals that are missing: in the middle, the first, the last, all', async () => {
      const { path, into } = copy();
      rmSync(join(path, fileOf(2)));
      expect(says((await look({ into })).seals)).to.equal('Seal 2 is missing');
      rmSync(join(path, fileOf(1)));
      expect(says((await look({ into })).seals)).to.equal('Seals 1 to 2 are missing');
      const lastSealing = new Date(Date.now() + 1_000);
      expect(says((await look({ into, lastSealing })).seals)).to.include('the newest seals are missing');
      rmSync(join(path, fileOf(3)));
      expect(says((await look({ into, lastSealing })).seals)).to.include('and none is there');
      expect((await look({ into })).seals).to.deep.include({ seals: 0, newest: null, broken: [] });
    });

    it('show a seal that was exchanged, renamed, or signed by somebody else', async () => {
      const { path, into } = copy();
      renameSync(join(path, fileOf(3)), join(path, fileOf(2)));
      expect(says((await look({ into })).seals)).to.match(/^Seal 2 is in truth seal 3/);
      const forged = copy();
      rmSync(join(forged.path, fileOf(3)));
      await sealerOf({ into: forged.into, key: OTHER }).seal(never);
      expect(says((await look({ into: forged.into })).seals)).to.match(/Seal 3 is signed with key .*forged/);
      // A seal of the same number that was really made, in another life.
      const life = createSealFolder(mkdtempSync(join(place, 'life-')));
      await sealerOf({ into: life }).seal(never);
      const mixed = copy();
      writeFileSync(join(mixed.path, fileOf(1)), await life.read(1));
      expect(says((await look({ into: mixed.into })).seals)).to.match(/Seal 2 does not follow/);
    });

    it('go on with a new key; the old one counts for its own seals only', async () => {
      const { path, into } = copy();
      await sealerOf({ into, key: OTHER }).seal(never);
      const keys = [OTHER.publicKey, KEY.publicKey];
      expect((await look({ into, keys })).seals.broken).to.deep.equal([]);
      expect(says((await look({ into, keys: [OTHER.publicKey] })).seals)).to.include('SEAL_PUBLIC_KEYS');
      await sealerOf({ into, key: KEY }).seal(never);
      expect(says((await look({ into, keys })).seals)).to.match(/Seal 5 .*a newer key had replaced/);
      expect(readdirSync(path).length).to.equal(HOURS + 2);
    });

    it('are not made of a store that is another one; accepted, the next seal explains it', async () => {
      const { into } = copy();
      // The end of the store, as after a restore: most of the last hour is gone.
      const restored = original.slice(0, -5);
      await home.replace(restored);
      try {
        const refused = await rejection(sealerOf({ into }).seal(never));
        expect(refused).to.be.instanceOf(UnlikeSeals);
        expect(String(refused)).to.include('store:accept');
        expect((await look({ into })).seals.broken).not.to.deep.equal([]);

        await accept(into, 'restored from the backup of the night');
        const { chain, seals } = await look({ into });
        expect([chain, seals.broken]).to.deep.equal([[], []]);
        expect(seals.explained.map(({ seal, because, givenUp }) => [seal, because, givenUp])).to.deep.equal([
          [HOURS + 1, 'restored from the backup of the night', [HOURS]],
        ]);
        // It goes on, and what is left is still held.
        await sealerOf({ into }).seal(never);
        expect((await look({ into })).seals.broken).to.deep.equal([]);
        await home.replace(restored.filter(({ stream }) => stream !== 'ticket-a'));
        expect(names((await look({ into })).seals.broken)).to.deep.equal(['ticket-a']);
        // A second restore, further back.
        await home.replace(original.slice(0, 4));
        await accept(into, 'once more');
        const twice = (await look({ into })).seals;
        expect(twice.broken).to.deep.equal([]);
        expect(twice.explained[1]?.givenUp).to.deep.equal([1, 2, 4, 5]);
      } finally {
        await home.replace(original);
      }
    });

    it('let somebody accept what was changed in the middle, and explain it from then on', async () => {
      const { into } = copy();
      const changed = rehashed(
        original.map((event) =>
          event.stream === 'ticket-b' && event.revision === 3n ? { ...event, data: { lawful: true } } : event,
        ),
        'ticket-b',
      );
      await home.replace(changed);
      try {
        // The end of the store is as it was, so sealing goes on.
        await sealerOf({ into }).seal(never);
        expect(names((await look({ into })).seals.broken)).to.deep.equal(['ticket-b']);
        await accept(into, 'corrected by order of the court, report 7');
        const { seals } = await look({ into });
        expect(seals.broken).to.deep.equal([]);
        expect(seals.explained[0]?.givenUp, 'seal 1 still holds').to.deep.equal([2, 3, 4]);
        await home.replace(original);
        expect(names((await look({ into })).seals.broken)).to.deep.equal(['ticket-b']);
      } finally {
        await home.replace(original);
      }
    });

    it('are not made after a seal that was altered', async () => {
      const { path, into } = copy();
      writeFileSync(join(path, fileOf(HOURS)), gzipSync('{}\n{}\n'));
      expect(await rejection(sealerOf({ into }).seal(never))).to.be.instanceOf(AlteredSeal);
      expect(await rejection(sealerOf({ into }).accept('because', never))).to.be.instanceOf(AlteredSeal);
    });

    it('are several where many streams changed, and one for each of two that seal at once', async () => {
      const into = createSealFolder(mkdtempSync(join(place, 'many-')));
      const made = await sealerOf({ into, mostEntries: 1 }).seal(never);
      expect(made.reduce((sum, { events }) => sum + events, 0)).to.equal(original.length);
      await Promise.all([1, 2, 3].map(() => sealerOf({ into }).seal(never)));
      expect((await into.numbers()).length).to.equal(made.length + 3);
      expect((await look({ into })).seals.broken).to.deep.equal([]);
      expect(readdirSync(into.path).every((file) => file.endsWith('.gz'))).to.equal(true);
    });
  });
