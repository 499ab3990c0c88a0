/** Area: notifications of a person (docs/design/api.md#notifications), and the devices that get them. */
import { z } from 'zod';
import { because } from '../../domain/problems.ts';
import { input as preferencesInput } from '../../commands/notifications/change-preferences.ts';
import { NOTIFICATION_KINDS, type NotificationKind } from '../../domain/notifications/notification-kinds.ts';
import { LAYERS } from '../../domain/notifications/notification-rules.ts';
import { allPreferences, type Preferences, preferences } from '../../domain/notifications/preferences.ts';
import { STORE_CHANGED_NOTICE } from '../../domain/notifications/store-changed-notice.ts';
import { streamNotWholeNotice } from '../../domain/notifications/stream-not-whole-notice.ts';
import { listNotWholeNotices } from '../../engine/commands/streams-not-whole.ts';
import { openChange, type StoreChange } from '../../engine/store-identity/changed-store.ts';
import { listNotifications, notificationsById } from '../../projections/notifications/notifications.ts';
import { unreadNotifications } from '../../projections/notifications/unread.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { LEFT_OUT } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { flagInQuery, id, limitUpTo, time } from '../framework/schemas.ts';
import { scopeOf } from '../tickets/ticket-scope.ts';
import { answerOf } from '../framework/command-route.ts';

const TAG = 'Notifications';

export const notificationObject = z
  .strictObject({
    id,
    kind: z.enum([...NOTIFICATION_KINDS, STORE_CHANGED_NOTICE.kind, 'stream_not_whole']),
    layer: z.enum(['L1', 'L2']).nullable().meta({ description: 'What it is about: L1, L2, or neither.' }),
    text: z.string().meta({ example: 'Tiket Anda dipindahkan oleh Tono' }),
    ticket_id: id.nullable(),
    blast_id: id.nullable(),
    job_id: id.nullable(),
    invoice_id: id.nullable(),
    count: z.int().meta({ description: 'How many tickets or messages it counts.' }),
    note: z.string().nullable().meta({ description: 'What the person wrote who gave you the ticket.' }),
    created_at: time,
    read_at: time.nullable(),
    resolved_at: time.nullable().meta({
      description: 'Since when nobody has to look at it any more; then it counts as no unread one.',
    }),
  })
  .meta({
    id: 'AppNotification',
    memberExamples: {
      kind: 'ticket_assigned',
      layer: null,
      text: 'Tiket Budi Santoso ditugaskan kepada Anda',
      blast_id: null,
      job_id: null,
      invoice_id: null,
      count: 1,
      note: 'Tolong bantu, pelanggan minta penawaran hari ini',
      read_at: null,
      resolved_at: null,
    },
  });

/** Members of what is on record and of no event: nobody reads it away. */
const ON_RECORD = {
  blast_id: null,
  job_id: null,
  invoice_id: null,
  count: 1,
  note: null,
  read_at: null,
  resolved_at: null,
} as const;

const storeChanged = ({ id: changeId, since }: StoreChange) => ({
  ...STORE_CHANGED_NOTICE,
  ...ON_RECORD,
  id: changeId,
  created_at: since.toISOString(),
});

/** No event says it, so it is in no view; it is there as long as it is so, for super admins. */
async function onRecord(
  context: Pick<HttpContext, 'staff'>,
): Promise<readonly z.infer<typeof notificationObject>[]> {
  const [change, streams] = await Promise.all([
    openChange(context.staff),
    listNotWholeNotices(context.staff),
  ]);
  const notWhole = streams.map(({ id: noticeId, stream, foundAt }) => ({
    ...streamNotWholeNotice(stream),
    ...ON_RECORD,
    id: noticeId,
    created_at: foundAt.toISOString(),
  }));
  return [...(change === null ? [] : [storeChanged(change)]), ...notWhole];
}

