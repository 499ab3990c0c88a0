/**
 * What every channel keeps to (docs/design/channels.md#providers). A further provider is held to it by its row in the
 * registry.
 */
import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHANNEL_VARIABLES, type ChannelConfig } from '../../src/channels/config.ts';
import { actionOn } from '../../src/channels/errors.ts';
import { lineToSendBy } from '../../src/channels/lines.ts';
import { FORMS, PROVIDERS, sendersOf } from '../../src/channels/registry.ts';
import { readConfig } from '../../src/config.ts';
import { CHANNELS } from '../../src/domain/vocabulary.ts';
import type { ChannelHttp, OutboundMessage } from '../../src/ports.ts';

/** Two lines of one division on every channel that has lines of its own. */
const TWILIO = {
  PUBLIC_URL: 'https://saga.example.test',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'an auth token of Twilio',
  TWILIO_NUMBERS: '+6221500101:sari:Kargo Tiga,+6221500102:sari:Kargo Empat',
};
const config: ChannelConfig = readConfig({
  ...TWILIO,
  WAHA_URL: 'http://waha:3000',
  WAHA_API_KEY: 'a key of WAHA',
  WAHA_HMAC_KEY: 'a key for tests only',
  WAHA_SESSION_MAP: 'cs-1:sari:Kargo Lima,cs-2:sari:Kargo Enam',
  WA_PHONE_MAP: 'PN1:sari:Kargo Satu,PN2:sari:Kargo Dua,PN3:savi:Mobil',
  WHATSAPP_TOKEN: 'a token of WhatsApp',
  CHANNEL_DIVISION_MAP: 'instagram:IG1:sari,instagram:IG2:sari,facebook:FB1:sari,facebook:FB2:sari',
  META_PAGE_TOKENS:
    'instagram:IG1:token-ig-1,instagram:IG2:token-ig-2,facebook:FB1:token-fb-1,facebook:FB2:token-fb-2',
  TELEGRAM_BOT_TOKENS: 'sari:101:token-of-bot-1,sari:102:token-of-bot-2',
  TELEGRAM_SECRET_TOKEN: 'sari:secret-of-the-bot-1,sari:secret-of-the-bot-2',
});
const { signal } = new AbortController();
const said = { id: '019a9d1e-7c00-7000-8000-000000000001', text: 'halo', signedAs: null } as OutboundMessage;
const USER = { whatsapp: '6281234567890', telegram: '42', instagram: '17', facebook: '18', web: 'v' };

const pause = () => Promise.resolve();
const noFiles = { open: () => Promise.resolve(null) };
const here = { webhook: 'https://saga.example.test/hook', fileUrl: () => 'https://saga.example.test/file' };

/** Answers nothing, and remembers what was asked of which address. */
function listening(): { readonly http: ChannelHttp; readonly asked: string[] } {
  const asked: string[] = [];
  const http: ChannelHttp = {
    postJson: (url, json, { headers }) => {
      asked.push(`${url} ${JSON.stringify(headers ?? {})} ${JSON.stringify(json)}`);
      return Promise.resolve({ kind: 'not_sent', code: 'test' });
    },
    postFields: (url, fields) => {
      asked.push(`${url} ${JSON.stringify(fields)}`);
      return Promise.resolve({ kind: 'not_sent', code: 'test' });
    },
    postForm: (url) => {
      asked.push(url);
      return Promise.resolve({ kind: 'not_sent', code: 'test' });
    },
    getJson: (url, headers) => {
      asked.push(`${url} ${JSON.stringify(headers)}`);
      return Promise.resolve({ kind: 'later', code: 'test' });
    },
    remove: (url) => {
      asked.push(url);
      return Promise.resolve({ kind: 'later', code: 'test' });
    },
    download: (url) => {
      asked.push(String(url));
      return Promise.resolve({ kind: 'later', code: 'test' });
    },
  };
  return { http, asked };
}

