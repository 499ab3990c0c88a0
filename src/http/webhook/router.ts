/**
 * One address for all channels (docs/design/api.md#webhook): verified, stored, answered. What it means is worked out
 * later.
 */
import { type Request, type Response, Router } from 'express';
import type { Division } from '../../domain/vocabulary.ts';
import { inPatience, withPatience } from '../../engine/jobs/patience.ts';
import {
  type BlindIndex,
  type Clock,
  type Logger,
  StoreUnavailable,
  type WebhookInbox,
} from '../../ports.ts';
import { send, success } from '../framework/envelope.ts';
import type { ByteBudget } from '../framework/body-budget.ts';
import { HttpError } from '../framework/errors.ts';
import { readBytes } from '../framework/json-body.ts';
import type { RequestInfo } from '../framework/request.ts';
import { OTHER_DIVISION } from '../../channels/bot/form.ts';
import { sameSecret } from '../../channels/hmac.ts';
import type { Lines } from '../../channels/lines.ts';
import type { WebhookClaim, WebhookSecrets } from '../../channels/provider.ts';
import { maySign, readBody, type Verified, verifiedForms, webhookPaths } from '../../channels/webhook.ts';
import { toInboxItem } from './inbox-item.ts';

/**
 * Meta batches up to 1,000 updates in up to 3 MB (docs/design/whatsapp.md#delivery-guarantees): with the 1 MiB of the
 * other routes it would send such a batch for seven days and then drop it.
 */
export const MAX_WEBHOOK_BYTES = 3 * 1024 * 1024;

export interface WebhookDeps {
  /** `/api/webhook/external-bot` unless the operator hides it elsewhere (docs/design/api.md#webhook-address). */
  readonly path: string;
  /** PUBLIC_URL: what signs its address knows this one, and no header of a request says it. */
  readonly publicUrl: string;
  readonly inbox: Pick<WebhookInbox, 'store'>;
  readonly secrets: WebhookSecrets;
  readonly lines: Lines;
  /** `WEBHOOK_MAX_AGE_DAYS`. */
  readonly maxAgeDays: number;
  readonly blindIndex: BlindIndex;
  /** Until its signature is checked, a body is anybody's (docs/design/reliability.md#floods). */
  readonly unauthenticatedBytes: ByteBudget;
  readonly clock: Clock;
  readonly log: Logger;
}

type WebhookResponse = Response<unknown, { info?: RequestInfo }>;

/** Metrics and logs name the route, not the address it was configured to. */
function named(res: WebhookResponse): void {
  if (res.locals.info) res.locals.info.route = 'webhook';
}

/**
 * Meta asks once whether this address is ours: without a signature, so by a token of its own
 * (docs/design/whatsapp.md#handshake-and-signature).
 */
function handshake(req: Request, res: WebhookResponse, verifyToken: string | null): void {
  named(res);
  const query = new URL(req.originalUrl, 'http://localhost').searchParams;
  const token = query.get('hub.verify_token');
  const challenge = query.get('hub.challenge');
  const asked = query.get('hub.mode') === 'subscribe' && token !== null && challenge !== null;
  if (!asked || !verifyToken || !sameSecret(token, verifyToken)) throw new HttpError('FORBIDDEN');
  // As text, so that a challenge that holds markup is shown and not run.
  res.setHeader('Content-Type', 'text/plain; charset=utf-8');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.end(challenge);
}

/** Kept with the body where its secret says it, so that the body can be read again. */
const divisionOf = ({ divisions }: WebhookClaim): Division | null =>
  divisions?.length === 1 ? (divisions[0] ?? null) : null;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** All forms of one address are written in the same way. */
function parse(
  bytes: Buffer,
  [first]: readonly Verified[],
): { readonly text: string; readonly body: unknown } {
  try {
    const text = utf8.decode(bytes);
    return { text, body: first?.form.parse(text) };
  } catch {
    throw new HttpError('MALFORMED_JSON');
  }
}

/**
 * `GET` is Meta's handshake; `POST` takes signed bodies of Meta, Telegram and the product's bots, and answers
 * `{ accepted, duplicates }` when they are durable. Not rate limited: who is not signed is turned away, and who is
 * must not be. Nobody's body is read without the form of a signature, and no more than 48 MiB of all together before it is checked.
 * @throws HttpError INVALID_SIGNATURE, MALFORMED_JSON, PAYLOAD_TOO_LARGE, BAD_REQUEST; FORBIDDEN for a wrong handshake
 * @throws HttpError OVERLOADED too many bodies at once; StoreUnavailable: the sender hears 503 and comes again
 */
export function webhookRouter(deps: WebhookDeps): Router {
  const {
    path: prefix,
    publicUrl,
    inbox,
    secrets,
    lines,
    maxAgeDays,
    blindIndex,
    unauthenticatedBytes,
    clock,
    log,
  } = deps;
  const router = Router();

  router.get(prefix, (req, res) => {
    handshake(req, res, secrets.metaVerifyToken);
  });

  for (const { address, path } of webhookPaths(prefix))
    router.post(address, (req, res: WebhookResponse) => take(req, res, address, path));

  async function take(req: Request, res: WebhookResponse, address: string, path: string): Promise<void> {
    named(res);
    if (!maySign(req.headers, path)) throw new HttpError('INVALID_SIGNATURE');
    const account = unauthenticatedBytes.account(req, res);
    const bytes = await readBytes(req, MAX_WEBHOOK_BYTES, account);
    const [, query] = /^[^?]*(\?.*)?$/s.exec(req.originalUrl) ?? [];
    const url = publicUrl + address + (query ?? '');
    const verified = verifiedForms(req.headers, bytes, secrets, { path, url });
    if (verified.length === 0) throw new HttpError('INVALID_SIGNATURE');
    account.release();
    const { text, body } = parse(bytes, verified);
    const receivedAt = clock.now().toISOString();
    const read = readBody(body, verified, { lines, receivedAt });
    if (!read) throw new HttpError('INVALID_SIGNATURE');
    // As with any secret for something else: nothing of it is kept, the rest of a list neither.
    if (read.items.some((item) => item.kind === 'dead' && item.reason === OTHER_DIVISION)) {
      log.warn({ reason: OTHER_DIVISION }, 'a bot signed for a division that is not its own');
      throw new HttpError('INVALID_SIGNATURE');
    }
    const items = read.items.map((item) => toInboxItem(item, { blindIndex, receivedAt, maxAgeDays }));
    const delivery = {
      form: read.form.name,
      division: divisionOf(read.claim),
      line: read.claim.line,
      body: text,
      receivedAt,
      items,
    };
    const stored = await withPatience(() =>
      inPatience(inbox.store(delivery), () => new StoreUnavailable('webhook')),
    );
    const dead = items.flatMap(({ state, reason }) => (state === 'dead' ? [reason] : []));
    if (dead.length > 0)
      log.warn({ reason: dead[0], count: dead.length }, 'webhook items became dead letters');
    if (read.form.answersNothing === true) {
      res.statusCode = 204;
      res.end();
    } else send(res, success(200, stored));
  }

  return router;
}