/** @returns undefined: of all kinds */
function kindsOf(of: {
  readonly kind?: NotificationKind | undefined;
  readonly layer?: 'L1' | 'L2' | undefined;
}): NotificationKind[] | undefined {
  if (of.kind === undefined && of.layer === undefined) return undefined;
  return NOTIFICATION_KINDS.filter(
    (kind) =>
      (of.kind === undefined || kind === of.kind) && (of.layer === undefined || LAYERS[kind] === of.layer),
  );
}

export const notifications = route({
  method: 'get',
  path: '/api/notifications',
  name: 'listNotifications',
  tag: TAG,
  summary: 'What you were told',
  description:
    'Your own, newest first, without the kinds that you do not want in the list. `meta.unread` counts all you have not read, whatever the ' +
    'filter. Super admins get ' +
    '`store_changed` first, as long as another event store answers than the right one, and `stream_not_whole` for each stream ' +
    'that an administrator of the event store cut, as long as it is so (the first 50). These cannot be marked as read.',
  access: 'authenticated',
  reads: 'notifications',
  query: {
    limit: limitUpTo(200, 50),
    cursor: z.string().max(500).optional().meta({ description: '`next_cursor` of the page before.' }),
    unread: flagInQuery.optional(),
    kind: z.enum(NOTIFICATION_KINDS).optional(),
    layer: z.enum(['L1', 'L2']).optional(),
    ticket_id: id.optional(),
  },
  status: 200,
  data: z.strictObject({ notifications: z.array(notificationObject) }),
  meta: { unread: z.int(), limit: z.int(), next_cursor: z.string().optional() },
  errors: [],
  examples: { unread: 'true', kind: 'ticket_assigned', layer: 'L1' },
  async handle({ query, signedIn, context }) {
    const { limit } = query;
    const { cursor, unread, ticket_id: ticketId } = query;
    const page = await listNotifications(
      context.read,
      scopeOf(signedIn.caller),
      omitUndefined({ limit, cursor, unread, kinds: kindsOf(query), ticketId }),
    );
    const next = page.nextCursor === null ? {} : { next_cursor: page.nextCursor };
    const isWholeList = cursor === undefined && kindsOf(query) === undefined && ticketId === undefined;
    const first = signedIn.caller.role === 'super_admin' && isWholeList ? await onRecord(context) : [];
    return {
      data: { notifications: [...first, ...page.notifications] },
      meta: { unread: page.unread + first.length, limit, ...next },
    };
  },
});

export const readNotification = route({
  method: 'post',
  path: '/api/notifications/:id/read',
  name: 'readNotification',
  tag: TAG,
  summary: 'Mark one of your notifications as read',
  description: 'Again: the same answer, the first moment stays.',
  access: 'authenticated',
  params: { id },
  status: 200,
  data: z.strictObject({ read_at: time }),
  errors: ['NOTIFICATION_NOT_FOUND', 'BUSY'],
  async handle({ params, signedIn, command, context }) {
    const { caller } = signedIn;
    // What the caller has just seen on the stream must be there.
    await context.readYourWrites.ready(caller.id);
    const [found] = await notificationsById(context.read, scopeOf(caller), [params.id]);
    if (!found) throw new HttpError('NOTIFICATION_NOT_FOUND');
    if (found.read_at !== null) return { data: { read_at: found.read_at } };
    return answerOf(await context.commands.readNotification(command, params.id));
  },
});

export const getNotification = route({
  method: 'get',
  path: '/api/notifications/:id',
  name: 'getNotification',
  tag: TAG,
  summary: 'One of your notifications',
  description: 'As the list shows it; also one of a kind that you do not want in the list.',
  access: 'authenticated',
  reads: 'notifications',
  params: { id },
  status: 200,
  data: z.strictObject({ notification: notificationObject }),
  errors: ['NOTIFICATION_NOT_FOUND'],
  async handle({ params, signedIn, context }) {
    await context.readYourWrites.ready(signedIn.caller.id);
    const [notification] = await notificationsById(context.read, scopeOf(signedIn.caller), [params.id]);
    if (!notification) throw new HttpError('NOTIFICATION_NOT_FOUND');
    return { data: { notification } };
  },
});