describe('every channel', () => {
  it('has a provider, and each provider a folder and a name of its own', () => {
    expect(new Set(PROVIDERS.map(({ channel }) => channel))).to.deep.equal(new Set(CHANNELS));
    expect(new Set(PROVIDERS.map(({ name }) => name)).size).to.equal(PROVIDERS.length);
    for (const { name } of PROVIDERS)
      expect(existsSync(`src/channels/${name}/index.ts`), name).to.equal(true);
    expect(new Set(FORMS.map(({ name }) => name)).size).to.equal(FORMS.length);
  });

  it('is named by no other layer than its own, the vocabulary and the demo', () => {
    const folders = PROVIDERS.map(({ name }) => name).filter((name) => name !== 'web');
    const wrong = [
      'adapters',
      'engine',
      'http/webhook',
      'jobs/inbound',
      'jobs/outbound',
      'jobs/media',
    ].flatMap((folder) =>
      readdirSync(join('src', folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .filter((name) => {
          const code = readFileSync(join('src', folder, name), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
          return folders.some((channel) => code.includes(`'${channel}'`));
        })
        .map((name) => join(folder, name)),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('declares its variables once', () => {
    const texts = readdirSync('src/channels', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('config.ts'))
      .map((name) => readFileSync(join('src/channels', name), 'utf8'));
    for (const name of Object.keys(CHANNEL_VARIABLES))
      expect(
        texts.filter((text) => text.includes(`  ${name}: `)),
        name,
      ).to.have.length(1);
  });

  for (const provider of PROVIDERS) {
    describe(provider.name, () => {
      const lines = provider.lines(config).filter(({ division }) => division === 'sari');
      const { channel } = provider;
      const isWeb = channel === 'web';
      const senderOn = (http: ChannelHttp) => provider.sender({ config, http, files: noFiles, here, pause });

      it('answers by the line that the customer wrote to, else by the first of the division', () => {
        const { http } = listening();
        const sender = senderOn(http);
        expect(sender.lineFor({ division: 'sari', own: null })).to.equal(lines[0]?.id);
        const all = sendersOf({ config, http, files: noFiles, here, pause })[channel];
        for (const { id } of lines)
          for (const one of [sender, all]) expect(one.lineFor({ division: 'sari', own: id })).to.equal(id);
      });

      it('sends by that line, with its own token', async () => {
        const { http, asked } = listening();
        const sender = senderOn(http);
        for (const { id } of lines) await sender.send(said, { line: id, userId: USER[channel] }, signal);
        if (isWeb) expect(asked).to.deep.equal([]);
        else {
          expect(asked).to.have.length(2);
          for (const [index, { id }] of lines.entries()) expect(asked[index]).to.include(id);
          expect(asked[0]).not.to.equal(asked[1]);
        }
      });

      it('refuses a text that is too long before it asks anybody', async () => {
        const { http, asked } = listening();
        const long = { ...said, text: 'é'.repeat(5_000) } as OutboundMessage;
        const outcome = await senderOn(http).send(
          long,
          { line: lines[0]!.id, userId: USER[channel] },
          signal,
        );
        if (isWeb) expect(outcome).to.include({ kind: 'accepted' });
        else expect(outcome).to.include({ kind: 'refused', code: 'too_long' });
        expect(asked).to.deep.equal([]);
      });

      it('fetches a file of another host, or of a strange id, from nobody', async () => {
        const { http, asked } = listening();
        const source = provider.media({ config, http });
        for (const id of ['https://example.invalid/x', '../../etc/passwd', 'http://127.0.0.1:1/x', ''])
          await source?.fetch(id, { line: lines[0]!.id, division: 'sari' }, signal);
        for (const url of asked)
          expect(url.split(' ')[0]).to.match(/^https:\/\/(graph\.facebook\.com|api\.telegram\.org)\//);
      });

      it('says of a line whose provider does not answer that it does not', async () => {
        const { http } = listening();
        const { state } = await provider.desk({ config, http }).look(lines[0]!.id, signal);
        expect(state).to.equal(isWeb ? 'working' : 'unreachable');
      });
    });
  }

  it('a line that moved to another provider is answered by the division', () => {
    const { http } = listening();
    const moved = readConfig({
      WHATSAPP_TOKEN: 'a token of WhatsApp',
      WA_PHONE_MAP: 'PN3:savi:Mobil',
      ...TWILIO,
    });
    const sender = sendersOf({ config: moved, http, files: noFiles, here, pause }).whatsapp;
    expect(sender.lineFor({ division: 'sari', own: 'PN1' })).to.equal('6221500101');
  });

  it('a line of nobody is not sent by', () => {
    expect(lineToSendBy([{ id: '1', division: 'sari' }], { division: 'savi', own: '1' })).to.equal('1');
    expect(lineToSendBy([{ id: '1', division: 'sari' }], { division: 'savi', own: '2' })).to.equal(null);
  });

  it('has an answer to HTTP itself', () => {
    expect(actionOn('http_401')).to.deep.equal({ kind: 'stop' });
    expect(actionOn('http_429')).to.deep.equal({ kind: 'retry', slows: 'line' });
    expect(actionOn('too_long')).to.deep.equal({ kind: 'give_up', because: 'content' });
  });
});
