/** A clamd for tests, on loopback or on a socket: answers as the real one does (clamd(8)). */
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** What everybody's scanner finds; written apart, so that no scanner finds it in this file. */
export const EICAR = Buffer.from(
  ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE', '!$H+H*'].join(''),
);

export interface ClamdSimulator {
  /** As in CLAMD_ADDRESS. */
  readonly address: string;
  /** Every file that it was shown, whole. */
  readonly seen: Buffer[];
  /** StreamMaxLength. */
  most: number;
  /** `silent`: takes everything and says nothing; `hangs up`: in the middle of a file; anything else is its answer to a file. */
  mood: 'well' | 'silent' | 'hangs up' | { readonly says: string };
  /** Nobody listens until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** @param path of a socket; without it a free port */
export async function startClamd(path?: string): Promise<ClamdSimulator> {
  const sockets = new Set<Socket>();
  let port = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined); // the client went away
    let bytes = Buffer.alloc(0);
    let command: string | undefined;
    const file: Buffer[] = [];
    socket.on('data', (more: Buffer) => {
      bytes = Buffer.concat([bytes, more]);
      if (command === undefined) {
        const end = bytes.indexOf(0);
        if (end < 0) return;
        command = bytes.subarray(0, end).toString();
        bytes = bytes.subarray(end + 1);
        if (its.mood === 'silent') return;
        if (command === 'zPING') socket.end('PONG\0');
        else if (command !== 'zINSTREAM') socket.end('UNKNOWN COMMAND\0');
      }
      if (command !== 'zINSTREAM' || its.mood === 'silent') return;
      for (;;) {
        if (bytes.length < 4) return;
        const length = bytes.readUInt32BE(0);
        if (length === 0) {
          const whole = Buffer.concat(file);
          its.seen.push(whole);
          socket.end(`${verdictOn(whole)}\0`);
          return;
        }
        if (bytes.length < 4 + length) return;
        file.push(bytes.subarray(4, 4 + length));
        bytes = bytes.subarray(4 + length);
        if (its.mood === 'hangs up') {
          socket.destroy();
          return;
        }
        if (file.reduce((sum, one) => sum + one.length, 0) > its.most) {
          // As the real one: it says so while the client still sends, and hangs up.
          socket.end('INSTREAM size limit exceeded. ERROR\0', () => socket.destroy());
          return;
        }
      }
    });
  });
  const verdictOn = (file: Buffer): string => {
    if (typeof its.mood === 'object') return its.mood.says;
    return file.includes(EICAR) ? 'stream: Eicar-Test-Signature FOUND' : 'stream: OK';
  };
  const listen = (): Promise<void> =>
    new Promise((resolve) => {
      if (path === undefined) server.listen(port, '127.0.0.1', resolve);
      else server.listen(path, resolve);
    });
  await listen();
  if (path === undefined) ({ port } = server.address() as AddressInfo);
  const its: ClamdSimulator = {
    address: path ?? `127.0.0.1:${String(port)}`,
    seen: [],
    most: 25_000_000,
    mood: 'well',
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    start: listen,
  };
  return its;
}
