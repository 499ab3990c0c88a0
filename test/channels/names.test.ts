/** What is asked of the Graph API, and what its answers mean (docs/design/channels.md#names-that-are-asked-for). */
import { expect } from 'chai';
import { nameSourcesOf } from '../../src/channels/registry.ts';
import { readConfig } from '../../src/config.ts';
import type { ChannelHttp } from '../../src/ports.ts';

const config = readConfig({
  CHANNEL_DIVISION_MAP: 'instagram:IG1:sari,instagram:IG2:savi,facebook:FB1:sari',
  META_PAGE_TOKENS: 'instagram:IG1:token-ig-1,instagram:IG2:token-ig-2,facebook:FB1:token-fb-1',
});
const { signal } = new AbortController();

describe('the names of customers', () => {
  const asked: string[] = [];
  let answer: Awaited<ReturnType<ChannelHttp['getJson']>> = { status: 200, body: {} };
  const http = {
    getJson: (url: string, headers: Readonly<Record<string, string>>) => {
      asked.push(`${url} ${headers['authorization'] ?? ''}`);
      return Promise.resolve(answer);
    },
  } as unknown as ChannelHttp;
  const sources = nameSourcesOf({ config, http });
  const says = async (status: number, body: unknown) => {
    answer = { status, body };
    return sources.instagram?.nameOf('17', 'IG2', signal);
  };
  const name = (value: string | null) => ({ kind: 'asked', name: value });

  it('are asked for where messages have none, with the token of the line', async () => {
    expect(Object.entries(sources).flatMap(([channel, source]) => (source ? [channel] : []))).to.deep.equal([
      'instagram',
      'facebook',
    ]);
    await says(200, {});
    await sources.facebook?.nameOf('18', 'FB1', signal);
    expect(asked).to.deep.equal([
      'https://graph.facebook.com/v25.0/17?fields=name,username Bearer token-ig-2',
      'https://graph.facebook.com/v25.0/18?fields=name,first_name,last_name Bearer token-fb-1',
    ]);
  });

  it('are asked of nobody with an id that is none, or without a token', async () => {
    const before = asked.length;
    for (const id of ['../me', '', '17?x', '%2e%2e'])
      expect(await sources.instagram?.nameOf(id, 'IG1', signal)).to.deep.equal(name(null));
    expect(await sources.instagram?.nameOf('17', 'IG9', signal)).to.include({ kind: 'later' });
    expect(asked).to.have.length(before);
  });

  it('are the name, else both names, else the user name; what is odd is none', async () => {
    expect(await says(200, { name: ' Rina ', username: 'r' })).to.deep.equal(name('Rina'));
    expect(await says(200, { name: '', first_name: 'Rina', last_name: 'K' })).to.deep.equal(name('Rina K'));
    expect(await says(200, { name: null, username: 'rina.k' })).to.deep.equal(name('rina.k'));
    for (const body of [{}, [], null, 'x', { name: {} }, { name: ' ' }])
      expect(await says(200, body), JSON.stringify(body)).to.deep.equal(name(null));
  });

  it('are not asked for again where the person did not agree; a token or a limit is waited for', async () => {
    const error = (code: number) => ({ error: { code, message: 'x' } });
    expect(await says(400, error(230))).to.deep.equal(name(null));
    expect(await says(400, error(100))).to.deep.equal(name(null));
    for (const [status, code] of [
      [401, 190],
      [400, 4],
      [400, 10],
      [500, 1],
      [503, 999],
    ] as const)
      expect(await says(status, error(code)), String(code)).to.deep.equal({
        kind: 'later',
        code: String(code),
      });
    expect(await says(502, 'no JSON')).to.deep.equal({ kind: 'later', code: 'http_502' });
  });
});
