/** A network between a browser and the program that goes in the middle of something, as that of a phone does. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface WeakNetwork {
  /** Where a browser finds the program through it. */
  readonly url: string;
  /** What is said still gets through, and no answer comes back. */
  hush(): void;
  /** All connections end, and there are no new ones. */
  cut(): void;
  mend(): void;
  close(): void;
}

/** @param target where the program listens */
export async function weakNetwork(target: string): Promise<WeakNetwork> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let state: 'up' | 'hushed' | 'away' = 'up';
  const server = createServer((browser) => {
    if (state === 'away') {
      browser.destroy();
      return;
    }
    const program = connect(Number(port), hostname);
    browser.pipe(program);
    program.on('data', (bytes) => {
      if (state === 'up') browser.write(bytes);
    });
    for (const [one, other] of [
      [browser, program],
      [program, browser],
    ] as const) {
      sockets.add(one);
      // One side that ends, however it does, ends the other.
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    state = 'away';
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    hush: () => {
      state = 'hushed';
    },
    cut,
    mend: () => {
      state = 'up';
    },
    close: () => {
      cut();
      server.close();
    },
  };
}
