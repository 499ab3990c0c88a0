/** `npm run weaknesses` against advisories on loopback (docs/security.md, ASVS 15.2.1). */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runScript } from '../support/processes/npm-script.ts';

type Advisories = Readonly<Record<string, readonly object[]>>;

describe('npm run weaknesses', function () {
  this.timeout(180_000);
  let server: Server;
  /** null: the registry has none, as a mirror. */
  let advisories: Advisories | null;
  before(async () => {
    server = createServer((req, res) => {
      req.resume();
      const isBulk = req.url === '/-/npm/v1/security/advisories/bulk';
      if (!isBulk || advisories === null) res.writeHead(isBulk ? 405 : 404).end('{}');
      else res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(advisories));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  });
  after(async () => {
    await new Promise((closed) => server.close(closed));
  });

  const run = async (given: Advisories | null, ...args: readonly string[]) => {
    advisories = given;
    // npm remembers what an advisory said.
    const cache = mkdtempSync(join(tmpdir(), 'saga-npm-'));
    const { port } = server.address() as AddressInfo;
    const environment = {
      npm_config_registry: `http://127.0.0.1:${String(port)}/`,
      npm_config_cache: cache,
      npm_config_fetch_retries: '0',
    };
    return runScript('weaknesses', args, environment).finally(() => {
      rmSync(cache, { recursive: true, force: true });
    });
  };
  const advisory = (severity: string): object => ({
    id: 1,
    url: 'https://advisories.example/1',
    title: 'Something bad',
    severity,
    vulnerable_versions: '*',
  });

  it('names them, and fails where one of production is high or critical', async () => {
    const { code, output } = await run({ express: [advisory('high')], mocha: [advisory('critical')] });
    expect(code, output).to.equal(1);
    expect(output).to.match(
      /^high +express .*\(production\): .*Something bad https:\/\/advisories\.example\/1/m,
    );
    expect(output).to.match(/^critical +mocha .*\(development\)/m);
  });

  it('does not fail for what only develops, or is low', async () => {
    const { code, output } = await run({ express: [advisory('moderate')], mocha: [advisory('critical')] });
    expect(code, output).to.equal(0);
    expect(output).to.include('0 of production are high or critical');
    const none = await run({});
    expect([none.code, none.output.trim()]).to.deep.equal([0, 'No package has a known weakness.']);
  });

  it('says that nothing is known where there are no advisories, and fails only when asked to', async () => {
    const { code, output } = await run(null);
    expect(code, output).to.equal(0);
    expect(output).to.include('cannot be reached').and.not.include('No package');
    expect((await run(null, '--strict')).code).to.equal(2);
  });
});
