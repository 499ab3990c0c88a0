/** Seals leave the machine (docs/design/reliability.md#seals): what the other side did not take goes with the next one. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import { createSealPush } from '../../../src/adapters/seals/push-seals.ts';
import { createSealFolder } from '../../../src/adapters/seals/seal-folder.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

const never = new AbortController().signal;

describe('pushing seals', () => {
  let place: string;
  let server: Server;
  let status = 200;
  let taken: [number: string, body: string, authorization: string | undefined][] = [];

  before(async () => {
    place = mkdtempSync(join(tmpdir(), 'saga-push-'));
    server = createServer((request, response) => {
      void buffer(request).then((body) => {
        const { 'x-seal-number': number, authorization } = request.headers;
        if (status === 200) taken.push([String(number), body.toString(), authorization]);
        response.writeHead(status).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.close();
    rmSync(place, { recursive: true });
  });
  beforeEach(() => {
    taken = [];
    status = 200;
  });

  it('sends each seal once and in order, with the password of the address', async () => {
    const folder = createSealFolder(join(place, 'a'));
    const { port } = server.address() as AddressInfo;
    const url = `http://auditor:rahasia@127.0.0.1:${String(port)}/seals`;
    const push = createSealPush({ folder, url, log: silentLogger(), failed: () => undefined });
    expect(await push.push(never)).to.equal(0);
    await folder.add(1, Buffer.from('one'));
    await folder.add(2, Buffer.from('two'));
    expect(await push.push(never)).to.equal(0);
    await folder.add(3, Buffer.from('three'));
    expect(await push.push(never)).to.equal(0);
    const login = `Basic ${Buffer.from('auditor:rahasia').toString('base64')}`;
    expect(taken).to.deep.equal([
      ['1', 'one', login],
      ['2', 'two', login],
      ['3', 'three', login],
    ]);
  });

  it('loses nothing while the other side refuses, counts it, and logs no password', async () => {
    const folder = createSealFolder(join(place, 'b'));
    const { port } = server.address() as AddressInfo;
    const log = silentLogger();
    let failures = 0;
    const to = (url: string) =>
      createSealPush({ folder, url, log, failed: () => (failures += 1), patienceMs: 300 });
    await folder.add(1, Buffer.from('one'));
    const deaf = createServer().listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    const closed = (deaf.address() as AddressInfo).port;
    deaf.close();
    expect(await to(`http://auditor:rahasia@127.0.0.1:${String(closed)}/`).push(never)).to.equal(1);
    status = 500;
    await folder.add(2, Buffer.from('two'));
    const push = to(`http://auditor:rahasia@127.0.0.1:${String(port)}/`);
    expect(await push.push(never)).to.equal(2);
    expect(failures).to.be.greaterThan(1);
    expect(log.lines.map(({ message }) => message)).to.include(
      'seals wait to be pushed: the next one tries again',
    );
    expect(JSON.stringify(log.lines)).not.to.include('rahasia');
    status = 200;
    expect(await push.push(never)).to.equal(0);
    expect(taken.map(([number]) => number)).to.deep.equal(['1', '2']);
  });
});
