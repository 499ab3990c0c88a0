/** The tags a dashboard offers (docs/design/api.md#tag-catalogue). */
import { sql } from 'kysely';
import type { Recorded } from '../../domain/codec.ts';
import { storable } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import type { View } from '../../engine/projections/view.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';

const allTags = statement('tags_list', () =>
  tables
    .selectFrom('read.tags')
    .select(
      sql<string>`json_build_object('id', id, 'name', name, 'color', color, 'type', kind)::text`.as('tag'),
    )
    .orderBy(({ fn }) => fn('lower', ['name']))
    .orderBy('id'),
);

/**
 * Every tag, by name.
 * @returns text of a JSON array
 */
export async function listTags(read: ReadStore, scope: Scope): Promise<string> {
  const rows = await read.scoped(scope, (sql) => sql.query(allTags()));
  return `[${rows.map(({ tag }) => tag).join(',')}]`;
}

async function applyTag(sql: Sql, { type, data }: Recorded): Promise<void> {
  if (type === 'TagDefined')
    await sql.query(
      write(
        'tags_define',
        `insert into read.tags (id, name, color, kind) values ($1, $2, $3, $4)
on conflict (id) do update set name = excluded.name, color = excluded.color, kind = excluded.kind`,
        [data.tagId, storable(data.name), storable(data.color), data.kind],
      ),
    );
  else if (type === 'TagChanged')
    await sql.query(
      write('tags_change', 'update read.tags set name = $2, color = $3 where id = $1', [
        data.tagId,
        storable(data.name),
        storable(data.color),
      ]),
    );
  else if (type === 'TagDeleted')
    await sql.query(write('tags_delete', 'delete from read.tags where id = $1', [data.tagId]));
}

/** The view `read.tags`. */
export function tagsView(): View {
  return {
    name: 'tags',
    streams: ['catalogue-'],
    tables: ['tags'],
    forget: () => undefined,
    apply: async (sql, events) => {
      // Few, and one by one in their order: a tag may be taken out and come back in one batch.
      for (const event of events) await applyTag(sql, event);
      return undefined;
    },
  };
}
