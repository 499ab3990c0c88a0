/** The tags a dashboard offers (docs/design/api.md#tag-catalogue). */
import { sql } from 'kysely';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { storable } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import type { View } from '../../engine/projections/view.ts';
import type { ReadStore, Scope } from '../../ports.ts';

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

/** The view `read.tags`. */
export function tagsView(): View {
  return {
    name: 'tags',
    streams: ['catalogue-'],
    tables: ['tags'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const tags = events.flatMap((event) => (event.type === 'TagDefined' ? [event.data] : []));
      if (tags.length === 0) return undefined;
      const last = new Map(tags.map((tag) => [tag.tagId, tag]));
      await sql.query(
        write(
          null,
          `insert into read.tags (id, name, color, kind) select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
on conflict (id) do update set name = excluded.name, color = excluded.color, kind = excluded.kind`,
          columnsOf('read.tags', [...last.values()], {
            id: ({ tagId }) => tagId,
            name: ({ name }) => storable(name),
            color: ({ color }) => storable(color),
            kind: ({ kind }) => kind,
          }),
        ),
      );
      return undefined;
    },
  };
}
