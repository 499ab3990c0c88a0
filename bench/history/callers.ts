/** The users that act in the benches, and an event that they cause. */
import { DEFAULT_PRIVILEGES, type Caller } from '../../src/domain/staff/privileges.ts';
import type { DomainEvent } from '../../src/domain/codec.ts';
import type { EventContext } from '../../src/engine/commands/command-handler.ts';

const uuid = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const agent = (n: number): Caller => ({
  id: uuid(1_000 + n),
  role: 'sales_agent',
  division: 'sari',
  privileges: new Set(DEFAULT_PRIVILEGES.sales_agent),
});

/** An event of the usual size, with its metadata. */
export const TAKEN_OVER = (
  now: Date,
): { readonly event: DomainEvent; readonly eventContext: EventContext } => {
  const { id, role, division } = agent(1);
  return {
    event: {
      type: 'TicketTakenOver',
      data: { ticketId: uuid(1), division: 'sari', agentId: id, agentDivision: 'sari' },
    },
    eventContext: {
      actor: { kind: 'user', id, role, division },
      correlationId: uuid(2),
      causationId: uuid(2),
      requestId: uuid(2),
      at: now.toISOString(),
    },
  };
};
