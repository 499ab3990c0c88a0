/**
 * Sends to one recipient. The order matters: after a crash at any point nobody gets the message twice and nobody is left
 * out. The attempt on the blast's stream, the message in the ticket's conversation, the attempt on the message's own
 * stream, the request, the outcome on both streams.
 */
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { DeliveryOutcome, RecordDelivery } from '../../commands/outbound/record-delivery.ts';
import type { AboutRecipient, RecipientOutcome, RecordBlast } from '../../commands/blasts/record-blast.ts';
import { type BlastForm, type ExistingBlast, maySend } from '../../domain/blasts/blast.ts';
import type { UndecodableEvent } from '../../domain/codec.ts';
import { conversationStream } from '../../domain/conversation/conversation.ts';
import { parametersOf, personalise } from '../../domain/blasts/personalise.ts';
import { templateFormOf } from '../../domain/blasts/template.ts';
import type { Channel as ChannelName, TemplatesBy } from '../../domain/vocabulary.ts';
import {
  type ChannelSender,
  type Clock,
  type EventStore,
  type Ids,
  type Logger,
  NOBODY,
  type ReadStore,
} from '../../ports.ts';
import { decodeOrSkip } from '../../engine/jobs/decode-or-skip.ts';
import { personalValues } from '../../projections/blasts/blast-audience.ts';
import type { CustomerAddress } from '../outbound/addresses.ts';
import { outboundOf, type PostedMessage } from '../outbound/outbound.ts';
import { interpretResponse, type InterpretedResponse, type RetryLimits } from './interpret-response.ts';
import { planFor } from './preflight.ts';
import type { MessagingLimit } from './messaging-limit.ts';

export interface SendToRecipientDeps {
  readonly store: Pick<EventStore, 'read'>;
  readonly read: ReadStore;
  readonly handler: Pick<CommandHandler, 'load'>;
  readonly record: RecordBlast;
  readonly delivery: RecordDelivery;
  readonly channels: Readonly<Record<ChannelName, ChannelSender>>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly messagingLimit: MessagingLimit;
  /** How a line of ours takes templates. */
  readonly templatesBy: (channel: ChannelName, line: string) => TemplatesBy;
  readonly retryLimits: RetryLimits;
  /** Gives up requests under way. */
  readonly giveUp: AbortSignal;
  readonly skip: (error: UndecodableEvent) => void;
  /** Called for each request, for the metrics. */
  observe(result: RecipientOutcome['kind'], code: string): void;
}

export interface BlastTarget {
  readonly about: AboutRecipient;
  readonly customerId: string;
  readonly address: CustomerAddress;
  readonly line: string;
}

/** `dropped`: there is nothing to send now. `later`: not before `at` (milliseconds since the epoch). */
export type SendToRecipientResult =
  | { readonly kind: 'dropped' }
  | { readonly kind: 'later'; readonly at: number }
  | { readonly kind: 'requested'; readonly response: InterpretedResponse };

const DROPPED: SendToRecipientResult = { kind: 'dropped' };

/** @throws StoreUnavailable */
export async function sendToRecipient(
  deps: SendToRecipientDeps,
  target: BlastTarget,
  failures: number,
): Promise<SendToRecipientResult> {
  const { record, clock, messagingLimit } = deps;
  const { about, customerId, address } = target;
  const blast = await record.load(about.blastId);
  if (!maySend(blast)) return DROPPED;
  const recipient = blast.recipients.get(about.ticketId);
  if (recipient?.status !== 'planned' && recipient?.status !== 'deferred') return DROPPED;
  const now = clock.now().getTime();
  if (recipient.status === 'deferred' && Date.parse(recipient.retryAt) > now)
    return { kind: 'later', at: Date.parse(recipient.retryAt) };

  const by = deps.templatesBy(address.channel, target.line);
  const plan = await planFor(deps.handler, blast, about.ticketId, recipient, address, by, now);
  if (plan.kind === 'skip') {
    await record.skip(about, plan.reason);
    return DROPPED;
  }
  if (plan.kind === 'stop') {
    await record.stop(about.blastId, plan.reason);
    deps.log.error(
      { blastId: about.blastId, code: plan.reason },
      'a blast is paused: its template cannot be sent',
    );
    return DROPPED;
  }
  const { form } = plan;
  const room = form === 'template' ? messagingLimit.take(customerId, now) : null;
  if (room !== null) return { kind: 'later', at: room };

  const messageId = record.messageIdOf(about, form);
  if (!(await record.attempt(about, messageId, form, plan.answersTo))) return DROPPED;
  const posted = await post(deps, blast, about, messageId, form, by);
  const message = { ticketId: about.ticketId, division: about.division, messageId };
  const cause = { id: about.blastId, metadata: { correlationId: about.blastId, requestId: about.blastId } };
  const recorded = await deps.delivery.attempt(message, cause, deps.ids.next(), target.line);
  if (posted === undefined || recorded !== true) {
    await recoverAttempt(deps, about, messageId);
    return DROPPED;
  }
  const to = { line: target.line, userId: address.userId };
  const sent = await deps.channels[address.channel].send(outboundOf(posted), to, deps.giveUp);
  const response = interpretResponse(sent, {
    form,
    mayTemplate: templateFormOf(blast.facts.template, by) !== null,
    tried: (recipient.status === 'deferred' ? recipient.attempts : 0) + 1,
    failures,
    now: clock.now().getTime(),
    retryLimits: deps.retryLimits,
  });
  const { outcome } = response;
  if (form === 'template' && (outcome.kind === 'failed' || outcome.kind === 'deferred'))
    messagingLimit.release(customerId);
  deps.observe(outcome.kind, 'code' in outcome ? outcome.code : '');
  // The conversation shows what the customer's phone shows: a text that a template replaces was not delivered.
  await deps.delivery.outcome(message, cause, onDelivery(outcome, form));
  await record.outcome(about, outcome);
  if (response.optsOut) await record.optOut(address.customerKey, about.blastId);
  if (response.stops !== null) await record.stop(about.blastId, response.stops);
  return { kind: 'requested', response };
}

