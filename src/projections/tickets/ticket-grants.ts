/** Who sees a ticket of another division: whoever has it assigned (contract.md 4, 'cross-division assignment'). */
import type { Recorded } from '../../domain/codec.ts';
import type { Sql } from '../../ports.ts';
import { columns, dispatch, type Handlers } from '../../engine/projections/view.ts';

export interface Grant {
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

interface Changes {
  /** By ticket. */
  readonly grants: Map<string, Grant>;
  /** The division each moved user is in now. */
  readonly movedUsers: Map<string, string>;
}

const HANDLERS: Handlers<[Changes], unknown> = {
  TicketTakenOver: ({ data: { ticketId, division, agentId, agentDivision } }, { grants }) =>
    grants.set(ticketId, held(ticketId, division, agentId, agentDivision)),
  TicketAssigned: ({ data: { ticketId, division, agentId, agentDivision } }, { grants }) =>
    grants.set(ticketId, held(ticketId, division, agentId, agentDivision)),
  TicketReassigned: ({ data: { ticketId, division, toAgent, toDivision } }, { grants }) =>
    grants.set(ticketId, held(ticketId, division, toAgent, toDivision)),
  TicketQueued: ({ data: { ticketId, division } }, { grants }) =>
    grants.set(ticketId, { ticketId, division, userId: null }),
  TicketWithdrawn: ({ data: { ticketId, division } }, { grants }) =>
    grants.set(ticketId, { ticketId, division, userId: null }),
  // Whoever had it when it was closed has it again, or nobody has.
  TicketReopened: ({ data: { ticketId, division, agentId } }, { grants }) =>
    agentId === null && grants.set(ticketId, { ticketId, division, userId: null }),
  UserMoved: ({ data: { userId, division } }, { movedUsers }) => movedUsers.set(userId, division),
};

/** Collects what a batch does to the grants, or the part of it that ends where somebody moves. */
export function grantChanges() {
  const changes: Changes = { grants: new Map(), movedUsers: new Map() };

  return {
    see(event: Recorded): void {
      dispatch(HANDLERS, event, changes);
    },
    /** After the tickets of the batch are written: a moved user's grants are worked out from those. */
    async write(sql: Sql): Promise<void> {
      const all = [...changes.grants.values()];
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
      for (const [userId, division] of changes.movedUsers) {
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

/** The grants themselves, folded event by event: what a rebuild of the inbox makes (`projections/inbox-bulk`). */
export function foldGrants() {
  const grants = new Map<string, Grant>();
  const changes: Changes = { grants, movedUsers: new Map() };
  return {
    /** @param assignedTo the tickets a user has right now */
    see(
      event: Recorded,
      assignedTo: (userId: string) => Iterable<{ readonly ticketId: string; readonly division: string }>,
    ): void {
      dispatch(HANDLERS, event, changes);
      for (const [userId, division] of changes.movedUsers) {
        for (const [ticketId, grant] of grants) if (grant.userId === userId) grants.delete(ticketId);
        for (const one of assignedTo(userId))
          grants.set(one.ticketId, held(one.ticketId, one.division, userId, division));
      }
      changes.movedUsers.clear();
    },
    /** Those that somebody holds. */
    all: (): readonly Grant[] => [...grants.values()].filter(({ userId }) => userId !== null),
    /** Forgets the grants of all other tickets. */
    keep(isKept: (ticketId: string) => boolean): void {
      for (const ticketId of grants.keys()) if (!isKept(ticketId)) grants.delete(ticketId);
    },
    clear: () => {
      grants.clear();
    },
  };
}
