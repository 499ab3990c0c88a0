import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { EventStore, Position } from '../../src/ports.ts';
import { eventually } from '../support/eventually.ts';
import type { Follower } from '../support/scenarios/events.ts';
import { anEvent, follow } from '../support/scenarios/events.ts';
import type { Abilities, EventStoreHarness } from './event-store.ts';

export function subscribeContract(get: () => EventStoreHarness, can: Abilities): void {
  describe('subscribe', () => {
    const followers: Follower[] = [];
    function watch(store: EventStore, options: Parameters<typeof follow>[1]): Follower {
      const follower = follow(store, options);
      followers.push(follower);
      return follower;
    }
    afterEach(async () => {
      const ended = followers.splice(0);
      await Promise.all(ended.map((follower) => follower.stop()));
      for (const follower of ended) expect(follower.failure).to.equal(undefined);
    });

    const prefix = (): string => `contract-${randomUUID()}-`;

    /** `count` events, each in a stream of its own. */
    async function fill(streams: string, count: number): Promise<Position> {
      const results = await Promise.all(
        Array.from({ length: count }, (_, n) =>
          get().store.append(`${streams}${String(n)}`, [anEvent({ n })], { expected: 'none' }),
        ),
      );
      return results.map((result) => result.position).reduce((a, b) => (a > b ? a : b), '');
    }

    it('hands out what was there and what comes, in commit order, and says when it caught up', async () => {
      const { store } = get();
      const after = await store.head();
      const streams = prefix();
      await fill(streams, 60);
      const follower = watch(store, { after, prefixes: [streams], batchSize: 25 });
      await eventually('the first 60 events', () => follower.events.length >= 60);
      await eventually('caught up', () => follower.batches.some((batch) => batch.caughtUp));
      const { position } = await store.append(`${streams}live`, [anEvent()], { expected: 'none' });
      await eventually('the live event', () => follower.events.at(-1)?.position === position);
      const positions = follower.events.map((event) => event.position);
      expect(positions).to.deep.equal([...positions].sort());
      expect(new Set(follower.events.map((event) => event.id)).size).to.equal(61);
      for (const batch of follower.batches) {
        expect(batch.events.length).to.be.at.most(25);
        expect(batch.checkpoint >= (batch.events.at(-1)?.position ?? '')).to.equal(true);
      }
    });

    it('goes on after a position: that event not, the next one', async () => {
      const { store } = get();
      const streams = prefix();
      await fill(streams, 1);
      const events = Array.from({ length: 3 }, () => anEvent());
      const first = await store.append(`${streams}a`, [events[0]!], { expected: 'none' });
      await store.append(`${streams}a`, events.slice(1), { expected: 0n });
      const follower = watch(store, { after: first.position, prefixes: [streams] });
      await eventually('two events', () => follower.events.length >= 2);
      expect(follower.events.map((event) => event.id)).to.deep.equal(
        events.slice(1).map((event) => event.id),
      );
    });

    it('goes on after the checkpoint of every batch without a gap or a repetition', async () => {
      const { store } = get();
      const after = await store.head();
      const streams = prefix();
      await fill(streams, 40);
      const all = watch(store, { after, prefixes: [streams], batchSize: 7 });
      await eventually('40 events', () => all.events.length >= 40);
      let seen = 0;
      for (const batch of all.batches.slice(0, 4)) {
        seen += batch.events.length;
        const rest = watch(store, { after: batch.checkpoint, prefixes: [streams] });
        await eventually('the rest', () => rest.events.length >= 40 - seen);
        expect(rest.events.map((event) => event.id)).to.deep.equal(
          all.events.slice(seen).map((event) => event.id),
        );
      }
    });

    it('without a filter hands out events of all streams', async () => {
      const { store } = get();
      const after = await store.head();
      const [one, two] = [prefix(), prefix()];
      await fill(one, 3);
      const last = await fill(two, 3);
      const follower = watch(store, { after });
      await eventually('all six', () => follower.checkpoint() >= last);
      const own = follower.events.filter(
        (each) => each.stream.startsWith(one) || each.stream.startsWith(two),
      );
      expect(own).to.have.length(6);
    });

    it('moves the checkpoint of a filter that lets nothing through', async () => {
      const { store } = get();
      const after = await store.head();
      const last = await fill(prefix(), 100);
      const follower = watch(store, { after, prefixes: [prefix()] });
      await eventually('the checkpoint passes all of it', () => follower.checkpoint() >= last);
      expect(follower.events).to.deep.equal([]);
    });

    it('filters by several prefixes, taking wildcard letters literally', async () => {
      const { store } = get();
      const after = await store.head();
      const base = prefix();
      await fill(`${base}a_b-`, 2);
      await fill(`${base}axb-`, 2);
      const last = await fill(`${base}c%-`, 2);
      const follower = watch(store, { after, prefixes: [`${base}a_b-`, `${base}c%-`] });
      await eventually('the end', () => follower.checkpoint() >= last);
      expect(follower.events).to.have.length(4);
    });

    it('skips nothing while eight writers append', async () => {
      const { store } = get();
      const other = await get().secondClient();
      try {
        const after = await store.head();
        const streams = prefix();
        const follower = watch(store, { after, prefixes: [streams], batchSize: 10 });
        await Promise.all(
          Array.from({ length: 8 }, async (_, writer) => {
            for (let n = 0; n < 25; n += 1) {
              const client = writer % 2 === 0 ? store : other;
              await client.append(`${streams}${String(writer)}`, [anEvent({ n })], { expected: 'any' });
            }
          }),
        );
        await eventually('all 200', () => follower.events.length >= 200);
        expect(new Set(follower.events.map((event) => event.id)).size).to.equal(200);
        const positions = follower.events.map((event) => event.position);
        expect(positions).to.deep.equal([...positions].sort());
      } finally {
        await other.close();
      }
    });

    if (can.holdAppendOpen) {
      it('skips nothing when an append is held open while another one commits', async () => {
        const { store } = get();
        const after = await store.head();
        const streams = prefix();
        const commit = await get().holdAppendOpen(`${streams}slow`);
        const follower = watch(store, { after, prefixes: [streams] });
        const fast = store.append(`${streams}fast`, [anEvent()], { expected: 'none' });
        await eventually('the subscription to look', () => follower.batches.length > 0);
        await commit();
        await fast;
        await eventually('both', () => follower.events.length >= 2);
        expect(follower.events.map((event) => event.stream)).to.have.members([
          `${streams}slow`,
          `${streams}fast`,
        ]);
      });
    }

    if (can.interrupt) {
      it('goes on where it was after every connection broke', async function () {
        this.timeout(40_000);
        const { store } = get();
        const after = await store.head();
        const streams = prefix();
        const follower = watch(store, { after, prefixes: [streams] });
        for (let round = 0; round < 3; round += 1) {
          await fill(`${streams}${String(round)}-`, 20);
          await eventually('this round', () => follower.events.length >= 20 * (round + 1));
          await get().interrupt();
        }
        const last = await fill(`${streams}end-`, 5);
        await eventually('the end', () => follower.checkpoint() >= last, 30_000);
        expect(new Set(follower.events.map((event) => event.id)).size).to.equal(65);
      });
    }

    if (can.writeMalformed) {
      it('hands a malformed event on as it is and goes on', async () => {
        const { store } = get();
        const after = await store.head();
        const streams = prefix();
        await fill(streams, 2);
        await get().writeMalformed(`${streams}bad`);
        const last = await fill(`${streams}more-`, 2);
        const follower = watch(store, { after, prefixes: [streams] });
        await eventually('the end', () => follower.checkpoint() >= last);
        expect(follower.events).to.have.length(5);
        const bad = follower.events.find((event) => event.stream === `${streams}bad`);
        expect(bad?.data).not.to.be.an('object');
        expect(await store.read(`${streams}bad`)).to.have.length(1);
      });
    }

    it('ends when its signal aborts, also while it waits', async () => {
      const { store } = get();
      const follower = watch(store, { after: await store.head() });
      await eventually('caught up', () => follower.batches.at(-1)?.caughtUp);
      const begun = performance.now();
      await follower.stop();
      expect(performance.now() - begun).to.be.below(1_000);
    });
  });
}
