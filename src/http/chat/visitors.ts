/** Who may talk to the web chat, and how often: before a byte of the body is read (docs/design/chat.md#sessions). */
import type { Request } from 'express';
import type { Visitor } from '../../commands/chat/visitor.ts';
import type { ChatSite } from '../../domain/chat/sites.ts';
import type { HttpConfig } from '../framework/dependencies.ts';
import { addressGroup } from '../framework/body-budget.ts';
import { HttpError, type ErrorCode } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';

const MINUTE = 60;
/** docs/design/chat.md#limits */
const PER_ADDRESS = { messages: 60, burst: 10, reads: 600, sessions: 30 };
const PER_SESSION = { messages: 20, reads: 120, escalations: 3 };

/** Codes of every route of a visitor. */
export const OF_VISITORS: readonly ErrorCode[] = [
  'SITE_UNKNOWN',
  'CHAT_SESSION_INVALID',
  'RATE_LIMITED',
  'STORE_UNAVAILABLE',
  'STORE_CHANGED',
  'TICKET_NEEDS_ATTENTION',
  'BUSY',
];

type Sites = Pick<HttpConfig, 'sites' | 'publicUrl'>;

const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).hostname : null);

/** The product's own pages, on whatever port: the site, and the frame that other sites show. */
function isOwn(origin: string, req: Pick<Request, 'headers'>, { publicUrl }: Sites): boolean {
  const host = hostOf(origin);
  if (host === null || host === '') return false;
  return (
    host === hostOf(`http://${req.headers.host ?? ''}`) || (publicUrl !== null && host === hostOf(publicUrl))
  );
}

/** May a page of this origin use this site key? */
export const mayCall = (
  origin: string,
  site: ChatSite,
  req: Pick<Request, 'headers'>,
  sites: Sites,
): boolean => site.origins.includes(origin) || isOwn(origin, req, sites);

/** May a page of this origin use any of them? */
export const isOfAnySite = (origin: string, req: Pick<Request, 'headers'>, config: Sites): boolean =>
  config.sites.some((site) => mayCall(origin, site, req, config));

async function within(context: HttpContext, key: string, limit: number, seconds: number): Promise<void> {
  const { allowed, retryAfter } = await context.limiter.take(key, limit, seconds);
  if (!allowed) throw new HttpError('RATE_LIMITED', [], retryAfter);
}

/** A browser names the page that asks, whenever it is of another origin and with every POST. */
function requireOrigin(req: Request, context: HttpContext, isNeeded: boolean): void {
  const { origin } = req.headers;
  if (origin === undefined && !isNeeded) return;
  if (origin === undefined || !isOfAnySite(origin, req, context.config)) throw new HttpError('SITE_UNKNOWN');
}

const known = new WeakMap<Request, Visitor>();
const CHAT = /^Chat ([\w-]{1,400}\.[0-9a-f]{64})$/i;

/** @returns null: no token is sent @throws HttpError CHAT_SESSION_INVALID, SITE_UNKNOWN */
function readVisitor(req: Request, context: HttpContext): Visitor | null {
  const { authorization, origin } = req.headers;
  if (authorization === undefined) return null;
  const token = CHAT.exec(authorization)?.[1];
  const visitor = token === undefined ? null : context.chatTokens.read(token);
  const site = visitor && context.config.sites.find(({ key }) => key === visitor.siteKey);
  // A site that was taken away, or given to another division, takes its talks along.
  if (!visitor || site?.division !== visitor.division) throw new HttpError('CHAT_SESSION_INVALID');
  if (origin !== undefined && !mayCall(origin, site, req, context.config))
    throw new HttpError('SITE_UNKNOWN');
  known.set(req, visitor);
  return visitor;
}

const requireVisitor = (req: Request, context: HttpContext): Visitor => {
  const visitor = readVisitor(req, context);
  if (visitor === null) throw new HttpError('CHAT_SESSION_INVALID');
  return visitor;
};

/** Who asks; only in a route whose `admit` is one of these. */
export function visitorOf(req: Request): Visitor {
  const visitor = known.get(req);
  if (!visitor) throw new HttpError('CHAT_SESSION_INVALID');
  return visitor;
}
export const visitorIfAny = (req: Request): Visitor | undefined => known.get(req);

export async function admitSession(req: Request, context: HttpContext): Promise<void> {
  requireOrigin(req, context, true);
  await within(context, `chat-sessions:${addressGroup(req.ip)}`, PER_ADDRESS.sessions, 60 * MINUTE);
}

const admitAddress = async (req: Request, context: HttpContext): Promise<void> => {
  const group = addressGroup(req.ip);
  await within(context, `chat-burst:${group}`, PER_ADDRESS.burst, 1);
  await within(context, `chat-messages:${group}`, PER_ADDRESS.messages, MINUTE);
};

/** With a session, or to make one. */
export async function admitMessage(req: Request, context: HttpContext): Promise<void> {
  const visitor = readVisitor(req, context);
  if (visitor === null) requireOrigin(req, context, true);
  await admitAddress(req, context);
  if (visitor === null)
    await within(context, `chat-sessions:${addressGroup(req.ip)}`, PER_ADDRESS.sessions, 60 * MINUTE);
  else await within(context, `chat-session:${visitor.sessionId}`, PER_SESSION.messages, MINUTE);
}

export async function admitVisitorWrite(req: Request, context: HttpContext): Promise<void> {
  const visitor = requireVisitor(req, context);
  await admitAddress(req, context);
  await within(context, `chat-session:${visitor.sessionId}`, PER_SESSION.messages, MINUTE);
}

export async function admitVisitorRead(req: Request, context: HttpContext): Promise<void> {
  const visitor = requireVisitor(req, context);
  await within(context, `chat-reads:${visitor.sessionId}`, PER_SESSION.reads, MINUTE);
}

/** Without a session: what anybody on a page of the site may see. */
export async function admitPage(req: Request, context: HttpContext): Promise<void> {
  requireOrigin(req, context, false);
  await within(context, `chat-page:${addressGroup(req.ip)}`, PER_ADDRESS.reads, MINUTE);
}

/** Of what changes something; asked again, it changes nothing and costs nothing. */
export const admitEscalation = (context: HttpContext, { sessionId }: Visitor): Promise<void> =>
  within(context, `chat-escalations:${sessionId}`, PER_SESSION.escalations, 60 * MINUTE);

/** @throws HttpError SITE_UNKNOWN */
export function siteNamed(key: string, req: Request, context: HttpContext): ChatSite {
  const site = context.config.sites.find((one) => one.key === key);
  const { origin } = req.headers;
  if (!site || (origin !== undefined && !mayCall(origin, site, req, context.config)))
    throw new HttpError('SITE_UNKNOWN');
  return site;
}

/** @throws HttpError SITE_UNKNOWN */
export function siteOfPage(req: Request, context: HttpContext): ChatSite {
  const { origin = '' } = req.headers;
  const site =
    context.config.sites.find(({ origins }) => origins.includes(origin)) ??
    context.config.sites.find((one) => mayCall(origin, one, req, context.config));
  if (!site) throw new HttpError('SITE_UNKNOWN');
  return site;
}
