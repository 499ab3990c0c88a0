/** What a person wants to be told of, and how (docs/design/business-rules.md#notification-preferences). */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { NOTIFICATION_KINDS, type NotificationKind } from './notification-kinds.ts';

export const preferencesStream = (userId: string): string => `preferences-${userId}`;

/** Kinds come and go with versions, so the stored form is text. */
export const NotificationPreferencesChanged = defineEvent('NotificationPreferencesChanged', {
  userId: z.uuid(),
  /** All that differ from how it is without a word: the event before says nothing any more. */
  preferences: z.array(
    z.object({ kind: z.string(), inApp: z.boolean(), push: z.boolean(), sound: z.boolean() }),
  ),
});
export const preferenceEvents = [NotificationPreferencesChanged] as const;
export type PreferenceEvent = EventOf<typeof NotificationPreferencesChanged>;

export interface Preference {
  /** In the list, and on the live stream. */
  readonly inApp: boolean;
  /** On subscribed devices. */
  readonly push: boolean;
  /** A push makes itself heard. */
  readonly sound: boolean;
}

/** Who said nothing is told of everything. */
export const UNASKED: Preference = { inApp: true, push: true, sound: true };

/** Only the kinds of which a person said something. */
export interface Preferences {
  readonly byKind: ReadonlyMap<string, Preference>;
}

export const preferences: Aggregate<Preferences, PreferenceEvent> = {
  category: 'preferences',
  stream: preferencesStream,
  initial: { byKind: new Map() },
  evolve: (_before, { data }) => ({
    byKind: new Map(
      data.preferences.map(({ kind, inApp, push, sound }) => [kind, { inApp, push, sound }] as const),
    ),
  }),
  tail: 1,
};

/** Every kind with what holds for it. */
export const allPreferences = ({
  byKind,
}: Preferences): readonly (readonly [NotificationKind, Preference])[] =>
  NOTIFICATION_KINDS.map((kind) => [kind, byKind.get(kind) ?? UNASKED] as const);
