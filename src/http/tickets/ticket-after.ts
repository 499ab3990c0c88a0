/** What a command on a ticket answers besides its own members: the ticket as it left it (docs/design/api.md#what-a-change-answers). */
import { z } from 'zod';
import { visibleDivision } from '../../domain/staff/privileges.ts';
import { type Position, StoreUnavailable } from '../../ports.ts';
import { getTicket } from '../../projections/tickets/inbox.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import type { Answer, SignedIn } from '../framework/route.ts';
import { ticketObject } from '../framework/schemas.ts';
import { type TicketScope, scopeOfTicket } from './ticket-scope.ts';

/** Member of the answer of every command on a ticket. */
export const ticketAfterwards = ticketObject.nullable().meta({
  description:
    'As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now.',
});

export const ticketData = z.strictObject({ ticket: ticketAfterwards });

/** More members, read in the scope of the ticket, as JSON texts; null: the tables do not show them yet. */
type ReadMore = (scope: TicketScope) => Promise<Readonly<Record<string, string>> | null>;

/** The command was done: whatever a read says afterwards, the answer is no refusal. */
const saysNothing = (error: unknown): boolean =>
  error instanceof StoreUnavailable || (error instanceof HttpError && error.code === 'TICKET_NOT_FOUND');

async function readAfter(
  context: HttpContext,
  { caller }: SignedIn,
  ticketId: string,
  readMore: ReadMore | undefined,
): Promise<{ readonly members: Readonly<Record<string, string>>; readonly missing: boolean }> {
  const idle = { now: context.clock.now(), afterHours: context.config.idleAfterHours };
  const readIn = async (scope: TicketScope) => {
    const [found, more] = await Promise.all([
      getTicket(context.read, scope, ticketId, idle, caller),
      readMore?.(scope),
    ]);
    return { members: { ticket: found?.json ?? 'null', ...more }, missing: found === null || more === null };
  };
  const seen = visibleDivision(caller);
  try {
    // Nearly always it is of the caller's division, and shown there: then nobody has to ask first which one it is of.
    if (seen !== 'all') {
      const ofOwn = await readIn({ kind: 'division', division: seen, userId: caller.id });
      if (!ofOwn.missing) return ofOwn;
    }
    return await readIn(await scopeOfTicket(context.read, caller, ticketId));
  } catch (error) {
    if (error instanceof HttpError && error.code === 'DIVISION_FORBIDDEN')
      return { members: { ticket: 'null' }, missing: false };
    if (!saysNothing(error)) throw error;
    return { members: { ticket: 'null' }, missing: true };
  }
}

/**
 * The answer of a command on a ticket: its own members and the ticket as the read tables show it once they hold the
 * command, or after a second, then with `meta.stale`.
 */
export async function withTicket(
  { context, signedIn }: { readonly context: HttpContext; readonly signedIn: SignedIn },
  ticketId: string,
  { position, ...data }: Readonly<Record<string, unknown>> & { readonly position: Position },
  readMore?: ReadMore,
): Promise<Answer<never>> {
  const { readYourWrites } = context;
  // The first remembers the write before it waits for other processes, so both can wait at once.
  const [, { stale }] = await Promise.all([
    readYourWrites.wrote(signedIn.caller.id, position),
    readYourWrites.ready(signedIn.caller.id, ticketId),
  ]);
  const { members, missing } = await readAfter(context, signedIn, ticketId, readMore);
  const texts = Object.entries({
    ...Object.fromEntries(
      Object.entries(data).flatMap(([name, value]) => {
        const text = JSON.stringify(value) as string | undefined;
        return text === undefined ? [] : [[name, text]];
      }),
    ),
    ...members,
  });
  const json = `{${texts.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
  return { data: { json }, ...((stale || missing) && { meta: { stale: true } }) };
}
