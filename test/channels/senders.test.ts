import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { channelHttp as http } from '../../src/adapters/channels/http.ts';
import { retryAfter } from '../../src/adapters/channels/request.ts';
import { actionOn } from '../../src/channels/errors.ts';
import { createPageSender } from '../../src/channels/meta/page-sender.ts';
import { createTelegram } from '../../src/channels/telegram/send.ts';
import { textOf, tooLong } from '../../src/channels/text.ts';
import { webSender } from '../../src/channels/web/index.ts';
import { addressee, createWhatsApp } from '../../src/channels/whatsapp/send.ts';
import { startMetaSimulator } from '../../src/main/demo/meta-simulator/server.ts';
import type { OutboundMessage } from '../../src/ports.ts';
import { startTelegram } from '../support/channels/telegram-simulator.ts';

const said = (text: string, signedAs: string | null = null): OutboundMessage =>
  ({ id: '019a9d1e-7c00-7000-8000-000000000001', text, signedAs }) as OutboundMessage;
const { signal } = new AbortController();
const bytes = Buffer.from('%PDF-1.7 daftar harga');
const files = {
  open: (key: string) =>
    Promise.resolve(key === 'media/gone' ? null : { size: bytes.length, content: Readable.from([bytes]) }),
};

describe('the channels', () => {
  describe('Telegram', () => {
    let server: Awaited<ReturnType<typeof startTelegram>>;
    before(async () => {
      server = await startTelegram('123:abc');
    });
    after(() => server.close());

    const send = (token = '123:abc', text = 'halo') =>
      createTelegram({ url: server.url, bots: [{ division: 'sari', token }], http, files }).send(
        said(text),
        { line: token.split(':')[0]!, userId: '42' },
        signal,
      );

    it('has one bot per division', () => {
      const channel = createTelegram({
        url: server.url,
        bots: [{ division: 'sari', token: '123:abc' }],
        http,
        files,
      });
      expect(channel.lineFor({ division: 'sari', own: null })).to.equal('123');
      expect(channel.lineFor({ division: 'savi', own: null })).to.equal(null);
    });

    it('sends to the chat and gives the message id', async () => {
      expect(await send()).to.deep.equal({ kind: 'accepted', channelMessageId: '1' });
      expect(server.taken).to.deep.equal([{ chat_id: 42, text: 'halo' }]);
    });

    it('a wrong token stops the bot', async () => {
      const outcome = await send('123:wrong');
      expect(outcome).to.include({ kind: 'refused', code: 'tg_404' });
      expect(actionOn('tg_404')).to.deep.equal({ kind: 'stop' });
    });

    for (const [status, body, expected] of [
      [
        429,
        { ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 7 } },
        { code: 'tg_429', retryAfterMs: 7_000 },
      ],
      [403, { ok: false, error_code: 403, description: 'bot was blocked by the user' }, { code: 'tg_403' }],
      [
        400,
        { ok: false, error_code: 400, description: 'Bad Request: chat not found' },
        { code: 'tg_400/chat' },
      ],
      [
        500,
        { ok: false, error_code: 500, description: 'Internal Server Error' },
        { code: 'tg_500', isTransient: true },
      ],
      [502, {}, { kind: 'unknown', reason: 'unreadable_answer' }],
      [504, { ok: false, error_code: 504 }, { kind: 'unknown', reason: 'unreadable_answer' }],
      [503, {}, { kind: 'refused', code: 'tg_503', isTransient: true }],
      [429, {}, { kind: 'refused', code: 'tg_429', isTransient: true }],
      [520, { ok: false, error_code: 520 }, { kind: 'refused', code: 'tg_520', isTransient: true }],
      [200, { ok: 'yes' }, { kind: 'unknown', reason: 'unreadable_answer' }],
    ] as const) {
      it(`answers ${String(status)} ${JSON.stringify(body).slice(0, 40)}: ${JSON.stringify(expected)}`, async () => {
        server.answers({ status, body });
        expect(await send()).to.include(expected);
        server.answers(undefined);
      });
    }
  });

  describe('WhatsApp', () => {
    const lines = [
      { id: '1', division: 'savi' },
      { id: '2', division: 'sari' },
    ] as const;

    it('uses the number the customer wrote to, else the first of the division, and none without a token', () => {
      const channel = createWhatsApp({ url: 'https://x', token: 't', lines, http, files });
      expect(channel.lineFor({ division: 'sari', own: '9' })).to.equal('9');
      expect(channel.lineFor({ division: 'sari', own: null })).to.equal('2');
      expect(channel.lineFor({ division: 'safia', own: null })).to.equal(null);
      const mute = createWhatsApp({ url: 'https://x', token: undefined, lines, http, files });
      expect(mute.lineFor({ division: 'sari', own: '9' })).to.equal(null);
    });

    it('tells numbers from business-scoped ids', () => {
      expect(addressee('6281234567890')).to.deep.equal({ to: '+6281234567890' });
      expect(addressee('+6281234567890')).to.deep.equal({ to: '+6281234567890' });
      expect(addressee('ID.123456789012')).to.deep.equal({ recipient: 'ID.123456789012' });
    });

    it('a wrong token is refused as code 190', async () => {
      const meta = await startMetaSimulator({ token: 'right' });
      const channel = createWhatsApp({ url: meta.url, token: 'wrong', lines, http, files });
      expect(await channel.send(said('x'), { line: '2', userId: '62811111' }, signal)).to.include({
        kind: 'refused',
        code: '190',
      });
      await meta.close();
    });

    it('knows that nothing left when nobody listens, or the name is unknown', async () => {
      for (const [url, code] of [
        ['http://127.0.0.1:9', 'ECONNREFUSED'],
        ['http://nowhere.invalid', undefined],
      ] as const) {
        const channel = createWhatsApp({ url, token: 't', lines, http, files });
        const outcome = await channel.send(said('x'), { line: '2', userId: '62811111' }, signal);
        expect(outcome.kind).to.equal('not_sent');
        if (code !== undefined) expect(outcome).to.include({ code });
      }
    });

    it('knows that nothing left when the other side speaks no TLS', async () => {
      const server: Server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const url = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
      const channel = createWhatsApp({ url, token: 't', lines, http, files });
      const outcome = await channel.send(said('x'), { line: '2', userId: '62811111' }, signal);
      expect(outcome.kind).to.equal('not_sent');
      server.close();
    });

    it('does not begin what is to stop', async () => {
      const channel = createWhatsApp({ url: 'http://127.0.0.1:9', token: 't', lines, http, files });
      const outcome = await channel.send(said('x'), { line: '2', userId: '62811111' }, AbortSignal.abort());
      expect(outcome).to.deep.equal({ kind: 'not_sent', code: 'stopping' });
    });
  });

  describe('files and quotes', () => {
    const file = (over: Partial<NonNullable<OutboundMessage['file']>> = {}): OutboundMessage => ({
      ...said('[Dokumen] harga "baru".pdf, Ini'),
      quotes: 'wamid.quoted',
      file: {
        ...{ key: 'media/019a9d1e', kind: 'document', mimeType: 'application/pdf', name: 'harga "baru".pdf' },
        ...{ size: bytes.length, caption: 'Ini' },
        ...over,
      },
    });
    const to = { line: '2', userId: '62811111' };

    it('go to WhatsApp by the id of their upload', async () => {
      const meta = await startMetaSimulator({ token: 't' });
      const lines = [{ id: '2', division: 'sari' }] as const;
      const channel = createWhatsApp({ url: meta.url, token: 't', lines, http, files });
      expect((await channel.send(file(), to, signal)).kind).to.equal('accepted');
      const [taken] = meta.taken;
      expect(taken).to.include({ text: 'Ini', quotes: 'wamid.quoted', to: '62811111' });
      expect(taken?.file).to.include({ type: 'document', name: 'harga "baru".pdf' });
      const upload = meta.uploads.get(taken?.file?.id ?? '');
      expect(upload).to.include({ mimeType: 'application/pdf' });
      expect(upload?.bytes.equals(bytes)).to.equal(true);
      const picture = file({ kind: 'image', caption: null, mimeType: 'image/png' });
      expect((await channel.send(picture, to, signal)).kind).to.equal('accepted');
      expect(meta.taken[1]).to.include({ text: '' });
      expect(await channel.markRead?.('wamid.1', '2', signal)).to.equal(true);
      expect(meta.reads).to.deep.equal(['wamid.1']);
      const wrong = createWhatsApp({ url: meta.url, token: 'wrong', lines, http, files });
      expect(await wrong.send(file(), to, signal)).to.include({ kind: 'refused', code: '190' });
      expect(await wrong.markRead?.('wamid.1', '2', signal)).to.equal(false);
      expect(await channel.send(file({ key: 'media/gone' }), to, signal)).to.include({ code: 'file_gone' });
      await meta.close();
    });

    it('go to Instagram and Messenger by the id of their upload', async () => {
      const meta = await startMetaSimulator({ token: 't' });
      for (const channel of ['instagram', 'facebook'] as const) {
        const tokens = [{ channel, id: 'I', token: 't' }];
        const lines = [{ id: 'I', division: 'sari' }] as const;
        const sender = createPageSender(channel, { url: meta.url, tokens, lines, http, files });
        const outcome = await sender.send(file(), { line: 'I', userId: '9' }, signal);
        expect(outcome.kind, channel).to.equal('accepted');
      }
      expect(meta.taken.map(({ file: sent, quotes }) => [sent?.type, quotes])).to.deep.equal([
        ['file', 'wamid.quoted'],
        ['file', 'wamid.quoted'],
      ]);
      expect([...meta.uploads.values()].map(({ bytes: got }) => got.equals(bytes))).to.deep.equal([
        true,
        true,
      ]);
      await meta.close();
    });

    it('go to Telegram in one request', async () => {
      const server = await startTelegram('123:abc');
      const bots = [{ division: 'sari', token: '123:abc' }] as const;
      const channel = createTelegram({ url: server.url, bots, http, files });
      const chat = { line: '123', userId: '42' };
      const sent = await channel.send({ ...file(), quotes: '12' }, chat, signal);
      expect(sent).to.deep.equal({ kind: 'accepted', channelMessageId: '7' });
      const [upload] = server.uploads;
      expect(upload).to.include({ method: 'sendDocument', mimeType: 'application/pdf' });
      expect(upload?.bytes.equals(bytes)).to.equal(true);
      expect(upload?.fields).to.deep.equal({
        ...{ chat_id: '42', caption: 'Ini' },
        reply_parameters: '{"message_id":12,"allow_sending_without_reply":true}',
      });
      await channel.send({ ...said('halo'), quotes: 'tap:3' }, chat, signal);
      await channel.send({ ...said('halo'), quotes: '3' }, chat, signal);
      expect(server.taken.map((taken) => taken.reply_parameters?.message_id)).to.deep.equal([undefined, 3]);
      await server.close();
    });

    it('an upload that got lost is done again: nobody has seen it', async () => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.destroy());
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
      const lines = [{ id: '2', division: 'sari' }] as const;
      const channel = createWhatsApp({ url, token: 't', lines, http, files });
      const outcome = await channel.send(file(), to, signal);
      expect(outcome).to.include({ kind: 'refused', code: 'upload_failed', isTransient: true });
      expect(actionOn('upload_failed', true)).to.include({ kind: 'retry' });
      server.close();
    });
  });

  it('Instagram counts bytes, Messenger characters', async () => {
    const options = {
      url: 'http://127.0.0.1:9',
      tokens: [{ channel: 'instagram', id: 'I', token: 't' }] as const,
      lines: [{ id: 'I', division: 'sari' }] as const,
      http,
      files,
    };
    const text = said('é'.repeat(600));
    const to = { line: 'I', userId: '1' };
    expect(await createPageSender('instagram', options).send(text, to, signal)).to.include({
      code: 'too_long',
    });
    expect(await createPageSender('facebook', options).send(text, to, signal)).to.include({
      kind: 'not_sent',
    });
  });

  it('the web chat has it at once: its visitors read the talk itself', async () => {
    expect(await webSender.send(said('x'), { line: 'sari', userId: 'v' }, signal)).to.include({
      kind: 'accepted',
    });
  });

  const characters = (most: number) => ({ most, unit: 'characters' as const });

  it('signs in the text, unless it would be too long for that', () => {
    expect(textOf(said('halo', 'Saga Team'), characters(100))).to.equal('Saga Team:\nhalo');
    expect(textOf(said('halo', 'Saga Team'), characters(5))).to.equal('halo');
  });

  it('counts characters as the API does: an emoji is one', () => {
    expect(tooLong('😀'.repeat(4096), characters(4096))).to.equal(undefined);
    expect(tooLong('😀'.repeat(4097), characters(4096))).to.include({ code: 'too_long' });
    expect(textOf(said('😀'.repeat(89), 'Saga Team'), characters(100))).to.match(/^Saga Team:/);
    expect(textOf(said('halo'), characters(5))).to.equal('halo');
  });

  it('reads Retry-After in both forms', () => {
    expect(retryAfter('30')).to.equal(30_000);
    expect(retryAfter(new Date(Date.now() + 60_000).toUTCString())).to.be.within(55_000, 60_000);
    expect(retryAfter('Wed, 21 Oct 2015 07:28:00 GMT')).to.equal(0);
    expect(retryAfter('soon')).to.equal(null);
    expect(retryAfter(undefined)).to.equal(null);
  });
});
