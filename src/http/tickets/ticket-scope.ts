/** Which rows a caller may read, as a scope for the read tables (docs/design/api.md#403-or-404). */
import { type Caller, visibleDivision } from '../../domain/staff/privileges.ts';
import { DIVISIONS, type Division } from '../../domain/vocabulary.ts';
import { locateTicket } from '../../projections/tickets/inbox.ts';
import type { ReadStore, Scope } from '../../ports.ts';
import { HttpError } from '../framework/errors.ts';

/** In which one ticket is read. */
export type TicketScope = Exclude<Scope, { kind: 'all' }>;

/** Everything the caller sees of lists. */
export function scopeOf(caller: Caller): Scope {
  const seen = visibleDivision(caller);
  return seen === 'all'
    ? { kind: 'all', userId: caller.id }
    : { kind: 'division', division: seen, userId: caller.id };
}

/**
 * The caller's scope, narrowed to the division they ask for, and the divisions it holds.
 * @throws HttpError DIVISION_FORBIDDEN
 */
export function scopeWithin(
  caller: Caller,
  wanted: Division | 'all' | undefined,
): { readonly scope: Scope; readonly divisions: readonly Division[] } {
  const seen = visibleDivision(caller);
  const asked = wanted ?? seen;
  if (seen !== 'all' && asked !== seen) throw new HttpError('DIVISION_FORBIDDEN');
  if (asked === 'all') return { scope: { kind: 'all', userId: caller.id }, divisions: DIVISIONS };
  return { scope: { kind: 'division', division: asked, userId: caller.id }, divisions: [asked] };
}

/**
 * The scope in which the caller may read this one ticket: their division, or the grant of an assignment across
 * divisions.
 * @throws HttpError TICKET_NOT_FOUND, DIVISION_FORBIDDEN
 */
export async function scopeOfTicket(read: ReadStore, caller: Caller, ticketId: string): Promise<TicketScope> {
  const found = await locateTicket(read, ticketId, caller.id);
  if (!found) throw new HttpError('TICKET_NOT_FOUND');
  const { division, granted } = found;
  const seen = visibleDivision(caller);
  if (seen === 'all' || seen === division) return { kind: 'division', division, userId: caller.id };
  if (granted) return { kind: 'ticket', division, ticketId, userId: caller.id };
  throw new HttpError('DIVISION_FORBIDDEN');
}
