/** What a push looks like on a locked phone. L1 and L2 look and feel apart; no word of a customer is in it. */
export interface Push {
  readonly id: string;
  readonly kind: string;
  readonly layer: 'L1' | 'L2' | null;
  readonly text: string;
  readonly ticketId: string | null;
  readonly blastId: string | null;
  readonly jobId: string | null;
  readonly invoiceId: string | null;
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
    jobId: textIn(said, 'job_id'),
    invoiceId: textIn(said, 'invoice_id'),
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
      tag: `${push.layer ?? 'saga'}-${push.ticketId ?? push.blastId ?? push.invoiceId ?? push.jobId ?? push.id}`,
      renotify: !silent,
      silent,
      ...(silent ? {} : { vibrate: VIBRATION[push.layer ?? 'L1'] }),
      data: { url: addressOf(push) },
    },
  };
}

const ID = /^[0-9a-f-]{36}$/i;

/** Told to the technician of a job; of the others who plan visits are told. */
const OF_TECHNICIANS: ReadonlySet<string> = new Set(['job_assigned', 'job_moved', 'job_taken_back']);

/** Where a tap leads: only to places of the app. */
export function addressOf(
  push: Pick<Push, 'ticketId' | 'blastId' | 'jobId' | 'invoiceId' | 'layer' | 'kind'>,
): string {
  const { layer, kind } = push;
  const [ticket, blast, job, invoice] = [push.ticketId, push.blastId, push.jobId, push.invoiceId].map((id) =>
    id !== null && ID.test(id) ? id : undefined,
  );
  if (ticket !== undefined) return `/app/t/${ticket}${layer === 'L2' ? '?layer=L2' : ''}`;
  if (blast !== undefined) return `/app/blasts/${blast}`;
  // An invoice is of a job, too.
  if (invoice !== undefined) return `/app/invoices/${invoice}`;
  if (job !== undefined) return `/app${jobPlace(kind, job)}`;
  return '/app/notifications';
}

/** A technician's own pages know their jobs only: what they lost is on none of them. */
function jobPlace(kind: string, jobId: string): string {
  if (kind === 'job_taken_back') return '/my-jobs';
  return `${OF_TECHNICIANS.has(kind) ? '/my-jobs' : '/jobs'}/${jobId}`;
}
