/** Area: what a dashboard or a phone needs to know before it shows anything (docs/design/api.md#meta). */
import { z } from 'zod';
import { COMMON, type CrmForm } from '../../domain/crm/fields.ts';
import { FORMS } from '../../domain/crm/forms.ts';
import { citiesNamed, folded } from '../../domain/settings/cities.ts';
import { LABELS, type LabelledList } from '../../domain/settings/labels.ts';
import { openState } from '../../domain/settings/office-hours.ts';
import { calendarOf } from '../../domain/time/calendar.ts';
import { division, DIVISIONS } from '../../domain/vocabulary.ts';
import { officeHoursOf } from '../../projections/settings/office-hours.ts';
import { citiesInUse } from '../../projections/settings/used-cities.ts';
import { route } from '../framework/route.ts';
import { limitUpTo, time } from '../framework/schemas.ts';
import { scopeOf, scopeWithin } from '../tickets/ticket-scope.ts';

const TAG = 'Meta';
const labelled = z.strictObject({
  value: z.string().meta({ example: 'whatsapp' }),
  label: z.string().meta({ example: 'WhatsApp' }),
});

const field = z.strictObject({
  name: z.string().meta({ description: '`documents.stnk`: a member of a group.', example: 'service_type' }),
  schema: z.record(z.string(), z.unknown()).meta({
    description: 'JSON Schema of what it holds.',
    example: { type: 'string', enum: ['kargo', 'motor', 'air_cargo'] },
  }),
  computed: z.boolean().meta({ description: 'Nobody fills it in.' }),
});
const rule = z.strictObject({
  field: z.string().meta({ example: 'vehicle_type_motor' }),
  needs: z.array(z.string()).meta({ example: ['service_type'] }),
  message: z.string().meta({ example: 'Hanya untuk layanan motor' }),
});
const form = z.strictObject({ fields: z.array(field), rules: z.array(rule) });

const schemaOf = (type: z.ZodType): Record<string, unknown> => {
  const schema: Record<string, unknown> = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' });
  delete schema['$schema'];
  return schema;
};
const fieldsOf = (types: Readonly<Record<string, z.ZodType>>, prefix = ''): z.infer<typeof field>[] =>
  Object.entries(types).map(([name, type]) => ({
    name: `${prefix}${name}`,
    schema: schemaOf(type),
    computed: false,
  }));

function formOf({ fields, groups, rules, computed }: CrmForm): z.infer<typeof form> {
  return {
    fields: [
      ...fieldsOf(COMMON),
      ...fieldsOf(fields),
      ...Object.entries(groups).flatMap(([group, { members, type }]) =>
        fieldsOf(Object.fromEntries(members.map((member) => [member, type])), `${group}.`),
      ),
      ...Object.keys(computed).map((name) => ({ name, schema: { type: 'boolean' }, computed: true })),
    ],
    rules: rules.map(({ field: of, needs, message }) => ({ field: of, needs: [...needs], message })),
  };
}

/** Both never change while the program runs. */
const LISTS = Object.fromEntries(
  Object.entries(LABELS).map(([list, words]) => [
    list,
    Object.entries(words).map(([value, label]) => ({ value, label })),
  ]),
) as Record<LabelledList, z.infer<typeof labelled>[]>;
const CRM_FORMS = Object.fromEntries(DIVISIONS.map((one) => [one, formOf(FORMS[one])])) as Record<
  (typeof DIVISIONS)[number],
  z.infer<typeof form>
>;

const LIMITS = {
  message_characters: 4096,
  note_characters: 4096,
  tag_characters: 50,
  page_tickets: 200,
  bulk_tickets: 200,
  blast_recipients: 1000,
  snooze_days: 90,
};

const openness = z.strictObject({
  division,
  is_open: z.boolean(),
  next_open_at: time.nullable().meta({ example: '2026-07-06T01:00:00.000Z' }),
  next_close_at: time.nullable().meta({ example: '2026-07-03T10:00:00.000Z' }),
});

