import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { createServer, drain } from '../../../src/http/framework/server/server.ts';

describe('a server that stops', () => {
  const LIMITS = { headersTimeout: 300, requestTimeout: 600 };
  /** A server with clients that have sent so much of a request, and no more. */
  async function serving(...sent: readonly string[]) {
    const app = express();
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      app.get('/slow', (_req, res) => {
        answer = () => res.end('selesai');
        resolve();
      });
    });
    app.post('/body', (req, res) => {
      req.resume().on('end', () => res.end('dibaca'));
      req.on('error', () => undefined);
    });
    const server = createServer(app);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const sockets: Socket[] = [];
    for (const text of sent) {
      const socket = connect(port, '127.0.0.1');
      const accepted = once(server, 'connection');
      await once(socket, 'connect');
      await accepted;
      if (text !== '') socket.write(text);
      sockets.push(socket);
    }
    return {
      server,
      sockets,
      asked,
      answer: () => {
        answer();
      },
    };
  }
  const textOf = async (socket: Socket): Promise<string> => {
    let text = '';
    for await (const bytes of socket) text += String(bytes);
    return text;
  };

  it('waits for nobody who connected and said nothing', async () => {
    const { server, sockets } = await serving('', '', '');
    await drain(server, { headersTimeout: 60_000, requestTimeout: 60_000 });
    for (const socket of sockets) expect(await textOf(socket)).to.equal('');
  });

  it('waits for the rest of a request only so long', async () => {
    const head = 'POST /body HTTP/1.1\r\nHost: x\r\n';
    const { server, sockets } = await serving(head, `${head}Content-Length: 10\r\n\r\nsetengah`);
    const reading = sockets.map((socket) => textOf(socket).catch(() => ''));
    const began = performance.now();
    await drain(server, LIMITS);
    expect(performance.now() - began).to.be.at.least(LIMITS.requestTimeout - 1);
    expect(await Promise.all(reading)).to.deep.equal(['', '']);
  });

  it('answers whoever has sent a whole request, however long that takes', async () => {
    const { server, sockets, asked, answer } = await serving('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n', '');
    await asked;
    const reading = textOf(sockets[0]!);
    const drained = drain(server, { headersTimeout: 1, requestTimeout: 1 });
    await once(sockets[1]!, 'close');
    answer();
    await drained;
    expect(await reading)
      .to.match(/200 OK/)
      .and.to.match(/selesai/);
  });
});

describe('a request that is not whole in time', () => {
  it('is told to come again, and is not called wrong: it may be the server that was late', async () => {
    const server = createServer(express());
    // Node looks every two seconds.
    Object.assign(server, { headersTimeout: 50, requestTimeout: 100 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const answers = ['POST /body HTTP/1.1\r\nHost: x\r\nContent-Le', 'no HTTP at all\r\n\r\n'].map(
      async (sent) => {
        const socket = connect(port, '127.0.0.1');
        socket.write(sent);
        let text = '';
        for await (const bytes of socket) text += String(bytes);
        return text;
      },
    );
    const [late = '', wrong = ''] = await Promise.all(answers).finally(() => server.close());
    expect(late).to.match(/^HTTP\/1\.1 503 .*Retry-After: 5\r\n.*"OVERLOADED"/s);
    expect(wrong).to.match(/^HTTP\/1\.1 400 .*"BAD_REQUEST"/s);
  });
});
