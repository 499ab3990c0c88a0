import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Nothing passes any more, in neither direction; connections stay open and new ones are accepted. */
  blackHole(on: boolean): void;
  /** What the server answers from now on gets lost, what it is told does not. */
  loseReplies(on: boolean): void;
  /** Everything takes so many milliseconds longer, each way. */
  delay(milliseconds: number): void;
  /** Resets every connection. */
  cut(): void;
  close(): Promise<void>;
}

/** Stands between a client and a server on loopback and behaves as bad as a network can. */
export async function tcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const pairs = new Set<{ inside: Socket; outside: Socket }>();
  let hole = false;
  let deaf = false;
  let late = 0;

  /** In order: a timer of the same length runs in the order in which it was set. */
  const pass = (to: Socket, chunk: Buffer): void => {
    if (late === 0) to.write(chunk);
    else
      setTimeout(() => {
        if (to.writable) to.write(chunk);
      }, late);
  };

  const server = createServer((outside) => {
    const inside = connect(target);
    const pair = { inside, outside };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      inside.destroy();
      outside.destroy();
    };
    for (const socket of [inside, outside]) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    outside.on('data', (chunk) => {
      if (!hole) pass(inside, chunk);
    });
    inside.on('data', (chunk) => {
      if (!hole && !deaf) pass(outside, chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function cut(): void {
    for (const { inside, outside } of pairs) {
      inside.destroy();
      outside.resetAndDestroy();
    }
  }

  return {
    port: (server.address() as AddressInfo).port,
    blackHole: (on) => {
      hole = on;
    },
    loseReplies: (on) => {
      deaf = on;
    },
    delay: (milliseconds) => {
      late = milliseconds;
    },
    cut,
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
