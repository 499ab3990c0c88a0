/** Who may see how the program is doing (docs/design/reliability.md#operators): this machine, or who has the token. */
import type { IncomingMessage } from 'node:http';
import { sameSecret } from '../../channels/hmac.ts';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const BEARER = /^Bearer (\S+)$/i;
/** A proxy on this machine asks from loopback for anybody; that it does so is in one of these. */
const FORWARDED = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'forwarded',
  'via',
];

/** @param opsToken OPS_TOKEN; null: loopback only */
export function isOperator(req: IncomingMessage, opsToken: string | null): boolean {
  const token = BEARER.exec(req.headers.authorization ?? '')?.[1];
  if (opsToken !== null && token !== undefined && sameSecret(token, opsToken)) return true;
  if (FORWARDED.some((name) => req.headers[name] !== undefined)) return false;
  return LOOPBACK.test(req.socket.remoteAddress ?? '');
}