export const meta = route({
  method: 'get',
  path: '/api/meta',
  name: 'getMeta',
  tag: TAG,
  summary: 'Closed lists with their labels, CRM forms, limits, and who is at work',
  description:
    'Labels are Indonesian, for screens. `push` says which ways of pushing this installation has; the key of Web Push is in ' +
    '`GET /api/notifications/push-subscriptions`.',
  access: 'authenticated',
  status: 200,
  data: z.strictObject({
    lists: z.strictObject(
      Object.fromEntries(Object.keys(LABELS).map((list) => [list, z.array(labelled)])) as Record<
        LabelledList,
        z.ZodArray<typeof labelled>
      >,
    ),
    crm_forms: z.strictObject(
      Object.fromEntries(DIVISIONS.map((one) => [one, form])) as Record<
        (typeof DIVISIONS)[number],
        typeof form
      >,
    ),
    limits: z.strictObject(
      Object.fromEntries(Object.keys(LIMITS).map((name) => [name, z.int().meta({ example: 200 })])) as Record<
        keyof typeof LIMITS,
        z.ZodInt
      >,
    ),
    idle_after_hours: z.number().meta({ example: 4 }),
    sla_pickup_minutes: z.number().meta({ example: 5 }),
    response_timeout_minutes: z
      .number()
      .nullable()
      .meta({ description: 'null: nobody loses a ticket for not answering.', example: 15 }),
    timezone: z.string().meta({ example: 'Asia/Jakarta' }),
    divisions: z.array(openness),
    push: z.strictObject({ web: z.boolean(), native: z.boolean() }),
  }),
  errors: [],
  async handle({ signedIn: { caller }, context }) {
    const { config, clock, push, read } = context;
    const calendar = calendarOf(config.timezone);
    const divisions = await Promise.all(
      DIVISIONS.map(async (one) => {
        const hours = (await officeHoursOf(read, scopeOf(caller), one)).filter(({ isActive }) => isActive);
        const state = openState(hours, config.timezone, calendar, clock.now());
        return {
          division: one,
          is_open: state.isOpen,
          next_open_at: state.nextOpenAt?.toISOString() ?? null,
          next_close_at: state.nextCloseAt?.toISOString() ?? null,
        };
      }),
    );
    return {
      data: {
        lists: LISTS,
        crm_forms: CRM_FORMS,
        limits: LIMITS,
        idle_after_hours: config.idleAfterHours,
        sla_pickup_minutes: config.slaMinutes,
        response_timeout_minutes: config.responseTimeoutMinutes,
        timezone: config.timezone,
        divisions,
        push: { web: push.publicKey !== null, native: push.native },
      },
    };
  },
});

export const cities = route({
  method: 'get',
  path: '/api/cities',
  name: 'listCities',
  tag: TAG,
  summary: 'Cities for the fields of a route',
  description:
    "Those that routes of the caller's divisions name already, the most used first, then cities and regencies of Indonesia. Case and accents do not count.",
  access: 'authenticated',
  query: { q: z.string().trim().min(1).max(100), limit: limitUpTo(50, 20) },
  status: 200,
  data: z.strictObject({
    cities: z.array(
      z.strictObject({
        name: z.string().meta({ example: 'Batam' }),
        kind: z
          .enum(['kota', 'kabupaten'])
          .nullable()
          .meta({ description: 'null: a name that somebody wrote.' }),
        province: z.string().nullable().meta({ example: 'Kepulauan Riau' }),
      }),
    ),
  }),
  errors: [],
  examples: { q: 'bat' },
  async handle({ query, signedIn: { caller }, context }) {
    const { scope, divisions } = scopeWithin(caller, undefined);
    const used = caller.privileges.has('inbox_read')
      ? await citiesInUse(context.read, scope, divisions, query.q, query.limit)
      : [];
    const known = citiesNamed(query.q, query.limit);
    const byName = new Map(known.map((city) => [folded(city.name), city]));
    const first = used.map((name) => byName.get(folded(name)) ?? { name, kind: null, province: null });
    const names = new Set(first.map(({ name }) => folded(name)));
    const rest = known.filter(({ name }) => !names.has(folded(name)));
    return { data: { cities: [...first, ...rest].slice(0, query.limit) } };
  },
});
