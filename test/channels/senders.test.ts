import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
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

describe('the channels', () => {
  describe('Telegram', () => {
    let server: Awaited<ReturnType<typeof startTelegram>>;
    before(async () => {
      server = await startTelegram('123:abc');
    });
    after(() => server.close());

    const send = (token = '123:abc', text = 'halo') =>
      createTelegram({ url: server.url, bots: [{ division: 'sari', token }], http }).send(
        said(text),
        { line: token.split(':')[0]!, userId: '42' },
        signal,
      );

    it('has one bot per division', () => {
      const channel = createTelegram({
        url: server.url,
        bots: [{ division: 'sari', token: '123:abc' }],
        http,
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
      const channel = createWhatsApp({ url: 'https://x', token: 't', lines, http });
      expect(channel.lineFor({ division: 'sari', own: '9' })).to.equal('9');
      expect(channel.lineFor({ division: 'sari', own: null })).to.equal('2');
      expect(channel.lineFor({ division: 'safia', own: null })).to.equal(null);
      const mute = createWhatsApp({ url: 'https://x', token: undefined, lines, http });
      expect(mute.lineFor({ division: 'sari', own: '9' })).to.equal(null);
    });

    it('tells numbers from business-scoped ids', () => {
      expect(addressee('6281234567890')).to.deep.equal({ to: '+6281234567890' });
      expect(addressee('+6281234567890')).to.deep.equal({ to: '+6281234567890' });
      expect(addressee('ID.123456789012')).to.deep.equal({ recipient: 'ID.123456789012' });
    });

    it('a wrong token is refused as code 190', async () => {
      const meta = await startMetaSimulator({ token: 'right' });
      const channel = createWhatsApp({ url: meta.url, token: 'wrong', lines, http });
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
        const channel = createWhatsApp({ url, token: 't', lines, http });
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
      const channel = createWhatsApp({ url, token: 't', lines, http });
      const outcome = await channel.send(said('x'), { line: '2', userId: '62811111' }, signal);
      expect(outcome.kind).to.equal('not_sent');
      server.close();
    });

    it('does not begin what is to stop', async () => {
      const channel = createWhatsApp({ url: 'http://127.0.0.1:9', token: 't', lines, http });
      const outcome = await channel.send(said('x'), { line: '2', userId: '62811111' }, AbortSignal.abort());
      expect(outcome).to.deep.equal({ kind: 'not_sent', code: 'stopping' });
    });
  });

  it('Instagram counts bytes, Messenger characters', async () => {
    const options = {
      url: 'http://127.0.0.1:9',
      tokens: [{ channel: 'instagram', id: 'I', token: 't' }] as const,
      lines: [{ id: 'I', division: 'sari' }] as const,
      http,
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

  it('the web chat takes nothing while nothing shows it to a visitor', async () => {
    expect(await webSender.send(said('x'), { line: 'sari', userId: 'v' }, signal)).to.include({
      kind: 'refused',
      code: 'no_reader',
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
