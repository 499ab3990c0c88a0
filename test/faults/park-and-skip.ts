/** A note that no version of the program can read, and what an operator does about it. */
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { createChainedEventStore } from '../../src/adapters/hash-chain/chained-event-store.ts';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { eventually } from '../support/eventually.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import { runScript } from '../support/processes/npm-script.ts';
import type { Program } from '../support/processes/program.ts';
import { someMetadata } from '../support/scenarios/events.ts';
import { type Installation, PASSWORD } from '../e2e/installation.ts';

/** Whether `/readyz` names a parked event. */
export const hasParked = async ({ url }: Pick<Program, 'url'>): Promise<boolean> =>
  (await (await fetch(`${url}/readyz`)).text()).includes('parked:');

/** Resolves when the views have parked it, it was skipped, and nothing is parked any more. */
export async function parkAndSkip({ folder, main }: Installation, ticketId: string): Promise<void> {
  const store = createChainedEventStore(
    await createPostgresEventStore({ connection: folder.databaseUrl(), logger: silentLogger() }),
  );
  const id = randomUUID();
  const unreadable = { id, type: 'NoteFromTheFuture', data: {}, metadata: someMetadata(id) };
  await store.append(`internal-${ticketId}`, [unreadable], { expected: 'any' });
  await store.close();
  await eventually('it is parked', () => hasParked(main()), 30_000);
  const skipped = await runScript('projections', ['skip', '--event', id, '--reason', 'uji'], {
    DATA_DIR: folder.path,
    OPERATOR_EMAIL: 'sa@demo.saga',
    OPERATOR_PASSWORD: PASSWORD,
  });
  expect(skipped.code, skipped.output).to.equal(0);
  await eventually('nothing is parked', async () => !(await hasParked(main())), 30_000);
}
