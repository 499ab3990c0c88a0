import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen(port, '127.0.0.1', () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}

/**
 * Below the range that systems hand out to outgoing connections, so that the port is still free when Postgres
 * starts again on it.
 * @param preferred used when free: the port of the last start
 */
export async function freePort(preferred: number | undefined): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  for (;;) {
    const port = randomInt(15_432, 25_432);
    if (await isFree(port)) return port;
  }
}
