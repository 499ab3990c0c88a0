/**
 * One message to many customers, approved by a second person (docs/design/business-rules.md#blast). The progress of
 * each recipient is on the stream: the attempt is stored before the request, so that nobody is reached twice and
 * nobody is left out. Holds no customer's name or number: the text of each recipient is made when it is sent.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { wording } from './template.ts';
import { division } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

export const blastStream = (blastId: string): string => `blast-${blastId}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

/** The follow-up recommendation of the ticket when the blast was created; figures compare blasts by it. */
export const BLAST_CATEGORIES = ['PANAS', 'HANGAT', 'DINGIN', 'NONE'] as const;
export const blastCategory = z.enum(BLAST_CATEGORIES);
export type BlastCategory = z.infer<typeof blastCategory>;

export const blastForm = z.enum(['text', 'template']);
export type BlastForm = z.infer<typeof blastForm>;

export const SKIPPED_BECAUSE = [
  'opted_out',
  'window_closed',
  'no_recipient',
  'same_customer',
  'line_only_answers',
] as const;

const about = { blastId: z.uuid() };
const recipient = { ...about, ticketId: z.uuid(), division };

export const BlastCreated = defineEvent('BlastCreated', {
  ...about,
  creatorId: z.uuid(),
  /** The sender name in the conversation depends on it: a super admin's or an agent's. */
  creatorRole: z.string(),
  message: z.string(),
  template: z.object({ id: z.uuid(), ...wording.shape }),
  recipients: z
    .array(z.object({ ticketId: z.uuid(), customerId: z.uuid(), division, category: blastCategory }))
    .min(1),
  /** Of recipients, text and template: what an approval is given to. */
  hash: z.string(),
  /** Who is asked to approve, as they were then. */
  approvers: z.array(z.uuid()),
});
export const BlastApproved = defineEvent('BlastApproved', {
  ...about,
  creatorId: z.uuid(),
  hash: z.string(),
});
export const BlastRejected = defineEvent('BlastRejected', {
  ...about,
  creatorId: z.uuid(),
  reason: z.string(),
});
/** By a person (`by`), or by the program because nothing gets through: `reason` is then the channel's code, or `template_<state>`. */
export const BlastPaused = defineEvent('BlastPaused', {
  ...about,
  by: z.uuid().nullable(),
  reason: z.string().nullable(),
  /** Who is notified, when the program paused it. */
  recipients: z.array(z.uuid()),
});
export const BlastResumed = defineEvent('BlastResumed', about);
export const BlastCancelled = defineEvent('BlastCancelled', about);
/** Written before every request: without an outcome after it, this recipient gets no further attempt. */
export const BlastRecipientAttempted = defineEvent('BlastRecipientAttempted', {
  ...recipient,
  messageId: z.uuid(),
  form: blastForm,
  /** 1 for the first. */
  attempt: z.int().positive(),
  /** The ticket that an answer would enter now: the customer may have a newer one. */
  answersTo: z.uuid().nullable(),
});
export const BlastRecipientAccepted = defineEvent('BlastRecipientAccepted', {
  ...recipient,
  messageId: z.uuid(),
  channelMessageId: z.string().nullable(),
});
/** The channel did not take it, and may later. */
export const BlastRecipientDeferred = defineEvent('BlastRecipientDeferred', {
  ...recipient,
  messageId: z.uuid(),
  code: z.string(),
  retryAt: z.iso.datetime(),
  /** The channel wants the template form for this customer, whatever our own clock says. */
  needsTemplate: z.boolean(),
});
export const BlastRecipientFailed = defineEvent('BlastRecipientFailed', {
  ...recipient,
  messageId: z.uuid(),
  code: z.string(),
});
export const BlastRecipientUnknown = defineEvent('BlastRecipientUnknown', {
  ...recipient,
  messageId: z.uuid(),
  reason: z.string(),
});
export const BlastRecipientSkipped = defineEvent('BlastRecipientSkipped', {
  ...recipient,
  reason: z.enum(SKIPPED_BECAUSE),
});
export const BlastDone = defineEvent('BlastDone', about);

export const blastEvents = [
  BlastCreated,
  BlastApproved,
  BlastRejected,
  BlastPaused,
  BlastResumed,
  BlastCancelled,
  BlastRecipientAttempted,
  BlastRecipientAccepted,
  BlastRecipientDeferred,
  BlastRecipientFailed,
  BlastRecipientUnknown,
  BlastRecipientSkipped,
  BlastDone,
] as const;
export type BlastEvent = EventOf<(typeof blastEvents)[number]>;
export type BlastFacts = EventOf<typeof BlastCreated>['data'];

