/** Challenges in ops.challenges, their tokens as SHA-256 (docs/design/reliability.md#second-factor). */
import { sql } from 'kysely';
import { hashOfToken, newOpaqueToken } from './opaque-token.ts';
import { statement } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import {
  type Challenge,
  CHALLENGE_SECONDS,
  type Challenges,
  type Clock,
  type WriteStore,
} from '../../ports.ts';

/** A code has a million values, and one challenge is worth so many guesses. */
const MOST_ATTEMPTS = 5;

const giveOne = statement(
  'challenge_give',
  (
    hash: Buffer,
    purpose: Challenge['purpose'],
    userId: string,
    generation: number,
    sessionId: string | null,
    sealed: string | null,
    expiresAt: Date,
  ) =>
    tables.insertInto('ops.challenges').values({
      token_hash: hash,
      purpose,
      user_id: userId,
      generation,
      session_id: sessionId,
      sealed,
      expires_at: expiresAt,
    }),
);

// One statement: of many tries at once no more than the limit are looked at.
const attemptOne = statement('challenge_attempt', (hash: Buffer, purpose: Challenge['purpose'], now: Date) =>
  tables
    .updateTable('ops.challenges')
    .set({ attempts: sql<number>`attempts + 1` })
    .where('token_hash', '=', hash)
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .where('attempts', '<', MOST_ATTEMPTS)
    .returning(['user_id as userId', 'generation', 'session_id as sessionId', 'sealed']),
);

const useOne = statement('challenge_use', (hash: Buffer, now: Date) =>
  tables
    .updateTable('ops.challenges')
    .set({ used_at: now, sealed: null })
    .where('token_hash', '=', hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('user_id'),
);

const purgeOver = statement('challenge_purge', (now: Date) =>
  tables.deleteFrom('ops.challenges').where('expires_at', '<=', now).returning('user_id'),
);

export function createChallenges(store: Pick<WriteStore, 'query'>, clock: Clock): Challenges {
  return {
    async give({ purpose, userId, generation, sessionId, sealed }) {
      const token = newOpaqueToken();
      const expiresAt = new Date(clock.now().getTime() + CHALLENGE_SECONDS * 1000);
      await store.query(
        giveOne(hashOfToken(token), purpose, userId, generation, sessionId, sealed, expiresAt),
      );
      return token;
    },
    async attempt(token, purpose) {
      const [found] = await store.query(attemptOne(hashOfToken(token), purpose, clock.now()));
      return found ? { purpose, ...found } : null;
    },
    use: async (token) => (await store.query(useOne(hashOfToken(token), clock.now()))).length > 0,
    purge: async () => (await store.query(purgeOver(clock.now()))).length,
  };
}
