/** What a push looks like on a locked phone. L1 and L2 look and feel apart; no word of a customer is in it. */
export interface Push {
  readonly id: string;
  readonly kind: string;
  readonly layer: 'L1' | 'L2' | null;
  readonly text: string;
  readonly ticketId: string | null;
  readonly blastId: string | null;
  readonly badge: number | null;
  /** null: the person wants no sound. */
  readonly sound: string | null;
}

const textIn = (data: object, name: string): string | null => {
  const value: unknown = (data as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** @returns what can be shown of it, whatever came: a push that shows nothing costs the permission */
export function pushOf(data: unknown): Push {
  const said = typeof data === 'object' && data !== null ? data : {};
  const badge: unknown = 'badge' in said ? said.badge : null;
  const layer = textIn(said, 'layer');
  return {
    id: textIn(said, 'id') ?? 'saga',
    kind: textIn(said, 'kind') ?? 'other',
    layer: layer === 'L1' || layer === 'L2' ? layer : null,
    text: textIn(said, 'text') ?? 'Ada kabar baru untuk Anda',
    ticketId: textIn(said, 'ticket_id'),
    blastId: textIn(said, 'blast_id'),
    badge: typeof badge === 'number' ? badge : null,
    sound: textIn(said, 'sound'),
  };
}

/** Two short ones for a customer, one long one for a colleague. */
const VIBRATION = { L1: [120, 60, 120], L2: [320] } as const;

/** @param quiet somebody looks at the app right now: it sounds there */
export function shownAs(
  push: Push,
  quiet: boolean,
): { title: string; options: NotificationOptions & { renotify: boolean; vibrate?: readonly number[] } } {
  const isNote = push.layer === 'L2';
  const silent = quiet || push.sound === null;
  return {
    title: isNote ? 'Catatan internal' : 'Saga',
    options: {
      body: push.text,
      icon: isNote ? '/app/icons/l2-192.png' : '/app/icons/icon-192.png',
      badge: '/app/icons/badge-96.png',
      // One per ticket and layer: a talk that goes on does not fill the screen.
      tag: `${push.layer ?? 'saga'}-${push.ticketId ?? push.blastId ?? push.id}`,
      renotify: !silent,
      silent,
      ...(silent ? {} : { vibrate: VIBRATION[push.layer ?? 'L1'] }),
      data: { url: addressOf(push) },
    },
  };
}

const ID = /^[0-9a-f-]{36}$/i;

/** Where a tap leads: only to places of the app. */
export function addressOf({
  ticketId,
  blastId,
  layer,
  kind,
}: Pick<Push, 'ticketId' | 'blastId' | 'layer' | 'kind'>): string {
  if (ticketId !== null && ID.test(ticketId)) return `/app/t/${ticketId}${layer === 'L2' ? '?layer=L2' : ''}`;
  if (blastId !== null && ID.test(blastId)) return `/app/blasts/${blastId}`;
  // They name neither: the lists have them.
  if (kind.startsWith('invoice')) return '/app/invoices';
  if (kind.startsWith('job')) return '/app/jobs';
  return '/app/notifications';
}
