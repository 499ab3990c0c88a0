/** The templates to choose from, and whether Meta allows their use (docs/design/api.md#templates). */
import { sql } from 'kysely';
import { variablesOf } from '../../domain/blasts/personalise.ts';
import type { TemplateState } from '../../domain/blasts/template.ts';
import type { Recorded } from '../../domain/codec.ts';
import type { View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { storable, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';

// ---------------------------------------------------------------- queries

type StoredTemplate = Columns<
  'read.templates',
  {
    id: 'id';
    name: 'name';
    language: 'language';
    body: 'body';
    whatsapp_template_name: 'whatsapp_name';
    content_sid: 'content_sid';
    state: 'state';
    state_reason: 'state_reason';
  }
>;
export interface TemplateRow extends Readonly<StoredTemplate> {
  /** The names of the values that its text needs. */
  readonly variables: string[];
}

const templatesWhere = (condition: string) =>
  sql<StoredTemplate>`select id, name, language, body, whatsapp_name as whatsapp_template_name, content_sid, state, state_reason
from read.templates ${sql.raw(condition)} order by lower(name), id`;
const allTemplates = statement('templates_list', () => templatesWhere(''));
const usableTemplates = statement('templates_usable', () => templatesWhere("where state = 'approved'"));

/**
 * The templates, by name.
 *
 *     select ... from read.templates order by lower(name), id
 *
 * @param usable only those that may be sent now
 */
export async function listTemplates(
  read: ReadStore,
  scope: Scope,
  { usable = false }: { readonly usable?: boolean } = {},
): Promise<readonly TemplateRow[]> {
  const rows = await read.scoped(scope, (on) => on.query(usable ? usableTemplates() : allTemplates()));
  return rows.map((row) => ({ ...row, variables: [...variablesOf(row.body).names] }));
}

// ---------------------------------------------------------------- view

type TextEvent = Extract<Recorded, { type: 'TemplateDefined' | 'TemplateReworded' }>;

const writeTexts = (on: Sql, events: readonly TextEvent[]): Promise<unknown> =>
  on.query(
    write(
      'templates_write',
      `insert into read.templates (id, name, language, body, whatsapp_name, state, content_sid)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
on conflict (id) do update set name = excluded.name, language = excluded.language, body = excluded.body,
  whatsapp_name = excluded.whatsapp_name, content_sid = excluded.content_sid`,
      columnsOf(
        'read.templates',
        [...new Map(events.map((event) => [event.data.templateId, event])).values()],
        {
          id: ({ data }) => data.templateId,
          name: ({ data }) => storable(data.name),
          language: ({ data }) => storable(data.language),
          body: ({ data }) => storable(data.body),
          whatsapp_name: ({ data }) => storableOrNull(data.whatsappName),
          state: (event) => (event.type === 'TemplateDefined' ? event.data.state : 'approved'),
          content_sid: ({ data }) => storableOrNull(data.contentSid ?? null),
        },
      ),
    ),
  );

interface StateChange {
  readonly id: string;
  readonly state: TemplateState;
  readonly reason: string | null;
}

const writeStates = (on: Sql, changes: readonly StateChange[]): Promise<unknown> =>
  on.query(
    write(
      'templates_states',
      `update read.templates t set state = s.state, state_reason = s.reason
from unnest($1::uuid[], $2::text[], $3::text[]) s (id, state, reason) where t.id = s.id`,
      columnsOf('read.templates', changes, {
        id: ({ id }) => id,
        state: ({ state }) => state,
        state_reason: ({ reason }) => storableOrNull(reason),
      }),
    ),
  );

async function applyPart(on: Sql, events: readonly Recorded[]): Promise<void> {
  const texts = events.filter(
    (event): event is TextEvent => event.type === 'TemplateDefined' || event.type === 'TemplateReworded',
  );
  // States are written after the texts: a new definition carries a state too, and the last event counts.
  const states = new Map<string, StateChange>();
  for (const { type, data } of events) {
    if (type === 'TemplateDefined')
      states.set(data.templateId, { id: data.templateId, state: data.state, reason: null });
    else if (type === 'TemplateStateChanged')
      states.set(data.templateId, { id: data.templateId, state: data.state, reason: data.reason });
  }
  if (texts.length > 0) await writeTexts(on, texts);
  if (states.size > 0) await writeStates(on, [...states.values()]);
}

/** The view `read.templates`. */
export function templatesView(): View {
  return {
    name: 'templates',
    streams: ['catalogue-templates'],
    tables: ['templates'],
    forget: () => undefined,
    apply: async (on, events) => {
      // A deletion cuts the batch: what comes after it is of another template.
      let part: Recorded[] = [];
      for (const event of events) {
        if (event.type !== 'TemplateDeleted') {
          part.push(event);
          continue;
        }
        await applyPart(on, part);
        part = [];
        await on.query(
          write('templates_delete', 'delete from read.templates where id = $1', [event.data.templateId]),
        );
      }
      await applyPart(on, part);
      return undefined;
    },
  };
}
