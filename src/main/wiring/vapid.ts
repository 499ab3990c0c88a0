import type { Config } from '../../config.ts';

/** The keys of Web Push; null: it is not set up. `readConfig` makes sure that all three are set, or none. */
export function vapidOf({
  VAPID_PUBLIC_KEY: publicKey,
  VAPID_PRIVATE_KEY: privateKey,
  VAPID_SUBJECT: subject,
}: Pick<Config, 'VAPID_PUBLIC_KEY' | 'VAPID_PRIVATE_KEY' | 'VAPID_SUBJECT'>) {
  const isSet = publicKey !== undefined && privateKey !== undefined && subject !== undefined;
  return isSet ? { publicKey, privateKey, subject } : null;
}
