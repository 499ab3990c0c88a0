/** A visitor wants to be forgotten: the talk is closed, and they are erased like any customer (docs/design/chat.md#consent). */
import { PRIVILEGES } from '../../domain/staff/privileges.ts';
import { ticket } from '../../domain/tickets/ticket.ts';
import type { CommandContext } from '../context.ts';
import type { EraseCustomer } from '../erasure/erase-customer.ts';
import { decideClose } from '../tickets/close.ts';
import { type ChatDeps, findTalk, type Visitor, visitorContext } from './visitor.ts';

/** On record with the erasure. */
const REASON = 'permintaan pengunjung lewat web chat';

/** A visitor acts for themselves and needs no privilege: what the command asks for is theirs. */
const callerFor = (requestId: string): CommandContext => ({
  caller: { id: requestId, role: 'super_admin', division: 'all', privileges: new Set(PRIVILEGES) },
  actor: { kind: 'customer' },
  requestId,
  correlationId: requestId,
});

/** Who never wrote is nobody. @throws Refusal CUSTOMER_HAS_OPEN_TICKET: their talk goes on in another channel; StoreUnavailable */
export const forget =
  (deps: ChatDeps & { readonly eraseCustomer: EraseCustomer }) =>
  async (visitor: Visitor, requestId: string): Promise<void> => {
    const { known, customerKey, ticket: found } = await findTalk(deps, visitor);
    if (known.status === 'unknown') return;
    const ctx = callerFor(requestId);
    if (found.status !== 'absent' && found.channel === 'web')
      await deps.handler.executeCommand(
        ticket,
        found.id,
        visitorContext(deps, requestId, 'customer'),
        (state) => decideClose(state, null, ctx.caller),
      );
    await deps.eraseCustomer(ctx, { customerId: known.id, customerKey, reason: REASON });
  };
