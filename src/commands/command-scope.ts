/** How far a command of this person reaches: commands that are not about a ticket ask here. */
import { Refusal } from '../domain/refusals.ts';
import { type Caller, covers } from '../domain/staff/privileges.ts';
import type { UserDivision } from '../domain/vocabulary.ts';

/**
 * A privilege that a person was granted reaches no further than their division
 * (docs/design/reliability.md#divisions-bind-writes). `all` is the whole firm.
 * @throws Refusal DIVISION_FORBIDDEN
 */
export function requireReach(caller: Pick<Caller, 'role' | 'division'>, division: UserDivision): void {
  if (!covers(caller, division)) throw new Refusal('DIVISION_FORBIDDEN');
}
