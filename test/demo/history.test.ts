/** The past of the demo, made without a database: it holds the product's rules on whatever day the demo is first started. */
import { expect } from 'chai';
import { linesOf } from '../../src/channels/registry.ts';
import { readConfig } from '../../src/config.ts';
import { uuids } from '../../src/adapters/clock.ts';
import { createBlindIndex } from '../../src/adapters/security/blind-index.ts';
import { makeHistory, writeHistory } from '../../src/main/demo/history/history.ts';
import type { Entry } from '../../src/main/demo/history/journal.ts';
import { createJournal } from '../../src/main/demo/history/journal.ts';
import { type FieldJob, job, JOB_STATUSES, type JobEvent } from '../../src/domain/field-jobs/job.ts';
import type { NewEvent } from '../../src/ports.ts';

const make = (until: string): Promise<readonly Entry[]> =>
  makeHistory({
    ids: uuids,
    blindIndex: createBlindIndex('kunci-uji-0123456789-0123456789-0123456789'),
    passwords: {
      hash: (password) => Promise.resolve(`hash of ${password}`),
      verify: () => Promise.resolve(false),
    },
    lines: linesOf(readConfig({})),
    files: {
      write: async (_key, content) => {
        let size = 0;
        for await (const piece of content) size += piece.byteLength;
        return { size, sha256: '0'.repeat(64), mimeType: 'image/png', runs: false };
      },
    },
    timezone: 'Asia/Jakarta',
    password: 'kata-sandi-uji-7531',
    until: Date.parse(until),
    talks: 60,
  });

const eventsOf = (entries: readonly Entry[]): readonly NewEvent[] =>
  entries.flatMap(({ events }) => [...events]);
const idsOf = (entries: readonly Entry[], ...types: readonly string[]): string[] =>
  eventsOf(entries).flatMap(({ type, data }) => {
    const { messageId } = data as { messageId?: string };
    return types.includes(type) && messageId !== undefined ? [messageId] : [];
  });

describe('the past of the demo', function () {
  this.timeout(120_000);
  const DAYS = ['2026-11-30T05:00:00.000Z', '2028-02-29T18:30:00.000Z'];
  const pasts: (readonly Entry[])[] = [];

  before(async () => {
    for (const day of DAYS) pasts.push(await make(day));
  });

  it('is accepted by the product to the last step, at noon of a working day, and in the night after the end of February', () => {
    for (const past of pasts) {
      const types = new Set(eventsOf(past).map(({ type }) => type));
      expect([...types]).to.include.members([
        ...[
          'TicketOpened',
          'HandoffRequested',
          'TicketQueued',
          'TicketAssigned',
          'TicketTakenOver',
          'TicketClosed',
        ],
        ...[
          'LeadDetected',
          'CrmUpdated',
          'AgentReplied',
          'BotReplied',
          'MessageReceived',
          'DeliveryReported',
        ],
        ...['JobOpened', 'JobTaken', 'TechnicianArrived', 'WorkFinished', 'JobDocumentAdded', 'JobCompleted'],
        ...['InternalNotePosted', 'PresenceChanged', 'TicketRead', 'FollowUpsRecommended', 'BlastCreated'],
      ]);
    }
  });

  it('ends with visits in every state, at whatever hour', () => {
    for (const past of pasts) {
      const jobs = new Map<string, FieldJob>();
      for (const { stream, events } of past)
        if (stream.startsWith('job-'))
          for (const event of events)
            jobs.set(stream, job.evolve(jobs.get(stream) ?? job.initial, event as unknown as JobEvent));
      const statuses = new Set([...jobs.values()].map(({ status }) => status));
      expect([...statuses].sort()).to.deep.equal([...JOB_STATUSES].sort());
    }
  });

  it('ends where it is told, with nobody at a desk and no message on its way', () => {
    pasts.forEach((past, n) => {
      const online = new Map<string, string>();
      for (const { type, data, metadata } of eventsOf(past)) {
        expect(metadata.at <= (DAYS[n] ?? ''), type).to.equal(true);
        const { userId, status } = data as { userId: string; status: string };
        if (type === 'PresenceChanged') online.set(userId, status);
      }
      expect(new Set(online.values())).to.deep.equal(new Set(['offline']));
      const posted = idsOf(past, 'AgentReplied', 'TeamReplied', 'QueueNoticePosted', 'BlastMessagePosted');
      const settled = idsOf(past, 'DeliveryAccepted', 'DeliveryFailed');
      expect(new Set(settled)).to.deep.equal(new Set(posted));
    });
  });

  it('is the same again, so that an interrupted start goes on', async () => {
    const again = await make(DAYS[0] ?? '');
    expect(eventsOf(again)).to.deep.equal(eventsOf(pasts[0] ?? []));
  });

  it('is written whole: each stream in its order, and each customer’s streams in the order of what happened', async () => {
    const [past = []] = pasts;
    const written: string[] = [];
    const { store } = createJournal(() => '');
    let told = 0;
    const count = await writeHistory(
      {
        append: (stream, events, options) => {
          written.push(...events.map(({ id }) => id));
          return store.append(stream, events, options);
        },
      },
      past,
      (done) => {
        told = done;
      },
    );
    expect(count).to.equal(eventsOf(past).length).and.to.equal(written.length).and.to.equal(told);
    const placeOf = new Map(written.map((id, place) => [id, place]));
    const last = new Map<string, number>();
    for (const { thread, events } of past) {
      for (const { id } of events) {
        const place = placeOf.get(id) ?? -1;
        expect(place).to.be.greaterThan(last.get(thread) ?? -1);
        last.set(thread, place);
      }
    }
  });
});