/** SHA-256 over what an approval is given to. */
export const contentHash = ({
  recipients,
  message,
  template,
}: Pick<BlastFacts, 'recipients' | 'message' | 'template'>): string => {
  const { id, name, language, body, whatsappName, contentSid } = template;
  const ids = recipients.map(({ ticketId }) => ticketId);
  return createHash('sha256')
    .update(
      JSON.stringify([
        ids,
        message,
        [id, name, language, body, whatsappName, ...(contentSid == null ? [] : [contentSid])],
      ]),
    )
    .digest('hex');
};

// ---------------------------------------------------------------- state

interface RecipientAttempt {
  readonly messageId: string;
  readonly attempts: number;
}
export type BlastRecipient =
  | { readonly status: 'planned' }
  | ({ readonly status: 'attempted'; readonly form: BlastForm } & RecipientAttempt)
  | ({
      readonly status: 'deferred';
      readonly retryAt: string;
      readonly needsTemplate: boolean;
    } & RecipientAttempt)
  | ({ readonly status: 'accepted' | 'failed' | 'unknown' } & RecipientAttempt)
  | { readonly status: 'skipped' };

export type BlastStatus = 'pending' | 'approved' | 'sending' | 'paused' | 'rejected' | 'cancelled' | 'done';

export type Blast =
  | { readonly status: 'absent' }
  | {
      readonly status: BlastStatus;
      readonly facts: BlastFacts;
      /** What was approved; null before. */
      readonly approved: string | null;
      /** Who paused it; null when the program did. */
      readonly pausedBy: string | null;
      readonly recipients: ReadonlyMap<string, BlastRecipient>;
    };
export type ExistingBlast = Exclude<Blast, { status: 'absent' }>;

/** May messages go out? Only what was approved, as it was approved. */
export const maySend = (blast: Blast): blast is ExistingBlast =>
  (blast.status === 'approved' || blast.status === 'sending') && blast.approved === contentHash(blast.facts);

export const isUnfinishedRecipient = ({ status }: BlastRecipient): boolean =>
  status === 'planned' || status === 'attempted' || status === 'deferred';

// ---------------------------------------------------------------- evolve

type RecipientEvent = Extract<BlastEvent, { data: { ticketId: string } }>;

function evolveRecipient(
  current: BlastRecipient | undefined,
  { type, data }: RecipientEvent,
): BlastRecipient {
  const attempts = current && 'attempts' in current ? current.attempts : 0;
  switch (type) {
    case 'BlastRecipientAttempted':
      return { status: 'attempted', form: data.form, messageId: data.messageId, attempts: data.attempt };
    case 'BlastRecipientDeferred': {
      const { messageId, retryAt, needsTemplate } = data;
      return { status: 'deferred', messageId, attempts, retryAt, needsTemplate };
    }
    case 'BlastRecipientAccepted':
      return { status: 'accepted', messageId: data.messageId, attempts };
    case 'BlastRecipientFailed':
      return { status: 'failed', messageId: data.messageId, attempts };
    case 'BlastRecipientUnknown':
      return { status: 'unknown', messageId: data.messageId, attempts };
    case 'BlastRecipientSkipped':
      return { status: 'skipped' };
  }
}

function evolve(state: Blast, event: BlastEvent): Blast {
  if (event.type === 'BlastCreated') {
    const recipients = new Map(
      event.data.recipients.map(({ ticketId }) => [ticketId, { status: 'planned' } as const]),
    );
    return { status: 'pending', facts: event.data, approved: null, pausedBy: null, recipients };
  }
  if (state.status === 'absent') return state;
  switch (event.type) {
    case 'BlastApproved':
      return { ...state, status: 'approved', approved: event.data.hash };
    case 'BlastRejected':
      return { ...state, status: 'rejected' };
    case 'BlastPaused':
      return { ...state, status: 'paused', pausedBy: event.data.by };
    case 'BlastResumed':
      return { ...state, status: 'sending', pausedBy: null };
    case 'BlastCancelled':
      return { ...state, status: 'cancelled' };
    case 'BlastDone':
      return { ...state, status: 'done' };
    default: {
      const { ticketId } = event.data;
      const recipients = new Map(state.recipients);
      recipients.set(ticketId, evolveRecipient(state.recipients.get(ticketId), event));
      // An outcome after a pause or a cancellation does not change the status.
      return { ...state, status: state.status === 'approved' ? 'sending' : state.status, recipients };
    }
  }
}

export const blast: Aggregate<Blast, BlastEvent> = {
  category: 'blast',
  stream: blastStream,
  initial: { status: 'absent' },
  evolve,
};
