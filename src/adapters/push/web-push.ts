import got from 'got';
import webPush from 'web-push';
import type { Logger, PushAddress, PushOutcome, PushSender } from '../../ports.ts';

export interface WebPushOptions {
  /** null: Web Push is off. */
  readonly vapid: {
    readonly publicKey: string;
    readonly privateKey: string;
    /** `mailto:` or `https:`: where a push service reports problems. */
    readonly subject: string;
  } | null;
  /** Hosts of push services; a name that begins with a dot means all its subdomains. */
  readonly hosts: readonly string[];
  readonly logger: Logger;
  readonly timeoutMs?: number;
}

/** How long a push service keeps a message for a device that is offline. */
const TTL_SECONDS = 3_600;
const TIMEOUT_MS = 10_000;
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

const isGone = (status: number): boolean => status === 404 || status === 410;

export interface WebPush extends Pick<PushSender, 'publicKey' | 'accepts'> {
  /** Encrypted for the device. Never rejects. */
  send(to: PushAddress, payload: object): Promise<PushOutcome>;
}

/**
 * web-push encrypts and signs (RFC 8291, 8292); got sends. No redirects: only the first address is checked. No
 * retries: a push is sent at most once.
 */
export function createWebPush({ vapid, hosts, logger, timeoutMs = TIMEOUT_MS }: WebPushOptions): WebPush {
  const known = (host: string): boolean =>
    hosts.some((one) => (one.startsWith('.') ? host.endsWith(one) : host === one));
  const accepts = (endpoint: string): boolean => {
    const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
    if (!url || url.username !== '' || url.password !== '' || !known(url.hostname)) return false;
    return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
  };

  return {
    publicKey: vapid?.publicKey ?? null,
    accepts,
    async send(to, payload) {
      if (!vapid || !accepts(to.endpoint)) return 'gone';
      try {
        const request = webPush.generateRequestDetails(
          { endpoint: to.endpoint, keys: to.keys },
          JSON.stringify(payload),
          { vapidDetails: vapid, TTL: TTL_SECONDS, urgency: 'high' },
        );
        const { statusCode } = await got(request.endpoint, {
          method: 'POST',
          headers: Object.fromEntries(
            // Its types say string, and TTL and the length are numbers.
            Object.entries<unknown>(request.headers).map(([name, value]) => [name, String(value)]),
          ),
          body: request.body,
          timeout: { request: timeoutMs },
          retry: { limit: 0 },
          followRedirect: false,
          throwHttpErrors: false,
          responseType: 'buffer',
        });
        if (statusCode >= 200 && statusCode < 300) return 'sent';
        // The endpoint is a secret: only the answer of the service is reported.
        if (!isGone(statusCode)) logger.warn({ status: statusCode }, 'a push service refused a push');
        return isGone(statusCode) ? 'gone' : 'failed';
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        logger.warn({ code }, 'a push could not be sent');
        return 'failed';
      }
    },
  };
}
