/** WAHA as a provider of WhatsApp lines (docs/design/channels.md#waha). */
import { expect } from 'chai';
import { channelHttp } from '../../../src/adapters/channels/http.ts';
import { actionOn } from '../../../src/channels/errors.ts';
import {
  linesWithDesks,
  mediaSourcesOf,
  numberSourcesOf,
  sendersOf,
} from '../../../src/channels/registry.ts';
import { readConfig } from '../../../src/config.ts';
import { createIdentify } from '../../../src/jobs/inbound/identify.ts';
import type { SimulatedAnswer } from '../../../src/main/demo/meta-simulator/reaction.ts';
import {
  startWahaSimulator,
  type WahaAsked,
  type WahaSimulator,
} from '../../../src/main/demo/waha-simulator.ts';
import type { Fetched, OutboundMessage } from '../../../src/ports.ts';
import { only } from '../../support/channels/normalizing.ts';
import { LINE, message, payload, PHONE } from '../../support/channels/waha.ts';

describe('what goes to WAHA', () => {
  let simulator: WahaSimulator;
  let answer: SimulatedAnswer = { kind: 'accept' };
  const pauses: number[] = [];
  const bytes = Buffer.from('a file');
  before(async () => {
    simulator = await startWahaSimulator({ react: () => answer });
  });
  after(() => simulator.close());
  beforeEach(() => {
    answer = { kind: 'accept' };
    pauses.length = 0;
    simulator.sessions.set(LINE, 'WORKING');
  });

  const { signal } = new AbortController();
  const said = (over: object = {}) =>
    ({
      id: '019a9d1e-7c00-7000-8000-000000000001',
      text: 'halo',
      signedAs: null,
      ...over,
    }) as OutboundMessage;
  const configOf = (over: object = {}) =>
    readConfig({
      WAHA_URL: simulator.url,
      WAHA_API_KEY: simulator.key,
      WAHA_HMAC_KEY: simulator.hmacKey,
      WAHA_SESSION_MAP: `${LINE}:sari:Saga Kargo`,
      ...over,
    });
  const deps = () => ({ config: configOf(), http: channelHttp, answerMs: 300 });
  const senderOf = () =>
    sendersOf({
      ...deps(),
      files: {
        open: () => Promise.resolve({ size: bytes.length, content: ReadableOf(bytes) } as never),
      },
      here: { webhook: '', fileUrl: () => '' },
      pause: (milliseconds) => {
        pauses.push(milliseconds);
        return Promise.resolve();
      },
    }).whatsapp;
  const ReadableOf = (chunk: Buffer) => ({
    async *[Symbol.asyncIterator]() {
      yield chunk;
    },
    destroy: () => undefined,
  });
  const send = (over: object = {}, userId = '6281234567890') =>
    senderOf().send(said(over), { line: LINE, userId }, signal);
  const since = (from: number): readonly WahaAsked[] => simulator.asked.slice(from);

  it('is seen, typed and sent as a person does, one after the other and apart', async () => {
    const from = simulator.asked.length;
    const sender = senderOf();
    const first = await sender.send(said(), { line: LINE, userId: '6281234567890' }, signal);
    await sender.send(said({ text: 'x'.repeat(4_000) }), { line: LINE, userId: '4477@lid' }, signal);
    expect(since(from).map(({ method }) => method)).to.deep.equal([
      ...['sendSeen', 'startTyping', 'stopTyping', 'sendText'],
      ...['sendSeen', 'startTyping', 'stopTyping', 'sendText'],
    ]);
    const { id } = simulator.taken.at(-2)!;
    expect(first).to.deep.equal({ kind: 'accepted', channelMessageId: id.split('_')[2], channelRef: id });
    expect(since(from)[3]!.json).to.deep.equal({
      ...{ session: LINE, chatId: PHONE, text: 'halo', linkPreview: false },
    });
    expect(since(from)[7]!.json['chatId']).to.equal('4477@lid');
    const [before, typing, apart, longest] = pauses;
    expect(before).to.equal(0);
    expect(typing).to.equal(1_000);
    expect(apart).to.be.within(1_500, 5_000);
    expect(longest).to.equal(8_000);
    expect(sender.atOnce?.(LINE)).to.equal(1);
  });

  it('quotes a message of the customer, and one of ours, by their whole ids', async () => {
    await send({ quotes: '3EB0A' });
    expect(simulator.taken.at(-1)!.json['reply_to']).to.equal(`false_${PHONE}_3EB0A`);
    await send({ quotes: `true_${PHONE}_3EB0C` });
    expect(simulator.taken.at(-1)!.json['reply_to']).to.equal(`true_${PHONE}_3EB0C`);
  });

  it('carries files with their words', async () => {
    const file = {
      key: 'k',
      kind: 'document',
      mimeType: 'application/pdf',
      name: 'a.pdf',
      size: 6,
      caption: 'Ini',
      ticketId: 'T',
    };
    await send({ file });
    const taken = simulator.taken.at(-1)!;
    expect(taken.method).to.equal('sendFile');
    expect(taken.json).to.deep.include({
      file: { mimetype: 'application/pdf', filename: 'a.pdf', data: bytes.toString('base64') },
      caption: 'Ini',
    });
  });

  it('asks whether a number is on WhatsApp before the first message to it, and only then', async () => {
    simulator.nowhere.add('6281234567890');
    const from = simulator.asked.length;
    const first = { line: LINE, userId: '6281234567890', isFirst: true };
    expect(await senderOf().send(said(), first, signal)).to.include({
      kind: 'refused',
      code: 'waha_not_on_whatsapp',
    });
    expect(since(from)).to.deep.equal([]);
    expect(actionOn('waha_not_on_whatsapp')).to.deep.equal({ kind: 'give_up', because: 'recipient' });
    // Who wrote is there, whatever WAHA says.
    expect(await send()).to.include({ kind: 'accepted' });
    simulator.nowhere.clear();
    expect(await senderOf().send(said(), first, signal)).to.include({ kind: 'accepted' });
  });

  it('writes to nobody in its quiet hours, in the zone of the business, also past midnight', () => {
    const quiet = (WAHA_QUIET_HOURS: string, at: string) =>
      sendersOf({
        ...{ config: configOf({ WAHA_QUIET_HOURS }), http: channelHttp },
        files: { open: () => Promise.resolve(null) },
        here: { webhook: '', fileUrl: () => '' },
        pause: () => Promise.resolve(),
      }).whatsapp.quietFor?.(LINE, new Date(at));
    const HOUR = 3_600_000;
    // 23:30, 05:59 and 06:00 in Jakarta.
    expect(quiet('22:00-06:00', '2026-07-03T16:30:00Z')).to.equal(6.5 * HOUR);
    expect(quiet('22:00-06:00', '2026-07-03T22:59:30Z')).to.equal(60_000);
    expect(quiet('22:00-06:00', '2026-07-03T23:00:00Z')).to.equal(0);
    expect(quiet('12:00-13:00', '2026-07-03T05:15:00Z')).to.equal(0.75 * HOUR);
    expect(quiet('', '2026-07-03T16:30:00Z')).to.equal(0);
    for (const odd of ['22-6', '24:00-06:00', '06:00-06:00'])
      expect(() => configOf({ WAHA_QUIET_HOURS: odd }), odd).to.throw('WAHA_QUIET_HOURS');
  });

  it('takes no template and writes to nobody without a number', async () => {
    const from = simulator.asked.length;
    expect(await send({ template: { name: 'x', language: 'id', parameters: [] } })).to.include({
      code: 'waha_no_template',
    });
    expect(await send({}, 'ID.abc')).to.include({ code: 'waha_no_chat' });
    expect(await send({ text: 'x'.repeat(5_000) })).to.include({ code: 'too_long' });
    expect(since(from)).to.deep.equal([]);
  });

  it('waits while its session does not work, and stops where it is none', async () => {
    simulator.sessions.set(LINE, 'FAILED');
    expect(await send()).to.include({ kind: 'refused', code: 'waha_422', isTransient: true });
    simulator.sessions.delete(LINE);
    expect(await send()).to.include({ kind: 'refused', code: 'waha_404' });
    expect([actionOn('waha_422', true), actionOn('waha_404'), actionOn('waha_401')]).to.deep.equal([
      { kind: 'retry', slows: 'line' },
      { kind: 'stop' },
      { kind: 'stop' },
    ]);
  });

  it('is not for strangers now (463), or unknown, as the answer says', async () => {
    const outcomes = [];
    for (const next of [
      { kind: 'error', status: 500, details: 'server returned error 463' },
      { kind: 'error', status: 400, details: 'bad' },
      { kind: 'error', status: 429, retryAfter: 3 },
      { kind: 'error', status: 500, details: 'no' },
      { kind: 'raw', status: 201, body: 'ok', taken: true },
      { kind: 'reset', taken: true },
      { kind: 'hang', taken: true },
    ] satisfies SimulatedAnswer[]) {
      answer = next;
      outcomes.push(await send());
    }
    expect(
      outcomes.map((one) => ('code' in one ? one.code : 'reason' in one ? one.reason : one.kind)),
    ).to.deep.equal([
      ...['waha_463', 'waha_400', 'http_429'],
      ...['unreadable_answer', 'unreadable_answer', 'connection_lost', 'timeout'],
    ]);
    expect(actionOn('waha_463')).to.deep.equal({ kind: 'give_up', because: 'not_now' });
  });

  it('gets files at once, and asks the phone again for what is gone', async () => {
    const source = mediaSourcesOf(deps()).whatsapp!;
    const found = only(
      message({
        hasMedia: true,
        media: { url: 'http://evil.test/api/files/cs-sari/a.jpg', mimetype: 'image/jpeg' },
      }),
    );
    const mediaId = ('attachments' in found ? found.attachments[0]?.mediaId : null) ?? '';
    const fetched = (id: string): Promise<Fetched> =>
      source.fetch(id, { line: LINE, division: 'sari' }, signal);
    const textOf = async (file: Fetched): Promise<string> => {
      if (file.kind !== 'open') return file.kind;
      const chunks: Uint8Array[] = [];
      for await (const chunk of file.content) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    };
    simulator.files.set('/api/files/cs-sari/a.jpg', Buffer.from('a picture'));
    expect(await textOf(await fetched(mediaId))).to.equal('a picture');
    simulator.files.delete('/api/files/cs-sari/a.jpg');
    simulator.files.set('/api/files/cs-sari/b.jpg', Buffer.from('again'));
    simulator.again.set(payload.id, { media: { url: 'http://127.0.0.1/api/files/cs-sari/b.jpg' } });
    expect(await textOf(await fetched(mediaId))).to.equal('again');
    simulator.again.set(payload.id, { media: { error: { code: 410, message: 'gone' } } });
    expect(await textOf(await fetched(mediaId))).to.equal('gone');
    for (const id of ['x', 'a@c.us m /etc/passwd', 'a@c.us m /api/files/../x', ''])
      expect(await fetched(id)).to.deep.equal({ kind: 'gone' });
  });

  it('asks for a hidden number once it is known, and rarely while it is not', async () => {
    const identify = createIdentify(numberSourcesOf(deps()));
    const hidden = (lid: string) =>
      identify(only(message({ from: `${lid}@lid`, id: `false_${lid}@lid_3EB0${lid}` })));
    simulator.numbers.set('4477', '6281234567890@c.us');
    for (let n = 0; n < 2; n += 1)
      expect(await hidden('4477')).to.deep.include({
        userId: 'wa_6281234567890',
        phone: '+6281234567890',
        otherIds: ['wa_4477@lid'],
      });
    for (let n = 0; n < 2; n += 1)
      expect(await hidden('55')).to.include({ userId: 'wa_55@lid', phone: null });
    expect(simulator.askedNumbers).to.deep.equal(['4477', '55']);
    expect(await identify(only(message()))).to.include({ userId: 'wa_6281234567890' });
  });

  it('says how each session is, restarts it, and shows the picture that links it', async () => {
    const { desk } = linesWithDesks(deps()).find(({ line }) => line.id === LINE)!;
    const look = async (status: string) => {
      simulator.sessions.set(LINE, status);
      return (await desk.look(LINE, signal)).state;
    };
    expect([await look('WORKING'), await look('SCAN_QR_CODE'), await look('FAILED')]).to.deep.equal([
      'working',
      'scan',
      'stopped',
    ]);
    expect([await look('STARTING'), await look('A_STATE_OF_2027')]).to.deep.equal(['starting', 'unknown']);
    expect((await desk.qr!(LINE, signal)).kind).to.equal('gone');
    await look('SCAN_QR_CODE');
    const picture = await desk.qr!(LINE, signal);
    expect(picture.kind).to.equal('open');
    if (picture.kind === 'open')
      for await (const chunk of picture.content) expect(chunk.length).to.be.greaterThan(0);
    expect(await desk.restart!(LINE, signal)).to.equal(true);
    expect(simulator.sessions.get(LINE)).to.equal('STARTING');
    simulator.sessions.delete(LINE);
    expect(await desk.look(LINE, signal)).to.deep.equal({ state: 'stopped', detail: 'waha_404' });
  });

  it('is configured as a whole or not at all', () => {
    for (const [over, name] of [
      [{ WAHA_URL: '' }, 'WAHA_URL'],
      [{ WAHA_HMAC_KEY: '' }, 'WAHA_HMAC_KEY'],
      [{ WAHA_SESSION_MAP: 'sari:sari:x' }, 'WAHA_SESSION_MAP'],
      [{ WAHA_STAFF_GROUP: '62811@c.us' }, 'WAHA_STAFF_GROUP'],
    ] as const)
      expect(() => configOf(over), name).to.throw(name);
  });
});