function onDelivery(outcome: RecipientOutcome, form: BlastForm): DeliveryOutcome {
  switch (outcome.kind) {
    case 'accepted':
      return outcome;
    case 'failed':
      return { ...outcome, reason: null };
    case 'deferred':
      return outcome.needsTemplate && form === 'text'
        ? { kind: 'failed', code: outcome.code, reason: null }
        : { kind: 'deferred', code: outcome.code, retryAt: outcome.retryAt };
    case 'unknown':
      return { kind: 'unknown', reason: reasonOf(outcome.reason) };
  }
}

const REASONS = ['timeout', 'connection_lost', 'unreadable_answer', 'interrupted'] as const;
const reasonOf = (reason: string): (typeof REASONS)[number] =>
  REASONS.find((one) => one === reason) ?? 'interrupted';

/** Posts the message in the conversation, once, and reads it back: a second try sends the same text. */
async function post(
  { store, read, record, clock, skip }: SendToRecipientDeps,
  { facts }: ExistingBlast,
  about: AboutRecipient,
  messageId: string,
  form: BlastForm,
  by: TemplatesBy,
): Promise<PostedMessage | undefined> {
  const scope = { kind: 'division', division: about.division, userId: NOBODY } as const;
  const values = (await personalValues(read, scope, [about.ticketId])).get(about.ticketId) ?? {};
  const { body } = facts.template;
  const approved = form === 'template' ? templateFormOf(facts.template, by) : null;
  const template = approved && { ...approved, parameters: parametersOf(body, values) };
  await record.post({
    ...about,
    messageId,
    content: personalise(template ? body : facts.message, values),
    sentAt: clock.now().toISOString(),
    senderId: facts.creatorId,
    senderRole: facts.creatorRole,
    template,
  });
  const recent = await store.read(conversationStream(about.ticketId), { direction: 'backwards', limit: 256 });
  return recent
    .flatMap((stored) => decodeOrSkip(stored, skip) ?? [])
    .find(
      (event): event is PostedMessage =>
        event.type === 'BlastMessagePosted' && event.data.messageId === messageId,
    );
}

/** For an attempt from before this start without an outcome: the message's own stream shows whether the request may have left. */
export async function recoverAttempt(
  deps: SendToRecipientDeps,
  about: AboutRecipient,
  messageId: string,
): Promise<void> {
  const { record, delivery, clock } = deps;
  const found = await record.deliveryOf(messageId);
  switch (found.status) {
    case 'untried':
    case 'deferred':
      await record.outcome(about, {
        kind: 'deferred',
        code: 'interrupted',
        retryAt: clock.now().toISOString(),
        needsTemplate: messageId === record.messageIdOf(about, 'template'),
      });
      return;
    case 'attempted': {
      const message = { ticketId: about.ticketId, division: about.division, messageId };
      const cause = {
        id: about.blastId,
        metadata: { correlationId: about.blastId, requestId: about.blastId },
      };
      await delivery.outcome(message, cause, { kind: 'unknown', reason: 'interrupted' });
      await record.outcome(about, { kind: 'unknown', reason: 'interrupted' });
      return;
    }
    case 'accepted':
      await record.outcome(about, { kind: 'accepted', channelMessageId: null });
      return;
    case 'failed':
      await record.outcome(about, { kind: 'failed', code: 'not_recorded' });
      return;
    case 'unknown':
      await record.outcome(about, { kind: 'unknown', reason: 'interrupted' });
  }
}
