import { type NoRow, write } from '../../engine/sql/statement.ts';
import type { Logger, ReadStore, Scope, Sql, Statement, StatementText } from '../../ports.ts';
import { asStoreError } from './connection-errors.ts';
import {
  createPipelinedConnections,
  type PipelinedConnections,
  type StatementResult,
} from './pipelined-connections.ts';

/** The role a scope reads as; policies of the read tables name these (migrations/20261120_0000_roles.sql). */
export const READER_ROLES: Readonly<Record<Scope['kind'], string>> = {
  division: 'saga_reader_division',
  all: 'saga_reader_all',
  ticket: 'saga_reader_ticket',
};

/**
 * `select set_config('app.division', $1, true), set_config('app.ticket', $2, true), set_config('app.user', $3, true)`:
 * local to the transaction, so that a pooled connection carries nothing over
 * (docs/design/reliability.md#scoped-transactions).
 */
export function settingsOf(scope: Scope): Statement<NoRow> {
  const division = scope.kind === 'all' ? '' : scope.division;
  const ticket = scope.kind === 'ticket' ? scope.ticketId : '';
  if ((scope.kind !== 'all' && division === '') || (scope.kind === 'ticket' && ticket === '')) {
    throw new TypeError(`a scope of kind ${scope.kind} without its division or ticket`);
  }
  return write(
    'scope',
    "select set_config('app.division', $1, true), set_config('app.ticket', $2, true), set_config('app.user', $3, true)",
    [division, ticket, scope.userId],
  );
}

interface Asked {
  readonly statement: StatementText;
  settle(outcome: StatementResult): void;
}

/**
 * Statements that `work` asks for in one tick go as one transaction in one round trip and see one snapshot; those it
 * asks for after an answer are a transaction of their own, under the same scope. Nothing else is lost by that, for
 * they only read; a slow `work` holds no connection.
 */
function sqlFor(connections: PipelinedConnections, setup: StatementText): Sql {
  let burst: Asked[] = [];

  const flush = async (): Promise<void> => {
    const asked = burst;
    burst = [];
    try {
      const outcomes = await connections.run(
        setup,
        asked.map(({ statement }) => statement),
      );
      outcomes.forEach((outcome, index) => asked[index]?.settle(outcome));
    } catch (reason) {
      for (const { settle } of asked) settle({ status: 'rejected', reason });
    }
  };

  return {
    query: <Row extends object>(statement: StatementText) =>
      new Promise<Row[]>((resolve, reject) => {
        if (burst.length === 0) queueMicrotask(() => void flush());
        burst.push({
          statement,
          settle: (outcome) => {
            if (outcome.status === 'fulfilled') resolve(outcome.value as Row[]);
            else {
              const error = asStoreError(outcome.reason);
              reject(error instanceof Error ? error : new Error(String(error)));
            }
          },
        });
      }),
  };
}

export interface ReadsOptions {
  readonly url: string;
  readonly logger: Logger;
  /** Connections for one-division readers; readers of all divisions get as many, ticket grants half. */
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
}

/** Connections of one pool: how many there are, and how much work they have. */
export interface PoolUse {
  readonly pool: string;
  readonly open: number;
  readonly most: number;
  /** Statements or transactions under way, and those that wait for a connection. */
  readonly busy: number;
  readonly waiting: number;
}

/** The connections of the readers, one pool for each kind of scope. They connect when first used. */
export function createReads(
  options: ReadsOptions,
): ReadStore & { use(): readonly PoolUse[]; close(): Promise<void> } {
  const most: Readonly<Record<Scope['kind'], number>> = {
    division: options.poolSize,
    all: options.poolSize,
    ticket: Math.ceil(options.poolSize / 2),
  };
  const connectionsFor = (kind: Scope['kind']): PipelinedConnections =>
    createPipelinedConnections({ ...options, role: READER_ROLES[kind], size: most[kind] });
  const connections: Readonly<Record<Scope['kind'], PipelinedConnections>> = {
    division: connectionsFor('division'),
    all: connectionsFor('all'),
    ticket: connectionsFor('ticket'),
  };
  return {
    scoped: async (scope, work) => work(sqlFor(connections[scope.kind], settingsOf(scope))),
    use: () =>
      (['division', 'all', 'ticket'] as const).map((kind) => {
        const { open, busy } = connections[kind].use();
        // A connection takes several statements at once: nobody waits for one, only for the answers before theirs.
        return { pool: `read ${kind}`, open, most: most[kind], busy, waiting: Math.max(busy - open, 0) };
      }),
    close: async () => {
      await Promise.all(Object.values(connections).map((each) => each.close()));
    },
  };
}
