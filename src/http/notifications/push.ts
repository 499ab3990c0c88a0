/** Area: devices that get notifications (docs/design/api.md#notifications). */
import { z } from 'zod';
import { because, problem } from '../../domain/problems.ts';
import { HttpError } from '../framework/errors.ts';
import { route } from '../framework/route.ts';
import { id } from '../framework/schemas.ts';

const TAG = 'Notifications';

const decoded = (bytes: number) => (text: string) => Buffer.from(text, 'base64url').length === bytes;
const base64url = z.string().regex(/^[\w-]{20,100}={0,2}$/, 'Kunci langganan tidak sah');

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
      p256dh: base64url.refine(decoded(65), because('BAD_FORMAT', 'Kunci langganan tidak sah')),
      auth: base64url.refine(decoded(16), because('BAD_FORMAT', 'Kunci langganan tidak sah')),
    }),
  }),
  status: 201,
  data: z.strictObject({ subscription_id: id }),
  errors: ['PUSH_NOT_CONFIGURED'],
  async handle({ body, signedIn, context }) {
    if (context.push.publicKey === null) throw new HttpError('PUSH_NOT_CONFIGURED');
    if (!context.push.accepts(body.endpoint)) {
      throw new HttpError('VALIDATION_FAILED', [
        problem('endpoint', 'NOT_APPLICABLE', 'Bukan alamat layanan push yang dikenal'),
      ]);
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

export const registerDevice = route({
  method: 'post',
  path: '/api/notifications/devices',
  name: 'registerDevice',
  tag: TAG,
  summary: 'Be told in a native app, too',
  description:
    'The token that Firebase gave the app. It holds as long as the login it was made in; the same token again is the same device. Each push ' +
    'has `id, kind, layer, ticket_id, blast_id, job_id, invoice_id, badge, sound` as texts in `data` and a neutral text, never what a customer said.',
  access: 'authenticated',
  body: z.strictObject({
    platform: z.enum(['ios', 'android']),
    token: z
      .string()
      .regex(/^[\w:.-]{20,4096}$/, 'Token perangkat tidak sah')
      .meta({ example: 'eXampleToken:APA91bF-exampleRegistrationToken' }),
    app_version: z.string().min(1).max(50).optional().meta({ example: '1.4.0' }),
  }),
  status: 201,
  data: z.strictObject({ device_id: id }),
  errors: ['PUSH_NOT_CONFIGURED'],
  async handle({ body: { platform, token, app_version }, signedIn, context }) {
    if (!context.push.native) throw new HttpError('PUSH_NOT_CONFIGURED');
    const address = { platform, token, appVersion: app_version ?? null };
    return {
      data: { device_id: await context.pushDevices.add(signedIn.caller.id, signedIn.sessionId, address) },
    };
  },
});

export const unregisterDevice = route({
  method: 'delete',
  path: '/api/notifications/devices/:id',
  name: 'unregisterDevice',
  tag: TAG,
  summary: 'Be told in that app no more',
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
