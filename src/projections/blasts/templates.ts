/** The wordings to choose from, and whether Meta lets them be used (contract.md 8). */
import { variablesOf } from '../../domain/blasts/personalise.ts';
import type { Recorded } from '../../domain/codec.ts';
import type { TemplateState } from '../../domain/blasts/template.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import { storable, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { columns, type View } from '../../engine/projections/view.ts';

// ---------------------------------------------------------------- queries

export interface TemplateRow {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly body: string;
  readonly variables: string[];
  readonly whatsapp_template_name: string | null;
  readonly state: TemplateState;
  readonly state_reason: string | null;
}

/** `select ... from read.templates order by lower(name), id`; `usable`: only those that may be sent now. */
export async function listTemplates(
  read: ReadStore,
  scope: Scope,
  { usable = false }: { readonly usable?: boolean } = {},
): Promise<readonly TemplateRow[]> {
  const rows = await read.scoped(scope, (sql) =>
    sql.query<Omit<TemplateRow, 'variables'>>({
      name: usable ? 'templates_usable' : 'templates_list',
      text: `select id, name, language, body, whatsapp_name as whatsapp_template_name, state, state_reason
from read.templates ${usable ? "where state = 'approved'" : ''} order by lower(name), id`,
      values: [],
    }),
  );
  return rows.map((row) => ({ ...row, variables: [...variablesOf(row.body).names] }));
}

// ---------------------------------------------------------------- view

type Kind<T extends Recorded['type']> = Extract<Recorded, { type: T }>;
type Worded = Kind<'TemplateDefined'> | Kind<'TemplateReworded'>;

const writeWordings = (sql: Sql, worded: readonly Worded[]): Promise<unknown> =>
  sql.query({
    name: 'templates_write',
    text: `insert into read.templates (id, name, language, body, whatsapp_name, state)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
on conflict (id) do update set name = excluded.name, language = excluded.language, body = excluded.body,
  whatsapp_name = excluded.whatsapp_name`,
    values: columns(
      [...new Map(worded.map((event) => [event.data.templateId, event])).values()],
      ({ data }) => data.templateId,
      ({ data }) => storable(data.name),
      ({ data }) => storable(data.language),
      ({ data }) => storable(data.body),
      ({ data }) => storableOrNull(data.whatsappName),
      (event) => (event.type === 'TemplateDefined' ? event.data.state : 'approved'),
    ),
  });

const writeStates = (
  sql: Sql,
  states: readonly { readonly id: string; readonly state: TemplateState; readonly reason: string | null }[],
): Promise<unknown> =>
  sql.query({
    name: 'templates_states',
    text: `update read.templates t set state = s.state, state_reason = s.reason
from unnest($1::uuid[], $2::text[], $3::text[]) s (id, state, reason) where t.id = s.id`,
    values: columns(
      states,
      ({ id }) => id,
      ({ state }) => state,
      ({ reason }) => storableOrNull(reason),
    ),
  });

export function templatesView(): View {
  return {
    name: 'templates',
    streams: ['catalogue-templates'],
    tables: ['templates'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const worded = events.filter(
        (event): event is Worded => event.type === 'TemplateDefined' || event.type === 'TemplateReworded',
      );
      // A state of its own for each: a definition carries one, and what came later counts.
      const states = new Map<string, { id: string; state: TemplateState; reason: string | null }>();
      for (const { type, data } of events) {
        if (type === 'TemplateDefined')
          states.set(data.templateId, { id: data.templateId, state: data.state, reason: null });
        else if (type === 'TemplateStateChanged')
          states.set(data.templateId, { id: data.templateId, state: data.state, reason: data.reason });
      }
      if (worded.length > 0) await writeWordings(sql, worded);
      if (states.size > 0) await writeStates(sql, [...states.values()]);
      return undefined;
    },
  };
}
