import type { PushSender, ServiceAccount } from '../../ports.ts';
import { createFcm } from './fcm.ts';
import { createWebPush, type WebPushOptions } from './web-push.ts';

export interface PushSenderOptions extends WebPushOptions {
  /** null: no native apps. */
  readonly serviceAccount: ServiceAccount | null;
  readonly fcmUrl: string;
}

/** To browsers by Web Push, to native apps by FCM. */
export function createPushSender({ serviceAccount, fcmUrl, ...options }: PushSenderOptions): PushSender {
  const web = createWebPush(options);
  const { logger } = options;
  const fcm = serviceAccount && createFcm({ account: serviceAccount, apiUrl: fcmUrl, logger });
  return {
    publicKey: web.publicKey,
    accepts: web.accepts,
    native: fcm !== null,
    problem: () => fcm?.problem() ?? null,
    // A device of a way that was switched off waits for it to be switched on again.
    send: async (to, payload) =>
      'token' in to ? ((await fcm?.send(to, payload)) ?? 'failed') : web.send(to, payload),
  };
}
