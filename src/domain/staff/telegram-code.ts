/**
 * A code that links a person of staff to a Telegram account, good once and for ten minutes
 * (docs/design/field-service.md#staff-bot). The stream is named by the keyed hash of the code, so nobody reads it there.
 */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';

// ---------------------------------------------------------------- stream name

export const telegramCodeStream = (hash: string): string => `telegramcode-${hash}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

export const TelegramCodeIssued = defineEvent('TelegramCodeIssued', {
  userId: z.uuid(),
  expiresAt: z.iso.datetime(),
});
/** `telegramKey`: keyed hash of the account that brought it. */
export const TelegramCodeUsed = defineEvent('TelegramCodeUsed', {
  userId: z.uuid(),
  telegramKey: z.string(),
});

export const telegramCodeEvents = [TelegramCodeIssued, TelegramCodeUsed] as const;
export type TelegramCodeEvent = EventOf<(typeof telegramCodeEvents)[number]>;

// ---------------------------------------------------------------- state and evolve

export type TelegramCode =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'issued' | 'used';
      readonly userId: string;
      readonly expiresAt: string;
      readonly usedBy: string | null;
    };

export const telegramCode: Aggregate<TelegramCode, TelegramCodeEvent> = {
  category: 'telegramcode',
  stream: telegramCodeStream,
  initial: { status: 'unknown' },
  evolve: (state, { type, data }) =>
    type === 'TelegramCodeIssued'
      ? { status: 'issued', ...data, usedBy: null }
      : state.status === 'unknown'
        ? state
        : { ...state, status: 'used', usedBy: data.telegramKey },
};
