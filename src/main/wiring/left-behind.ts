/** An installation whose events are in the other kind of store (docs/design/reliability.md#moving-between-stores). */
import { sql } from 'kysely';
import { statement } from '../../engine/sql/statement.ts';
import { type EventStore, START, StoreUnavailable, type WriteStore } from '../../ports.ts';
import { StartError } from '../start-error.ts';

const viewsHaveEvents = statement(
  null,
  () => sql<{
    readonly here: boolean;
    readonly elsewhere: boolean;
  }>`select coalesce(bool_or(p.store_id = s.store_id::text), false) as here, coalesce(bool_or(p.store_id <> s.store_id::text), false) as elsewhere
from ops.projections p cross join es.store s where p.position > ''`,
);

const COPY = 'npm run events:copy';

/**
 * An empty store next to views that hold events would start as a new installation, ready and without accounts.
 * @param events as the settings have it
 * @param isPostgres whether EVENTSTORE_URL is not set
 * @throws StartError the events are in the store that the settings no longer name
 */
export async function assertNotLeftBehind(
  writes: Pick<WriteStore, 'query'>,
  events: Pick<EventStore, 'head'>,
  isPostgres: boolean,
): Promise<void> {
  const [views] = await writes.query(viewsHaveEvents());
  const isOther = isPostgres ? views?.elsewhere === true && !views.here : views?.here;
  if (isOther !== true || !(await isEmpty(events))) return;
  throw new StartError(
    isPostgres
      ? `The events of this installation are in an EventStoreDB, and EVENTSTORE_URL is not set. Set it, or move them: ${COPY} -- --from <its address> --to postgres`
      : `EVENTSTORE_URL names an empty event store, and the events of this installation are in its database. Copy them: ${COPY} -- --from postgres --to env:EVENTSTORE_URL`,
  );
}

/** A store that does not answer is not empty: the program starts, and waits for it. */
async function isEmpty(events: Pick<EventStore, 'head'>): Promise<boolean> {
  try {
    return (await events.head()) === START;
  } catch (error) {
    if (error instanceof StoreUnavailable) return false;
    throw error;
  }
}
