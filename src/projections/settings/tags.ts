/** The tags a dashboard offers (contract.md 8). */
import type { ReadStore, Scope } from '../../ports.ts';
import { storable } from '../../engine/sql/postgres-text.ts';
import { columns, type View } from '../../engine/projections/view.ts';

/**
 * `select json_build_object('id', id, 'name', name, 'color', color, 'type', kind)::text from read.tags order by lower(name)`
 * @returns text of a JSON array
 */
export async function listTags(read: ReadStore, scope: Scope): Promise<string> {
  const rows = await read.scoped(scope, (sql) =>
    sql.query<{ tag: string }>({
      name: 'tags_list',
      text: `select json_build_object('id', id, 'name', name, 'color', color, 'type', kind)::text as tag
from read.tags order by lower(name), id`,
      values: [],
    }),
  );
  return `[${rows.map(({ tag }) => tag).join(',')}]`;
}

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
      await sql.query({
        text: `insert into read.tags (id, name, color, kind) select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
on conflict (id) do update set name = excluded.name, color = excluded.color, kind = excluded.kind`,
        values: columns(
          [...last.values()],
          ({ tagId }) => tagId,
          ({ name }) => storable(name),
          ({ color }) => storable(color),
          ({ kind }) => kind,
        ),
      });
      return undefined;
    },
  };
}
