/** How many bytes of people without an account this process holds at once (docs/design/reliability.md#floods). */
import type { Request } from 'express';
import type { ServerResponse } from 'node:http';
import { HttpError } from './errors.ts';

/** Of the whole process; one address gets a quarter, so that it cannot take the place of all others. */
const MAX_BYTES = 48 * 1024 * 1024;
const SHARE_OF_ADDRESS = 4;
/** Seconds: who is turned away comes again when slow senders have met their time-out. */
const RETRY_AFTER = 5;

export interface ByteBudget {
  /** Bytes that are held now. */
  readonly held: number;
  /** Opens an account for the body of `req`; it is given back when `res` is done, at the latest. */
  account(req: Request, res: ServerResponse): ByteAccount;
}

export interface ByteAccount {
  /** The body takes `bytes` of memory now. @throws HttpError OVERLOADED no room: 503 with Retry-After */
  holds(bytes: number): void;
  release(): void;
}

/** @param max bytes of all bodies together */
export function createByteBudget(max = MAX_BYTES): ByteBudget {
  const byAddress = new Map<string, number>();
  let held = 0;
  return {
    get held() {
      return held;
    },
    account(req, res) {
      const address = addressGroup(req.ip);
      let own = 0;
      const change = (bytes: number): void => {
        own += bytes;
        held += bytes;
        const left = (byAddress.get(address) ?? 0) + bytes;
        if (left > 0) byAddress.set(address, left);
        else byAddress.delete(address);
      };
      const release = (): void => {
        change(-own);
      };
      res.once('close', release);
      return {
        release,
        holds(bytes) {
          const more = bytes - own;
          const ofAddress = (byAddress.get(address) ?? 0) + more;
          if (held + more > max || ofAddress > max / SHARE_OF_ADDRESS)
            throw new HttpError('OVERLOADED', [], RETRY_AFTER);
          change(more);
        },
      };
    },
  };
}

/** What counts as one sender: an IPv4 address, or the /64 that one customer of a provider gets of IPv6. */
export function addressGroup(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === '' ? [] : tail.split(':');
  const whole = address.includes('::')
    ? [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back]
    : front;
  return `${whole
    .slice(0, 4)
    .map((part) => parseInt(part, 16).toString(16))
    .join(':')}::/64`;
}
