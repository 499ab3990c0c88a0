/** Who sees a ticket of another division: whoever has it assigned (contract.md 4, 'cross-division assignment'). */
import type { Recorded } from '../domain/codec.ts';
import type { Sql } from '../ports.ts';
import { columns } from './view.ts';

interface Grant {
  readonly ticketId: string;
  readonly division: string;
  /** null: nobody holds one on this ticket any more. */
  readonly userId: string | null;
}

const held = (ticketId: string, division: string, agent: string, agentDivision: string): Grant => ({
  ticketId,
  division,
  userId: agentDivision === division || agentDivision === 'all' ? null : agent,
});

/** Collects what a batch does to the grants. */
export function grantChanges() {
  const grants = new Map<string, Grant>();
  const movedUsers = new Map<string, string>();

  return {
    see(event: Recorded): void {
      switch (event.type) {
        case 'TicketTakenOver':
        case 'TicketAssigned': {
          const { ticketId, division, agentId, agentDivision } = event.data;
          grants.set(ticketId, held(ticketId, division, agentId, agentDivision));
          break;
        }
        case 'TicketReassigned': {
          const { ticketId, division, toAgent, toDivision } = event.data;
          grants.set(ticketId, held(ticketId, division, toAgent, toDivision));
          break;
        }
        case 'TicketWithdrawn':
        case 'TicketQueued': {
          const { ticketId, division } = event.data;
          grants.set(ticketId, { ticketId, division, userId: null });
          break;
        }
        case 'UserMoved':
          movedUsers.set(event.data.userId, event.data.division);
          break;
        default:
      }
    },
    /** After the tickets of the batch are written: a moved user's grants are worked out from those. */
    async write(sql: Sql): Promise<void> {
      const all = [...grants.values()];
      if (all.length > 0) {
        await sql.query({
          name: 'ticket_grants_delete',
          text: 'delete from read.ticket_grants where ticket_id = any($1::uuid[])',
          values: [all.map(({ ticketId }) => ticketId)],
        });
      }
      const given = all.filter(({ userId }) => userId !== null);
      if (given.length > 0) {
        await sql.query({
          name: 'ticket_grants_insert',
          text: 'insert into read.ticket_grants (user_id, ticket_id, division) select * from unnest($1::uuid[], $2::uuid[], $3::text[])',
          values: columns(
            given,
            ({ userId }) => userId,
            ({ ticketId }) => ticketId,
            ({ division }) => division,
          ),
        });
      }
      for (const [userId, division] of movedUsers) {
        await sql.query({
          text: 'delete from read.ticket_grants where user_id = $1',
          values: [userId],
        });
        await sql.query({
          text: `insert into read.ticket_grants (user_id, ticket_id, division)
select assigned_to, id, division from read.tickets where assigned_to = $1 and division <> $2 and $2 <> 'all'`,
          values: [userId, division],
        });
      }
    },
  };
}
