/** Short names for the events of a blast and of the template catalogue in specs. */
import {
  type BlastEvent,
  type BlastFacts,
  contentHash,
  type SKIPPED_BECAUSE,
} from '../../../src/domain/blasts/blast.ts';
import type { Template, TemplateEvent, TemplateState } from '../../../src/domain/blasts/template.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import { ani, rina, tono, uuidOf } from './people.ts';

export const BLAST = uuidOf(0xb1);
export const TEMPLATE = uuidOf(0x71);
export const FIRST = { blastId: BLAST, ticketId: uuidOf(0xa1), division: 'sari' } as const;
export const SECOND = { blastId: BLAST, ticketId: uuidOf(0xa2), division: 'savi' } as const;
export const MESSAGE = uuidOf(0xd1);

export const wording = {
  name: 'tanya kabar',
  language: 'id',
  body: 'Halo {{name}}',
  whatsappName: 'tanya_kabar',
} as const;

export const blastFacts: Omit<BlastFacts, 'hash'> = {
  blastId: BLAST,
  creatorId: ani.id,
  creatorRole: 'sales_agent',
  message: 'Halo {{name}}, jadi kirim?',
  template: { id: TEMPLATE, ...wording },
  recipients: [
    { ticketId: FIRST.ticketId, customerId: uuidOf(0xc1), division: 'sari', category: 'PANAS' },
    { ticketId: SECOND.ticketId, customerId: uuidOf(0xc2), division: 'savi', category: 'NONE' },
  ],
  approvers: [tono.id, rina.id],
};
export const HASH = contentHash(blastFacts);

export const created = (over: Partial<BlastFacts> = {}): BlastEvent => ({
  type: 'BlastCreated',
  data: { ...blastFacts, hash: HASH, ...over },
});
export const approved = (hash = HASH): BlastEvent => ({
  type: 'BlastApproved',
  data: { blastId: BLAST, creatorId: ani.id, hash },
});
export const rejected = (reason = 'terlalu banyak'): BlastEvent => ({
  type: 'BlastRejected',
  data: { blastId: BLAST, creatorId: ani.id, reason },
});
export const paused = (by: Caller | null, reason: string | null = null): BlastEvent => ({
  type: 'BlastPaused',
  data: {
    blastId: BLAST,
    by: by?.id ?? null,
    reason,
    recipients: by === null ? [ani.id, tono.id, rina.id] : [],
  },
});
export const resumed: BlastEvent = { type: 'BlastResumed', data: { blastId: BLAST } };
export const cancelled: BlastEvent = { type: 'BlastCancelled', data: { blastId: BLAST } };
export const done: BlastEvent = { type: 'BlastDone', data: { blastId: BLAST } };

type About = typeof FIRST | typeof SECOND;
export const attempted = (about: About, attempt = 1, form: 'text' | 'template' = 'text'): BlastEvent => ({
  type: 'BlastRecipientAttempted',
  data: { ...about, messageId: MESSAGE, form, attempt, answersTo: null },
});
export const accepted = (about: About): BlastEvent => ({
  type: 'BlastRecipientAccepted',
  data: { ...about, messageId: MESSAGE, channelMessageId: 'hash' },
});
export const RETRY_AT = '2026-07-03T11:00:00.000Z';
export const deferred = (about: About, needsTemplate = false): BlastEvent => ({
  type: 'BlastRecipientDeferred',
  data: { ...about, messageId: MESSAGE, code: '130429', retryAt: RETRY_AT, needsTemplate },
});
export const failed = (about: About): BlastEvent => ({
  type: 'BlastRecipientFailed',
  data: { ...about, messageId: MESSAGE, code: '131026' },
});
export const unknown = (about: About): BlastEvent => ({
  type: 'BlastRecipientUnknown',
  data: { ...about, messageId: MESSAGE, reason: 'timeout' },
});
export const skipped = (
  about: About,
  reason: (typeof SKIPPED_BECAUSE)[number] = 'opted_out',
): BlastEvent => ({ type: 'BlastRecipientSkipped', data: { ...about, reason } });

export const templateDefined = (over: Partial<Template> = {}): TemplateEvent => {
  const { id = TEMPLATE, state = 'approved', ...words } = over;
  return { type: 'TemplateDefined', data: { templateId: id, ...wording, ...words, state } };
};
export const STATE_SAID_AT = '2026-07-03T10:30:00.000Z';
export const templateState = (
  state: TemplateState,
  reason: string | null = null,
  templateId = TEMPLATE,
): TemplateEvent => ({
  type: 'TemplateStateChanged',
  data: { templateId, state, reason, saidAt: STATE_SAID_AT },
});

/** All of its recipients are of one division, as an agent's are. */
export const createdInSari = (over: Partial<BlastFacts> = {}): BlastEvent =>
  created({
    recipients: blastFacts.recipients.map((one) => ({ ...one, division: 'sari' as const })),
    ...over,
  });
