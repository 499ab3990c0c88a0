import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Nothing passes in either direction; connections stay open and new ones are accepted. */
  blackHole(on: boolean): void;
  /** Drops the answers of the server from now on; requests still arrive. */
  loseReplies(on: boolean): void;
  /** Delays everything by so many milliseconds, in each direction. */
  delay(milliseconds: number): void;
  /** Resets every connection. */
  cut(): void;
  close(): Promise<void>;
}

/** A proxy between a client and a server on loopback that can behave like a bad network. */
export async function tcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const pairs = new Set<{ inside: Socket; outside: Socket }>();
  let dropsAll = false;
  let dropsReplies = false;
  let delayMs = 0;

  /** Keeps the order: timers of the same length run in the order in which they were set. */
  const pass = (to: Socket, chunk: Buffer): void => {
    if (delayMs === 0) to.write(chunk);
    else
      setTimeout(() => {
        if (to.writable) to.write(chunk);
      }, delayMs);
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
      if (!dropsAll) pass(inside, chunk);
    });
    inside.on('data', (chunk) => {
      if (!dropsAll && !dropsReplies) pass(outside, chunk);
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
      dropsAll = on;
    },
    loseReplies: (on) => {
      dropsReplies = on;
    },
    delay: (milliseconds) => {
      delayMs = milliseconds;
    },
    cut,
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