/** Of one request; who has more unread asks again. */
const MOST_READ = 1_000;

export const readNotifications = route({
  method: 'post',
  path: '/api/notifications/read',
  name: 'readNotifications',
  tag: TAG,
  summary: 'Mark several of your notifications as read',
  description:
    `Exactly one of \`ids\`, \`ticket_id\` and \`all\`; \`before\` leaves out what came after that time. The newest ${String(MOST_READ)} at most. ` +
    'Ids that are not yours, or read already, change nothing. `unread`: how many are left.',
  access: 'authenticated',
  body: z
    .strictObject({
      ids: z.array(id).min(1).max(200).optional(),
      ticket_id: id.optional(),
      all: z.literal(true).optional(),
      before: time.optional(),
    })
    .refine(
      ({ ids, ticket_id, all }) => [ids, ticket_id, all].filter((one) => one !== undefined).length === 1,
      {
        ...because('ONE_OF', 'Pilih notifikasi, tiket, atau semuanya, salah satu saja', {
          fields: ['ids', 'ticket_id', 'all'],
        }),
        path: ['ids'],
      },
    ),
  status: 200,
  data: z.strictObject({ unread: z.int() }),
  errors: ['BUSY'],
  examples: { all: true, ids: LEFT_OUT, ticket_id: LEFT_OUT },
  async handle({ body, signedIn, command, context }) {
    const { caller } = signedIn;
    const scope = scopeOf(caller);
    // What the caller has just seen on the stream must be there.
    await context.readYourWrites.ready(caller.id);
    const before = body.before === undefined ? context.clock.now() : new Date(body.before);
    const wanted = omitUndefined({ ids: body.ids, ticketId: body.ticket_id, before });
    const { ids, unread } = await unreadNotifications(context.read, scope, wanted, MOST_READ);
    if (ids.length === 0) return { data: { unread } };
    const { position } = await context.commands.readNotifications(command, ids);
    return { data: { unread: Math.max(0, unread - ids.length) }, position };
  },
});

const preference = z
  .strictObject({
    in_app: z.boolean().meta({ description: 'In the list, and on the live stream.' }),
    push: z.boolean().meta({ description: 'On your devices.' }),
    sound: z.boolean().meta({ description: 'A push makes itself heard.' }),
  })
  .meta({ id: 'NotificationPreference' });

const preferencesObject = z.strictObject({
  preferences: z.record(z.enum(NOTIFICATION_KINDS), preference),
});

const preferencesOnWire = (state: Preferences): z.infer<typeof preferencesObject> => ({
  preferences: Object.fromEntries(
    allPreferences(state).map(([kind, { inApp, push, sound }]) => [kind, { in_app: inApp, push, sound }]),
    // Every kind is among them.
  ) as z.infer<typeof preferencesObject>['preferences'],
});

export const getPreferences = route({
  method: 'get',
  path: '/api/notifications/preferences',
  name: 'getNotificationPreferences',
  tag: TAG,
  summary: 'What you want to be told of',
  description: 'Every kind, with what holds for it. Who said nothing is told of everything.',
  access: 'authenticated',
  status: 200,
  data: preferencesObject,
  errors: [],
  handle: async ({ signedIn, context }) => ({
    data: preferencesOnWire(await context.commands.handler.load(preferences, signedIn.caller.id)),
  }),
});

export const changePreferences = route({
  method: 'patch',
  path: '/api/notifications/preferences',
  name: 'changeNotificationPreferences',
  tag: TAG,
  summary: 'Say what you want to be told of',
  description: 'Kinds and members that are not named stay as they are. Answers with all.',
  access: 'authenticated',
  body: preferencesInput,
  status: 200,
  data: preferencesObject,
  errors: ['BUSY'],
  async handle({ body, command, context }) {
    const { state, position } = await context.commands.changePreferences(command, body);
    return { data: preferencesOnWire(state), position };
  },
});
