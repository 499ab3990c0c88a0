/**
 * Push to native apps by FCM HTTP v1: an access token for a signed assertion of the service account (RFC 7523), then one
 * request per device. https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send
 */
import { setTimeout as pause } from 'node:timers/promises';
import got, { type Response } from 'got';
import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import type { Logger, NativeAddress, PushOutcome, PushPayload, ServiceAccount } from '../../ports.ts';

export interface FcmOptions {
  readonly account: ServiceAccount;
  /** `https://fcm.googleapis.com`, or a simulator. */
  readonly apiUrl: string;
  readonly logger: Logger;
  readonly timeoutMs?: number;
  /** Before the second and the third try, unless FCM says otherwise. */
  readonly pausesMs?: readonly number[];
}

export interface Fcm {
  /** Never rejects. */
  send(to: NativeAddress, payload: PushPayload): Promise<PushOutcome>;
  /** Why nothing can be sent at all; null: nothing is known against it. */
  problem(): string | null;
}

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const TIMEOUT_MS = 10_000;
const PAUSES_MS = [1_000, 4_000];
/** A push that has to wait longer is lost: the next one is worth more. */
const LONGEST_PAUSE_MS = 10_000;
/** A token is asked for again a minute before it ends. */
const EARLY_MS = 60_000;
const KEPT_SECONDS = 3_600;

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number() });
const errorAnswer = z.object({
  error: z.object({
    status: z.string().optional(),
    details: z
      .array(
        z.object({
          errorCode: z.string().optional(),
          fieldViolations: z.array(z.object({ field: z.string() })).optional(),
        }),
      )
      .default([]),
  }),
});

/** The service account was refused: nothing can be sent until a person acts. */
class Refused extends Error {}

const jsonOf = ({ body }: Response<string>): unknown => {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
};

/** Is the device gone, or its token none of this project? */
function isGone(answer: Response<string>): boolean {
  const { error } = errorAnswer.safeParse(jsonOf(answer)).data ?? {};
  const codes = error?.details.map(({ errorCode }) => errorCode) ?? [];
  if (codes.includes('UNREGISTERED') || codes.includes('SENDER_ID_MISMATCH')) return true;
  const fields = error?.details.flatMap(({ fieldViolations = [] }) => fieldViolations) ?? [];
  return error?.status === 'INVALID_ARGUMENT' && fields.some(({ field }) => field === 'message.token');
}

/** @returns undefined: not worth another try */
function pauseBefore(answer: Response<string>, usual: number | undefined): number | undefined {
  if (usual === undefined || (answer.statusCode !== 429 && answer.statusCode < 500)) return undefined;
  const seconds = Number(answer.headers['retry-after']);
  const wanted = Number.isFinite(seconds) ? seconds * 1000 : usual;
  return wanted <= LONGEST_PAUSE_MS ? wanted : undefined;
}

/** Texts only: that is what FCM takes in `data`. */
const messageOf = ({ token }: NativeAddress, { text, badge, sound, ...data }: PushPayload) => ({
  message: {
    token,
    notification: { title: 'Saga', body: text },
    data: Object.fromEntries(
      Object.entries({ ...data, badge, sound }).map(([name, value]) => [
        name,
        value === null ? '' : String(value),
      ]),
    ),
    android: {
      priority: 'HIGH',
      ttl: `${String(KEPT_SECONDS)}s`,
      notification: { notification_count: badge, channel_id: sound ?? 'silent' },
    },
    apns: {
      headers: { 'apns-priority': '10' },
      payload: { aps: { badge, ...(sound !== null && { sound: `${sound}.caf` }) } },
    },
  },
});

export function createFcm(options: FcmOptions): Fcm {
  const { account, logger, timeoutMs = TIMEOUT_MS, pausesMs = PAUSES_MS } = options;
  const address = `${options.apiUrl}/v1/projects/${account.project_id}/messages:send`;
  let token: { readonly value: string; readonly until: number } | null = null;
  let asking: Promise<string> | null = null;
  let refusedBecause: string | null = null;

  const post = (url: string, body: { json: object } | { form: Record<string, string> }, bearer?: string) =>
    got.post(url, {
      ...body,
      ...(bearer !== undefined && { headers: { authorization: `Bearer ${bearer}` } }),
      timeout: { request: timeoutMs },
      retry: { limit: 0 },
      followRedirect: false,
      throwHttpErrors: false,
      responseType: 'text',
    });

  function refuse(status: number): never {
    refusedBecause = `Google refuses the service account (${String(status)})`;
    // An alarm: nothing reaches any phone until somebody replaces FCM_SERVICE_ACCOUNT.
    logger.error({ status }, 'FCM refuses the service account: no push reaches a native app');
    throw new Refused();
  }

  async function askForToken(): Promise<string> {
    const key = await importPKCS8(account.private_key, 'RS256');
    const assertion = await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(account.client_email)
      .setAudience(account.token_uri)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(key);
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
    const answer = await post(account.token_uri, { form });
    if (answer.statusCode === 400 || answer.statusCode === 401 || answer.statusCode === 403)
      refuse(answer.statusCode);
    const { access_token: value, expires_in: seconds } = tokenAnswer.parse(jsonOf(answer));
    token = { value, until: Date.now() + seconds * 1000 - EARLY_MS };
    return value;
  }

  /** One request for all that wait for it. */
  function tokenNow(): Promise<string> {
    if (token !== null && token.until > Date.now()) return Promise.resolve(token.value);
    asking ??= askForToken().finally(() => {
      asking = null;
    });
    return asking;
  }

  async function attempt(to: NativeAddress, payload: PushPayload): Promise<PushOutcome> {
    let renewed = false;
    for (const usual of [...pausesMs, undefined]) {
      let answer = await post(address, { json: messageOf(to, payload) }, await tokenNow());
      if (answer.statusCode === 401 && !renewed) {
        // It may have been taken back before its time.
        renewed = true;
        token = null;
        answer = await post(address, { json: messageOf(to, payload) }, await tokenNow());
      }
      const { statusCode } = answer;
      if (statusCode === 200) {
        refusedBecause = null;
        return 'sent';
      }
      if (isGone(answer)) return 'gone';
      if (statusCode === 401 || statusCode === 403) refuse(statusCode);
      const milliseconds = pauseBefore(answer, usual);
      if (milliseconds === undefined) {
        // The token is a secret: only the answer is reported.
        logger.warn({ status: statusCode }, 'FCM refused a push');
        return 'failed';
      }
      await pause(milliseconds);
    }
    return 'failed';
  }

  return {
    problem: () => refusedBecause,
    send: (to, payload) =>
      attempt(to, payload).catch((error: unknown) => {
        if (!(error instanceof Refused)) {
          const code = error instanceof Error && 'code' in error ? error.code : undefined;
          logger.warn({ code }, 'a push could not be sent to FCM');
        }
        return 'failed' as const;
      }),
  };
}
