/** Area: notifications of a person (docs/design/api.md#notifications), and the devices that get them. */
import { z } from 'zod';
import { NOTIFICATION_KINDS } from '../../domain/notifications/notification-rules.ts';
import { STORE_CHANGED_NOTICE } from '../../domain/notifications/store-changed-notice.ts';
import { streamNotWholeNotice } from '../../domain/notifications/stream-not-whole-notice.ts';
import { listNotWholeNotices } from '../../engine/commands/streams-not-whole.ts';
import { openChange, type StoreChange } from '../../engine/store-identity/changed-store.ts';
import { listNotifications, notificationsById } from '../../projections/notifications/notifications.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { route } from '../framework/route.ts';
import { id, limitUpTo, time } from '../framework/schemas.ts';
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
    created_at: time,
    read_at: time.nullable(),
    resolved_at: time.nullable().meta({
      description: 'Since when nobody has to look at it any more; then it counts as no unread one.',
    }),
  })
  .meta({
    id: 'Notification',
    memberExamples: {
      kind: 'ticket_assigned',
      layer: null,
      text: 'Tiket Budi Santoso ditugaskan kepada Anda',
      read_at: null,
      resolved_at: null,
    },
  });

const storeChanged = ({ id: changeId, since }: StoreChange) => ({
  ...STORE_CHANGED_NOTICE,
  id: changeId,
  created_at: since.toISOString(),
  read_at: null,
  resolved_at: null,
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
    id: noticeId,
    created_at: foundAt.toISOString(),
    read_at: null,
    resolved_at: null,
  }));
  return [...(change === null ? [] : [storeChanged(change)]), ...notWhole];
}

export const notifications = route({
  method: 'get',
  path: '/api/notifications',
  name: 'listNotifications',
  tag: TAG,
  summary: 'What you were told',
  description:
    'Your own, newest first. `meta.unread` counts all you have not read, whatever the filter. Super admins get ' +
    '`store_changed` first, as long as another event store answers than the right one, and `stream_not_whole` for each stream ' +
    'that an administrator of the event store cut, as long as it is so (the first 50). These cannot be marked as read.',
  access: 'authenticated',
  reads: 'notifications',
  query: {
    limit: limitUpTo(200, 50),
    cursor: z.string().max(500).optional().meta({ description: '`next_cursor` of the page before.' }),
    unread: z.stringbool({ truthy: ['true'], falsy: ['false'] }).optional(),
  },
  status: 200,
  data: z.strictObject({ notifications: z.array(notificationObject) }),
  meta: { unread: z.int(), limit: z.int(), next_cursor: z.string().optional() },
  errors: [],
  examples: { unread: 'true' },
  async handle({ query, signedIn, context }) {
    const { limit } = query;
    const page = await listNotifications(context.read, scopeOf(signedIn.caller), omitUndefined(query));
    const next = page.nextCursor === null ? {} : { next_cursor: page.nextCursor };
    const isFirstPage = query.cursor === undefined;
    const first = signedIn.caller.role === 'super_admin' && isFirstPage ? await onRecord(context) : [];
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

const decoded = (bytes: number) => (text: string) => Buffer.from(text, 'base64url').length === bytes;
const base64url = z.string().regex(/^[\w-]{20,100}={0,2}$/);

export const pushKey = route({
  method: 'get',
  path: '/api/notifications/push-subscriptions',
  name: 'getPushKey',
  tag: TAG,
  summary: 'What a browser needs to subscribe to Web Push',
  description: '`public_key`: the `applicationServerKey` (VAPID); null while Web Push is not set up.',
  access: 'authenticated',
  status: 200,
  data: z.strictObject({ public_key: z.string().nullable() }),
  errors: [],
  handle: ({ context }) => Promise.resolve({ data: { public_key: context.push.publicKey } }),
});

export const subscribePush = route({
  method: 'post',
  path: '/api/notifications/push-subscriptions',
  name: 'subscribePush',
  tag: TAG,
  summary: 'Be told on this device, too',
  description:
    "The browser's PushSubscription as it is. It holds as long as the login it was made in. A push for an internal " +
    'note says only that there is one.',
  access: 'authenticated',
  body: z.strictObject({
    endpoint: z.url().max(2048),
    expirationTime: z.number().nullable().optional(),
    keys: z.strictObject({
      p256dh: base64url.refine(decoded(65), 'harus 65 byte'),
      auth: base64url.refine(decoded(16), 'harus 16 byte'),
    }),
  }),
  status: 201,
  data: z.strictObject({ subscription_id: id }),
  errors: ['PUSH_NOT_CONFIGURED'],
  async handle({ body, signedIn, context }) {
    if (context.push.publicKey === null) throw new HttpError('PUSH_NOT_CONFIGURED');
    if (!context.push.accepts(body.endpoint)) {
      const message = 'Bukan alamat layanan push yang dikenal';
      throw new HttpError('VALIDATION_FAILED', [{ path: 'endpoint', message }]);
    }
    const { endpoint, keys } = body;
    const added = await context.pushDevices.add(signedIn.caller.id, signedIn.sessionId, { endpoint, keys });
    return { data: { subscription_id: added } };
  },
});

export const unsubscribePush = route({
  method: 'delete',
  path: '/api/push-subscriptions/:id',
  name: 'unsubscribePush',
  tag: TAG,
  summary: 'Be told on that device no more',
  description: 'One that is not yours, or not there, changes nothing.',
  access: 'authenticated',
  params: { id },
  status: 204,
  data: null,
  errors: [],
  async handle({ params, signedIn, context }) {
    await context.pushDevices.remove(signedIn.caller.id, params.id);
    return { data: null };
  },
});
