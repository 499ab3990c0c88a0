/** Web Push: the devices that get notifications, and how to send to them. */

/** As the browser creates it (W3C PushSubscription). */
export interface PushAddress {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

export interface PushDevice extends PushAddress {
  readonly id: string;
  readonly userId: string;
}

/** @throws StoreUnavailable */
export interface PushDevices {
  /** The same endpoint again changes owner and keys. @returns its id, the same as before */
  add(userId: string, sessionId: string, address: PushAddress): Promise<string>;
  /** Only the user's own; one that is not there changes nothing. */
  remove(userId: string, id: string): Promise<void>;
  /** Of active users, where the login that the device belongs to still lasts. */
  reachable(userIds: readonly string[]): Promise<readonly PushDevice[]>;
  /** Each device is claimed once per notification. @returns the devices that this caller claimed */
  claim(notificationId: string, deviceIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The push service says that the device no longer exists. */
  forget(id: string): Promise<void>;
  /** Deletes claims that are too old for any restart to need. @returns how many */
  purge(): Promise<number>;
}

/** `gone`: never again to this device. `failed`: this one is lost; push services keep nothing for us. */
export type PushOutcome = 'sent' | 'gone' | 'failed';

export interface PushSender {
  /** Public key that browsers subscribe with (VAPID); null: Web Push is not set up. */
  readonly publicKey: string | null;
  /** Is this the address of a push service? Requests go to no other address. */
  accepts(endpoint: string): boolean;
  /** Encrypted for the device. Never rejects. */
  send(to: PushAddress, payload: object): Promise<PushOutcome>;
}
