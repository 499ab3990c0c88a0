/** Who can answer a customer at all, and why somebody cannot any more (docs/design/business-rules.md#people-who-left). */
import { z } from 'zod';
import { covers, effectivePrivileges, type Privilege } from '../staff/privileges.ts';
import { type Division, isAgentRole, type Role, type UserDivision } from '../vocabulary.ts';

/** Why somebody cannot answer a ticket of theirs any more. */
export const leaving = z.enum(['deactivated', 'may_not_reply', 'moved']);
export type Leaving = z.infer<typeof leaving>;

export interface Answerer {
  readonly role: Role;
  readonly active: boolean;
  readonly granted: readonly Privilege[];
  readonly revoked: readonly Privilege[];
}

/**
 * Active, of a role that has tickets, and with the privilege `reply`: all others take no tickets and keep none.
 * @param ofRole what their role may now
 */
export const canAnswer = (person: Answerer, ofRole: readonly Privilege[]): boolean =>
  person.active &&
  isAgentRole(person.role) &&
  effectivePrivileges(person.role, ofRole, person).includes('reply');

/**
 * @param ticket `agentDivision`: where they were when they got it; null: unknown. A ticket that was given to somebody of
 * another division stays with them: only a move afterwards takes it away.
 * @returns why this person cannot answer that ticket of theirs; null: they can
 */
export function whyCannotAnswer(
  person: Answerer & { readonly division: UserDivision },
  ofRole: readonly Privilege[],
  ticket: { readonly division: Division; readonly agentDivision: UserDivision | null },
): Leaving | null {
  if (!person.active) return 'deactivated';
  if (!canAnswer(person, ofRole)) return 'may_not_reply';
  const { division, agentDivision } = ticket;
  const hasMoved = agentDivision !== null && agentDivision !== person.division;
  return hasMoved && !covers(person, division) ? 'moved' : null;
}
