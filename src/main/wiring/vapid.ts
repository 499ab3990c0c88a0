import { createPushSender } from '../../adapters/push/push-sender.ts';
import type { Config } from '../../config.ts';
import type { Logger, PushSender } from '../../ports.ts';

/** The keys of Web Push; null: it is not set up. `readConfig` makes sure that all three are set, or none. */
function vapidOf({
  VAPID_PUBLIC_KEY: publicKey,
  VAPID_PRIVATE_KEY: privateKey,
  VAPID_SUBJECT: subject,
}: Pick<Config, 'VAPID_PUBLIC_KEY' | 'VAPID_PRIVATE_KEY' | 'VAPID_SUBJECT'>) {
  const isSet = publicKey !== undefined && privateKey !== undefined && subject !== undefined;
  return isSet ? { publicKey, privateKey, subject } : null;
}

/** What sends to browsers and to native apps. */
export const pushOf = (config: Config, logger: Logger): PushSender =>
  createPushSender({
    vapid: vapidOf(config),
    hosts: config.PUSH_HOSTS,
    serviceAccount: config.FCM_SERVICE_ACCOUNT ?? null,
    fcmUrl: config.FCM_API_URL,
    logger,
  });
