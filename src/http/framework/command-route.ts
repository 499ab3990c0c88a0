import type { Position } from '../../ports.ts';
import type { ErrorCode } from './errors.ts';
import { id } from './schemas.ts';

/** What every route that runs a command on a ticket shares. */

/** A command's result as an answer: its position in the store is not for the wire. */
export function answerOf<R extends { readonly position: Position }>({ position, ...data }: R) {
  return { data, position };
}

/** Codes of every command on a ticket. */
export const ON_TICKET: readonly ErrorCode[] = ['TICKET_NOT_FOUND', 'DIVISION_FORBIDDEN', 'BUSY'];

export const ticketParams = { id };
