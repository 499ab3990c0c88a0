/**
 * One recipient's turn. In this order, so that a crash at any point leaves nobody reached twice and nobody left out: the
 * attempt on the blast's stream, the message on the ticket's talk, the attempt on the message's own stream, the request,
 * the outcome on both.
 */
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { DeliveryOutcome, RecordDelivery } from '../../commands/outbound/record-delivery.ts';
import type { AboutRecipient, RecipientOutcome, RecordBlast } from '../../commands/blasts/record-blast.ts';
import { type BlastForm, type ExistingBlast, maySend } from '../../domain/blasts/blast.ts';
import { decode } from '../../domain/codec.ts';
import { conversationStream } from '../../domain/conversation/conversation.ts';
import { parametersOf, personalise } from '../../domain/blasts/personalise.ts';
import type { Channel as ChannelName } from '../../domain/vocabulary.ts';
import {
  type Channel,
  type Clock,
  type EventStore,
  type Ids,
  type Logger,
  NOBODY,
  type ReadStore,
} from '../../ports.ts';
import { personalValues } from '../../projections/blasts/blast-audience.ts';
import type { Address } from '../outbound/addresses.ts';
import { outboundOf, type PostedMessage } from '../outbound/outbound.ts';
import { type Backoff, interpretResponse, type InterpretedResponse } from './interpret-response.ts';
import { planFor } from './preflight.ts';
import type { MessagingLimit } from './messaging-limit.ts';

export interface SendToRecipientDeps {
  readonly store: Pick<EventStore, 'read'>;
  readonly read: ReadStore;
  readonly handler: Pick<CommandHandler, 'load'>;
  readonly record: RecordBlast;
  readonly delivery: RecordDelivery;
  readonly channels: Readonly<Record<ChannelName, Channel>>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly messagingLimit: MessagingLimit;
  readonly backoff: Backoff;
  /** Gives up requests under way. */
  readonly giveUp: AbortSignal;
  /** Told about each request, for the metrics. */
  observe(result: RecipientOutcome['kind'], code: string): void;
}

export interface BlastTarget {
  readonly about: AboutRecipient;
  readonly customerId: string;
  readonly address: Address;
  readonly lineName: string;
}

/** `dropped`: it is not (or no more) to be sent by us now. `later`: not before that moment. */
export type SendToRecipientResult =
  | { readonly kind: 'dropped' }
  | { readonly kind: 'later'; readonly at: number }
  | { readonly kind: 'asked'; readonly verdict: InterpretedResponse };

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

  const plan = await planFor(deps.handler, blast, about.ticketId, recipient, address, now);
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
  const said = await post(deps, blast, about, messageId, form);
  const message = { ticketId: about.ticketId, division: about.division, messageId };
  const cause = { id: about.blastId, metadata: { correlationId: about.blastId, requestId: about.blastId } };
  const stands = await deps.delivery.attempt(message, cause, deps.ids.next());
  if (said === undefined || stands !== true) {
    await recoverAttempt(deps, about, messageId);
    return DROPPED;
  }
  const to = { line: target.lineName, userId: address.userId };
  const sent = await deps.channels[address.channel].send(outboundOf(said), to, deps.giveUp);
  const verdict = interpretResponse(sent, {
    form,
    mayTemplate: blast.facts.template.whatsappName !== null,
    tried: (recipient.status === 'deferred' ? recipient.attempts : 0) + 1,
    failures,
    now: clock.now().getTime(),
    backoff: deps.backoff,
  });
  const { outcome } = verdict;
  if (form === 'template' && (outcome.kind === 'failed' || outcome.kind === 'deferred'))
    messagingLimit.release(customerId);
  deps.observe(outcome.kind, 'code' in outcome ? outcome.code : '');
  // The talk shows what the customer's phone does: a text that gave way to a template was not delivered.
  await deps.delivery.outcome(message, cause, onDelivery(outcome, form));
  await record.outcome(about, outcome);
  if (verdict.optsOut) await record.optOut(address.customerKey, about.blastId);
  if (verdict.stops !== null) await record.stop(about.blastId, verdict.stops);
  return { kind: 'asked', verdict };
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

/** Puts the message on the talk, once, and reads back what stands there: that is what is sent, also at a second try. */
async function post(
  { store, read, record, clock }: SendToRecipientDeps,
  { facts }: ExistingBlast,
  about: AboutRecipient,
  messageId: string,
  form: BlastForm,
): Promise<PostedMessage | undefined> {
  const scope = { kind: 'division', division: about.division, userId: NOBODY } as const;
  const values = (await personalValues(read, scope, [about.ticketId])).get(about.ticketId) ?? {};
  const { whatsappName, language, body } = facts.template;
  const template =
    form === 'template' && whatsappName !== null
      ? { name: whatsappName, language, parameters: parametersOf(body, values) }
      : null;
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
    .map(decode)
    .find(
      (event): event is PostedMessage =>
        event.type === 'BlastMessagePosted' && event.data.messageId === messageId,
    );
}

/** An attempt of another life has no outcome: the message's own stream tells whether the request may have left. */
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
