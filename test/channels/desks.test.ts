/** How lines at Meta and Telegram are asked (docs/design/channels.md#lines-that-are-watched). */
import { expect } from 'chai';
import { channelHttp } from '../../src/adapters/channels/http.ts';
import { linesWithDesks } from '../../src/channels/registry.ts';
import { readConfig } from '../../src/config.ts';
import { type MetaSimulator, startMetaSimulator } from '../../src/main/demo/meta-simulator/server.ts';

const TOKEN = 'a token of Meta';
const signal = AbortSignal.timeout(10_000);

describe('the state of a line at Meta and Telegram', () => {
  let meta: MetaSimulator;
  before(async () => {
    meta = await startMetaSimulator({ token: TOKEN });
  });
  after(() => meta.close());

  const look = (line: string, over: Readonly<Record<string, string>> = {}) => {
    const config = readConfig({
      WHATSAPP_API_URL: meta.url,
      WHATSAPP_TOKEN: TOKEN,
      WA_PHONE_MAP: '111:sari:Kargo',
      META_GRAPH_URL: meta.url,
      CHANNEL_DIVISION_MAP: 'instagram:222:safia,facebook:333:sari',
      META_PAGE_TOKENS: `instagram:222:${TOKEN}`.replaceAll(' ', '_'),
      TELEGRAM_API_URL: new URL(meta.url).origin,
      TELEGRAM_BOT_TOKENS: `sari:444:${TOKEN.replaceAll(' ', '_')}`,
      ...over,
    });
    const found = linesWithDesks({ config, http: channelHttp }).find(({ line: { id } }) => id === line)!;
    return found.desk.look(line, signal);
  };

  it('of a number is what Meta says of it: one that is flagged or restricted still answers customers', async () => {
    expect(await look('111')).to.deep.equal({ state: 'working', detail: 'CONNECTED' });
    for (const [word, state] of [
      ['RESTRICTED', 'working'],
      ['BANNED', 'stopped'],
      ['PENDING', 'stopped'],
      ['SOMETHING_NEW', 'unknown'],
    ] as const) {
      meta.numbers.set('111', word);
      expect(await look('111')).to.deep.equal({ state, detail: word });
    }
  });

  it('is stopped when the token is over, and unknown without one', async () => {
    expect(await look('111', { WHATSAPP_TOKEN: 'the token of last year' })).to.deep.equal({
      state: 'stopped',
      detail: 'meta_190',
    });
    expect(await look('333')).to.deep.equal({ state: 'unknown', detail: 'not_configured' });
  });
});
