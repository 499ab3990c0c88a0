/** Tickets in ops.stream_tickets, as SHA-256 (docs/design/api.md#live-stream). */
import { hashOfToken, newOpaqueToken } from './opaque-token.ts';
import { statement } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import { type Clock, STREAM_TICKET_SECONDS, type StreamTickets, type WriteStore } from '../../ports.ts';

const giveOne = statement(
  'stream_ticket_give',
  (hash: Buffer, userId: string, sessionId: string, tokenExpiresAt: Date, until: Date) =>
    tables.insertInto('ops.stream_tickets').values({
      ticket_hash: hash,
      user_id: userId,
      session_id: sessionId,
      token_expires_at: tokenExpiresAt,
      expires_at: until,
    }),
);

// One statement: of two who come with the same ticket one gets it.
const takeOne = statement('stream_ticket_take', (hash: Buffer) =>
  tables
    .deleteFrom('ops.stream_tickets')
    .where('ticket_hash', '=', hash)
    .returning([
      'user_id as userId',
      'session_id as sessionId',
      'token_expires_at as tokenExpiresAt',
      'expires_at as expiresAt',
    ]),
);

const purgeOver = statement('stream_ticket_purge', (now: Date) =>
  tables.deleteFrom('ops.stream_tickets').where('expires_at', '<=', now).returning('user_id'),
);

export function createStreamTickets(store: Pick<WriteStore, 'query'>, clock: Clock): StreamTickets {
  return {
    async give({ userId, sessionId, expiresAt }) {
      const ticket = newOpaqueToken();
      const until = new Date(clock.now().getTime() + STREAM_TICKET_SECONDS * 1000);
      await store.query(giveOne(hashOfToken(ticket), userId, sessionId, new Date(expiresAt * 1000), until));
      return ticket;
    },
    async take(ticket) {
      const [found] = await store.query(takeOne(hashOfToken(ticket)));
      if (!found || found.expiresAt <= clock.now()) return null;
      const { userId, sessionId, tokenExpiresAt } = found;
      return { userId, sessionId, expiresAt: Math.floor(tokenExpiresAt.getTime() / 1000) };
    },
    purge: async () => (await store.query(purgeOver(clock.now()))).length,
  };
}
