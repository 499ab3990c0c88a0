/** Who sees a ticket of another division: its assignee (docs/design/api.md#assignment-across-divisions). */
import { sql } from 'kysely';
import type { Recorded } from '../../domain/codec.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { allOf, dispatch, type Handlers } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { type NoRow, statement, write } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';

export interface GrantChange {
  readonly ticketId: string;
  readonly division: Division;
  /** null: nobody holds one on this ticket any more. */
  readonly userId: string | null;
}

const held = (ticketId: string, division: Division, agent: string, agentDivision: string): GrantChange => ({
  ticketId,
  division,
  userId: agentDivision === division || agentDivision === 'all' ? null : agent,
});

interface Changes {
  /** By ticket. */
  readonly grants: Map<string, GrantChange>;
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
  TicketReleased: ({ data: { ticketId, division } }, { grants }) =>
    grants.set(ticketId, { ticketId, division, userId: null }),
  // The agent who had it when it was closed has it again, or nobody has.
  TicketReopened: ({ data: { ticketId, division, agentId } }, { grants }) =>
    agentId === null && grants.set(ticketId, { ticketId, division, userId: null }),
  UserMoved: ({ data: { userId, division } }, { movedUsers }) => movedUsers.set(userId, division),
};

const deleteGrants = statement('ticket_grants_delete', (ticketIds: readonly string[]) =>
  tables.deleteFrom('read.ticket_grants').where('ticket_id', '=', sql<string>`any(${ticketIds}::uuid[])`),
);

const deleteGrantsOfUser = statement(null, (userId: string) =>
  tables.deleteFrom('read.ticket_grants').where('user_id', '=', userId),
);

const grantHeld = statement(
  null,
  (
    userId: string,
    division: string,
  ) => sql<NoRow>`insert into read.ticket_grants (user_id, ticket_id, division)
select assigned_to, id, division from read.tickets where assigned_to = ${userId} and division <> ${division} and ${division} <> 'all'`,
);

/** Collects what a batch does to the grants, or the part of it that ends where somebody moves. */
export function grantChanges() {
  const changes: Changes = { grants: new Map(), movedUsers: new Map() };

  return {
    see(event: Recorded): void {
      dispatch(HANDLERS, event, changes);
    },
    /**
     * To be asked for after the tickets of the batch: a moved user's grants are worked out from those. The connection does what it
     * is asked for in that order.
     */
    async write(sql: Sql): Promise<void> {
      const all = [...changes.grants.values()];
      const work: Promise<unknown>[] = [];
      if (all.length > 0) work.push(sql.query(deleteGrants(all.map(({ ticketId }) => ticketId))));
      const current = all.flatMap(({ userId, ...grant }) => (userId === null ? [] : [{ ...grant, userId }]));
      if (current.length > 0)
        work.push(
          sql.query(
            write(
              'ticket_grants_insert',
              'insert into read.ticket_grants (user_id, ticket_id, division) select * from unnest($1::uuid[], $2::uuid[], $3::text[])',
              columnsOf('read.ticket_grants', current, {
                user_id: ({ userId }) => userId,
                ticket_id: ({ ticketId }) => ticketId,
                division: ({ division }) => division,
              }),
            ),
          ),
        );
      for (const [userId, division] of changes.movedUsers)
        work.push(sql.query(deleteGrantsOfUser(userId)), sql.query(grantHeld(userId, division)));
      await allOf(work);
    },
  };
}

/** The grants themselves, folded event by event: what a rebuild of the inbox makes (`projections/inbox-bulk`). */
export function foldGrants() {
  const grants = new Map<string, GrantChange>();
  const changes: Changes = { grants, movedUsers: new Map() };
  return {
    /** @param assignedTo the tickets a user has right now */
    see(
      event: Recorded,
      assignedTo: (userId: string) => Iterable<{ readonly ticketId: string; readonly division: Division }>,
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
    all: (): readonly GrantChange[] => [...grants.values()].filter(({ userId }) => userId !== null),
    /** Forgets the grants of all other tickets. */
    keep(isKept: (ticketId: string) => boolean): void {
      for (const ticketId of grants.keys()) if (!isKept(ticketId)) grants.delete(ticketId);
    },
    clear: () => {
      grants.clear();
    },
  };
}
