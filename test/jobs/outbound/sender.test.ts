import { expect } from 'chai';
import { recordDelivery } from '../../../src/commands/outbound/record-delivery.ts';
import { createJobCheckpoints } from '../../../src/adapters/operational/job-checkpoints.ts';
import { uuids } from '../../../src/adapters/clock.ts';
import { conversation } from '../../../src/domain/conversation/conversation.ts';
import { StoreUnavailable } from '../../../src/ports.ts';
import { contextOf } from '../../support/scenarios/commands.ts';
import { eventually } from '../../support/eventually.ts';
import { ani, rina } from '../../support/scenarios/people.ts';
import { channelsTo, type Desk, desk } from '../../support/scenarios/sending.ts';
import { unchecked } from '../../support/stores/unchecked.ts';

describe('the channel sender', () => {
  let d: Desk;

  before(async () => {
    d = await desk();
  });
  after(() => d.close());
  afterEach(async () => {
    d.reacts(() => ({ kind: 'accept' }));
    await d.stopAll();
  });

  it('sends a reply to the number the customer wrote to, with our id in it', async () => {
    d.running();
    const ticketId = await d.talk({ userId: 'wa_6281111111111', waPhoneId: 'PHONE_ID_009' });
    const messageId = await d.reply(ticketId, 'Halo Pak Budi');
    const last = await d.outcome(messageId);
    const taken = d.meta.taken.find(({ callbackData }) => callbackData === messageId);
    expect(taken).to.deep.include({ line: 'PHONE_ID_009', to: '6281111111111', text: 'Halo Pak Budi' });
    expect(last).to.deep.include({
      type: 'DeliveryAccepted',
      data: { ticketId, division: 'sari', messageId, channelMessageId: taken!.id },
    });
    expect(await d.types(messageId)).to.deep.equal(['DeliveryAttempted', 'DeliveryAccepted']);
  });

  it('reaches a customer who is known by a business-scoped id only', async () => {
    d.running();
    const messageId = await d.reply(
      await d.talk({ userId: 'wa_ID.13491208655302741918', phone: null }),
      'Halo',
    );
    await d.outcome(messageId);
    expect(d.meta.taken.find(({ callbackData }) => callbackData === messageId)?.to).to.equal(
      'ID.13491208655302741918',
    );
  });

  it("signs a super admin's reply with the team's name", async () => {
    d.running();
    const sent = await d.commands.replyAsSa(contextOf(rina), await d.talk(), {
      message: 'Kami bantu ya',
      display_name: 'Saga Team',
    });
    await d.outcome(sent.message_id);
    expect(d.meta.taken.at(-1)?.text).to.equal('Saga Team:\nKami bantu ya');
  });

  it('sends on Instagram and Messenger from the page of the division', async () => {
    d.running();
    for (const [channel, userId, line] of [
      ['instagram', 'ig_5551', 'IG_003'],
      ['facebook', 'fb_5552', 'PAGE_001'],
    ] as const) {
      const last = await d.outcome(await d.reply(await d.talk({ channel, userId }), `via ${channel}`));
      expect(last.type).to.equal('DeliveryAccepted');
      expect(d.meta.taken.at(-1)).to.include({ line, to: userId.slice(3), text: `via ${channel}` });
    }
  });

  it("keeps one customer's replies in order while the channel is busy, and others go past them", async () => {
    const slow = await d.talk();
    const other = await d.talk();
    let refusals = 0;
    d.reacts(({ text }) =>
      text === 'satu' && (refusals += 1) <= 3
        ? { kind: 'error', status: 500, code: 131000 }
        : { kind: 'accept' },
    );
    d.running();
    const ids = [await d.reply(slow, 'satu'), await d.reply(slow, 'dua'), await d.reply(slow, 'tiga')];
    const quick = await d.reply(other, 'lain');
    for (const id of [...ids, quick]) expect((await d.outcome(id)).type).to.equal('DeliveryAccepted');
    const order = d.meta.taken.map(({ text }) => text);
    const at = (text: string) => order.lastIndexOf(text);
    expect([at('satu'), at('dua'), at('tiga')]).to.deep.equal(
      [at('satu'), at('dua'), at('tiga')].sort((a, b) => a - b),
    );
    expect(at('lain')).to.be.below(at('satu'));
    expect(await d.types(ids[0]!)).to.deep.equal([
      ...Array.from({ length: 3 }, () => ['DeliveryAttempted', 'DeliveryDeferred']).flat(),
      'DeliveryAttempted',
      'DeliveryAccepted',
    ]);
    expect(ids.map(d.timesTaken)).to.deep.equal([1, 1, 1]);
  });

  it('waits as long as a 429 asks for, and the whole number with it', async () => {
    const first = await d.talk();
    const second = await d.talk();
    let refusedAt = 0;
    d.reacts(() => {
      if (refusedAt > 0) return { kind: 'accept' };
      refusedAt = performance.now();
      return { kind: 'error', status: 429, code: 130429, retryAfter: 1 };
    });
    d.running();
    const ids = [await d.reply(first, 'pertama')];
    await eventually('the refusal', () => refusedAt > 0);
    await eventually('it is on record', async () => (await d.types(ids[0]!)).includes('DeliveryDeferred'));
    ids.push(await d.reply(second, 'kedua'));
    for (const id of ids) await d.outcome(id);
    expect(performance.now() - refusedAt).to.be.at.least(1_000);
    expect(ids.map(d.timesTaken)).to.deep.equal([1, 1]);
    expect(d.timesAsked(ids[1]!)).to.equal(1);
  });

  for (const taken of [true, false]) {
    it(`leaves a message unknown when the connection breaks and the channel has ${taken ? 'taken it' : 'lost it'}`, async () => {
      d.reacts(() => ({ kind: 'reset', taken }));
      d.running();
      const messageId = await d.reply(await d.talk(), 'halo');
      expect(await d.outcome(messageId)).to.deep.include({ type: 'DeliveryLeftUnknown' });
      d.reacts(() => ({ kind: 'accept' }));
      await d.outcome(await d.reply(await d.talk(), 'berikutnya'));
      expect(d.timesAsked(messageId)).to.equal(1);
      expect(d.timesTaken(messageId)).to.equal(taken ? 1 : 0);
    });

    it(`leaves a message unknown when the channel hangs and has ${taken ? 'taken it' : 'lost it'}`, async () => {
      d.reacts(() => ({ kind: 'hang', taken }));
      d.running({ channels: channelsTo(d.meta.url, { answerMs: 200 }) });
      const messageId = await d.reply(await d.talk(), 'halo');
      const last = await d.outcome(messageId);
      expect(last.data).to.include({ reason: 'timeout' });
      expect(d.timesAsked(messageId)).to.equal(1);
    });

    it(`leaves a message unknown after a 500 without a word, ${taken ? 'taken' : 'not taken'}`, async () => {
      d.reacts(() => ({ kind: 'raw', status: 500, body: '<html>', taken }));
      d.running();
      const messageId = await d.reply(await d.talk(), 'halo');
      expect((await d.outcome(messageId)).data).to.include({ reason: 'unreadable_answer' });
      expect(d.timesAsked(messageId)).to.equal(1);
    });
  }

  it('leaves a message unknown when the channel says yes to nobody knows what', async () => {
    d.reacts(() => ({ kind: 'raw', status: 200, body: '{}', taken: true }));
    d.running();
    const messageId = await d.reply(await d.talk(), 'halo');
    expect((await d.outcome(messageId)).data).to.include({ reason: 'unreadable_answer' });
  });

  it('tries again, as often as it takes, while nothing can be reached', async () => {
    d.running({ channels: channelsTo('http://127.0.0.1:9/v25.0') });
    const messageId = await d.reply(await d.talk(), 'halo');
    await eventually(
      'several tries',
      async () => (await d.types(messageId)).filter((type) => type === 'DeliveryDeferred').length >= 3,
    );
    expect((await d.history(messageId)).at(1)?.data).to.include({ code: 'ECONNREFUSED' });
    await d.stopAll();
    d.running();
    expect((await d.outcome(messageId)).type).to.equal('DeliveryAccepted');
    expect(d.timesTaken(messageId)).to.equal(1);
  });

  it('lets messages wait while no token is configured, and sends them when one is', async () => {
    const { stop } = d.running({ channels: channelsTo(d.meta.url, { token: undefined }) });
    const messageId = await d.reply(await d.talk(), 'halo');
    await eventually('the alert', () => d.lines.some(({ stoppedBy }) => stoppedBy === 'not_configured'));
    expect(await d.types(messageId)).to.deep.equal([]);
    await stop();
    d.running();
    expect((await d.outcome(messageId)).type).to.equal('DeliveryAccepted');
  });

  it('does not send an answer that comes a day too late', async () => {
    const messageId = await d.reply(await d.talk(), 'halo');
    d.running({ timing: { expiry: 1 } });
    expect((await d.outcome(messageId)).data).to.include({ code: 'expired' });
    expect(d.timesAsked(messageId)).to.equal(0);
  });

  it('refuses what is longer than the channel takes, without asking it', async () => {
    d.running();
    const ticketId = await d.talk({ channel: 'instagram', userId: 'ig_777' });
    // As a version wrote it that did not ask the channel before.
    const messageId = uuids.next();
    const ids = { correlationId: messageId, causationId: messageId, requestId: messageId };
    const around = {
      actor: { kind: 'system', process: 'test' },
      ...ids,
      at: d.time.now.toISOString(),
    } as const;
    await d.commands.handler.executeCommand(conversation, ticketId, around, () => [
      {
        type: 'AgentReplied',
        data: {
          ticketId,
          division: 'sari',
          messageId,
          content: 'é'.repeat(501),
          agentId: ani.id,
          sentAt: d.time.now.toISOString(),
        },
      },
    ]);
    expect((await d.outcome(messageId)).data).to.include({ code: 'too_long' });
    expect(d.timesAsked(messageId)).to.equal(0);
  });

  it('sends nothing when the attempt cannot be put on record, and sends it once when it can', async () => {
    let away = true;
    const real = recordDelivery({ handler: d.commands.handler, clock: { now: () => new Date() } });
    const ticketId = await d.talk();
    d.running({
      record: {
        ...real,
        attempt: async (...args) => {
          // The store took it and could not say so: the worst kind of away.
          const stands = await real.attempt(...args);
          if (away) throw new StoreUnavailable('events');
          return stands;
        },
      },
    });
    const messageId = await d.reply(ticketId, 'halo');
    await eventually('the attempt', async () => (await d.types(messageId)).length > 0);
    expect(d.timesAsked(messageId)).to.equal(0);
    away = false;
    expect((await d.outcome(messageId)).type).to.equal('DeliveryAccepted');
    expect(await d.types(messageId)).to.deep.equal(['DeliveryAttempted', 'DeliveryAccepted']);
    expect(d.timesAsked(messageId)).to.equal(1);
  });

  it('records the outcome when the store was away after the sending', async () => {
    let failures = 0;
    const real = recordDelivery({ handler: d.commands.handler, clock: { now: () => new Date() } });
    d.running({
      record: {
        ...real,
        outcome: (...args) => {
          failures += 1;
          return failures <= 2 ? Promise.reject(new StoreUnavailable('events')) : real.outcome(...args);
        },
      },
    });
    const messageId = await d.reply(await d.talk(), 'halo');
    expect((await d.outcome(messageId)).type).to.equal('DeliveryAccepted');
    expect(d.timesAsked(messageId)).to.equal(1);
  });

  it('stays off when its checkpoint belongs to another store', async () => {
    await d.stopAll();
    const checkpoints = createJobCheckpoints(d.postgres.writes);
    const { storeId, position } = (await checkpoints.read('sender'))!;
    const set = (id: string) =>
      d.postgres.writes.query(
        unchecked({
          text: "update ops.job_checkpoints set store_id = $1, position = $2 where job = 'sender'",
          values: [id, position],
        }),
      );
    await set('another');
    d.running();
    await eventually('it says so', () =>
      d.log.lines.some(({ fields }) =>
        String((fields as { err?: unknown }).err).includes('another event store'),
      ),
    );
    const messageId = await d.reply(await d.talk(), 'halo');
    expect(await d.types(messageId)).to.deep.equal([]);
    await d.stopAll();
    await set(storeId);
    d.running();
    await d.outcome(messageId);
  });

  it('two at once, and one taking over from the other in the middle: everything once, in order', async () => {
    const tickets = [await d.talk(), await d.talk()];
    const first = d.running();
    d.running();
    const ids: string[] = [];
    for (let n = 0; n < 10; n += 1) {
      for (const ticketId of tickets) ids.push(await d.reply(ticketId, `${ticketId} ${String(n)}`));
      if (n === 5) void first.stop();
    }
    for (const id of ids) expect((await d.outcome(id)).type).to.equal('DeliveryAccepted');
    expect(ids.map(d.timesAsked)).to.deep.equal(ids.map(() => 1));
    for (const ticketId of tickets) {
      const texts = d.meta.taken.map(({ text }) => text).filter((text) => text.startsWith(ticketId));
      expect(texts).to.deep.equal(Array.from({ length: 10 }, (_, n) => `${ticketId} ${String(n)}`));
    }
  });

  it('comes back from its checkpoint without sending anything again', async () => {
    const asked = d.meta.asked.length;
    await d.postgres.writes.query(
      unchecked({
        text: "update ops.job_checkpoints set position = '' where job = 'sender'",
        values: [],
      }),
    );
    d.running();
    await d.outcome(await d.reply(await d.talk(), 'yang baru'));
    expect(d.meta.asked.length - asked).to.equal(1);
  });
});
