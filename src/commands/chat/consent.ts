/** A visitor agrees to something, or no longer does (docs/design/chat.md#consent). */
import { createHash } from 'node:crypto';
import { MODEL_CONSENT_TEXT } from '../../domain/chat/consent.ts';
import type { CurrentCustomer, CustomerEvent } from '../../domain/customers/customer.ts';
import { onCustomer } from '../customers/current-customer.ts';
import { type ChatDeps, type VisitorTalk, visitorContext } from './visitor.ts';

type Purpose = Extract<CustomerEvent, { type: 'ConsentGiven' }>['data']['purpose'];

interface ConsentText {
  readonly version: number;
  readonly text: string;
}

/** Each time they agree it is on record, with the words that they saw. */
export function decideConsent(
  state: CurrentCustomer,
  purpose: Purpose,
  { version: textVersion, text }: ConsentText,
): CustomerEvent[] {
  if (state.status === 'unknown') return [];
  const textHash = createHash('sha256').update(text).digest('hex');
  return [{ type: 'ConsentGiven', data: { customerId: state.id, purpose, textVersion, textHash } }];
}

/** @param wish whether a language model may read what they ask: on record when it is another answer than before */
export function decideModelConsent(state: CurrentCustomer, wish: boolean): CustomerEvent[] {
  if (state.status === 'unknown' || state.letsModelRead === wish) return [];
  return wish
    ? decideConsent(state, 'language_model', MODEL_CONSENT_TEXT)
    : [{ type: 'ConsentWithdrawn', data: { customerId: state.id, purpose: 'language_model' } }];
}

/**
 * @param wish undefined: they say nothing about it, and what they said before holds
 * @returns whether a language model may read what they ask
 * @throws Refusal BUSY; StoreUnavailable
 */
export async function settleModelConsent(
  deps: Pick<ChatDeps, 'handler' | 'clock'>,
  { customerKey, known }: VisitorTalk,
  wish: boolean | undefined,
  requestId: string,
): Promise<boolean> {
  if (wish === undefined) return known.status === 'known' && known.letsModelRead;
  const { state } = await onCustomer(
    deps.handler,
    customerKey,
    visitorContext(deps, requestId, 'customer'),
    (now) => decideModelConsent(now, wish),
  );
  return state.status === 'known' && state.letsModelRead;
}
