/** Push: the devices that get notifications, and how to send to them. */

/** As the browser creates it (W3C PushSubscription). */
export interface PushAddress {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** As a native app gets it from Firebase. */
export interface NativeAddress {
  readonly platform: 'ios' | 'android';
  /** A secret: whoever knows it and the project may write to the device. */
  readonly token: string;
  readonly appVersion: string | null;
}

export type PushDevice = (PushAddress | NativeAddress) & { readonly id: string; readonly userId: string };

/** What a device is told: never what a customer said. */
export interface PushPayload {
  /** Of the notification. */
  readonly id: string;
  readonly kind: string;
  readonly layer: 'L1' | 'L2' | null;
  readonly text: string;
  readonly ticket_id: string | null;
  readonly blast_id: string | null;
  readonly job_id: string | null;
  readonly invoice_id: string | null;
  /** How many the person has not read. */
  readonly badge: number;
  /** null: silent. */
  readonly sound: 'l1' | 'l2' | null;
}

/** @throws StoreUnavailable */
export interface PushDevices {
  /** The same endpoint or token again changes owner and keys. @returns its id, the same as before */
  add(userId: string, sessionId: string, address: PushAddress | NativeAddress): Promise<string>;
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

/** Of a Firebase project, as Google's console gives it out. */
export interface ServiceAccount {
  readonly project_id: string;
  readonly client_email: string;
  /** PEM. */
  readonly private_key: string;
  /** Where an access token is asked for. */
  readonly token_uri: string;
}

/** `gone`: never again to this device. `failed`: this one is lost; push services keep nothing for us. */
export type PushOutcome = 'sent' | 'gone' | 'failed';

export interface PushSender {
  /** Public key that browsers subscribe with (VAPID); null: Web Push is not set up. */
  readonly publicKey: string | null;
  /** Is this the address of a push service? Requests go to no other address. */
  accepts(endpoint: string): boolean;
  /** Can native apps be reached? */
  readonly native: boolean;
  /** Why native apps cannot be reached although they should; null: nothing is known against it. */
  problem(): string | null;
  /** Never rejects. */
  send(to: PushAddress | NativeAddress, payload: PushPayload): Promise<PushOutcome>;
}
