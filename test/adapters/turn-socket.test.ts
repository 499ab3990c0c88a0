import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect } from 'chai';
import { turnSocket } from '../../src/adapters/turn-socket.ts';

describe('a socket that writes once a turn', () => {
  it('holds back what is written until the turn ends, and sends all of it in order', async () => {
    const got: Buffer[] = [];
    const server = createServer((peer) => peer.on('data', (chunk) => got.push(chunk))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = turnSocket();
    const calls: number[] = [];
    // What the stream hands to the system, and in how many pieces.
    const { _writev } = socket;
    socket._writev = (chunks, done) => {
      calls.push(chunks.length);
      _writev?.call(socket, chunks, done);
    };
    socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');

    socket.write('BEGIN;');
    socket.write(Buffer.from('scope;'));
    void Promise.resolve().then(() => socket.write('page;'));
    await Promise.resolve();
    socket.write('COMMIT;', 'utf8');
    expect(calls).to.deep.equal([]);
    await new Promise(setImmediate);
    expect(calls).to.deep.equal([4]);

    await new Promise<void>((resolve) => {
      socket.write('next', () => {
        resolve();
      });
    });
    socket.end();
    await once(socket, 'close');
    expect(Buffer.concat(got).toString()).to.equal('BEGIN;scope;page;COMMIT;next');
    server.close();
  });
});
