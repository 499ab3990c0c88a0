/**
 * The mark of a restore that is not finished (docs/design/reliability.md#restores). It is made before anything else is, it says
 * how far the restore is in the transaction that got it there, and it goes in the transaction that ends the restore. A
 * start in between would send messages twice, or begin with half of the data.
 */
import { sql } from 'kysely';
import { type NoRow, statement } from '../../engine/sql/statement.ts';
import type { Statement } from '../../ports.ts';

/** `begun`: nothing is in it yet. `loaded`: the rows are. `copied`: the files are, too; the store must be accepted. */
export type RestorePhase = 'begun' | 'loaded' | 'copied';

export interface RestoreMark {
  readonly backup: string;
  readonly phase: RestorePhase;
}

export class UnfinishedRestore extends Error {
  override readonly name = 'UnfinishedRestore';
  constructor({ backup, phase }: RestoreMark) {
    super(
      `A restore into this database is unfinished (backup ${backup}, ${phase}): npm run restore -- --resume <backup>. ` +
        'With EventStoreDB, when EventStoreDB is restored too: npm run store:accept. ' +
        'Until then nothing starts: messages would be sent twice, or data be missing.',
    );
  }
}

const markIsThere = statement(
  null,
  () =>
    sql<{
      readonly there: boolean;
    }>`select to_regclass('public.saga_unfinished_restore') is not null as there`,
);
const theMark = statement(
  null,
  () => sql<RestoreMark>`select backup, phase from public.saga_unfinished_restore`,
);

// No migration makes it: a backup of an older version is restored before the migrations of this one run.
export const createMark = statement(
  null,
  () =>
    sql<NoRow>`create table public.saga_unfinished_restore (only_row boolean primary key default true check (only_row), backup text not null, phase text not null)`,
);
export const setMark = statement(
  null,
  (backup: string, phase: RestorePhase) =>
    sql<NoRow>`insert into public.saga_unfinished_restore (backup, phase) values (${backup}, ${phase})
on conflict (only_row) do update set backup = excluded.backup, phase = excluded.phase`,
);
export const dropMark = statement(
  null,
  () => sql<NoRow>`drop table if exists public.saga_unfinished_restore`,
);

type Ask = <Row extends object>(statement: Statement<Row>) => Promise<readonly Row[]>;

/** @returns null when no restore is under way */
export async function restoreMark(ask: Ask): Promise<RestoreMark | null> {
  const [table] = await ask(markIsThere());
  if (table?.there !== true) return null;
  const [mark] = await ask(theMark());
  return mark ?? { backup: 'unknown', phase: 'begun' };
}

/** @throws UnfinishedRestore */
export async function assertNoUnfinishedRestore(ask: Ask): Promise<void> {
  const mark = await restoreMark(ask);
  if (mark !== null) throw new UnfinishedRestore(mark);
}
