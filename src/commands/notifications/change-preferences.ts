/** A person says what they want to be told of, and how (docs/design/business-rules.md#notification-preferences). */
import { z } from 'zod';
import { NOTIFICATION_KINDS } from '../../domain/notifications/notification-kinds.ts';
import {
  type Preference,
  type PreferenceEvent,
  type Preferences,
  preferences,
  UNASKED,
} from '../../domain/notifications/preferences.ts';
import type { Clock } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

const change = z
  .strictObject({
    in_app: z.boolean().optional(),
    push: z.boolean().optional(),
    sound: z.boolean().optional(),
  })
  .meta({ id: 'NotificationPreferenceChange' });

export const input = z.strictObject({
  preferences: z.partialRecord(z.enum(NOTIFICATION_KINDS), change),
});
export type PreferencesInput = z.infer<typeof input>;

const same = (a: Preference, b: Preference): boolean =>
  a.inApp === b.inApp && a.push === b.push && a.sound === b.sound;

/** Members that are not named stay as they are. What changes nothing is no event. */
export function decideChangePreferences(
  { byKind }: Preferences,
  { userId, changes }: { readonly userId: string; readonly changes: PreferencesInput['preferences'] },
): PreferenceEvent[] {
  const after = new Map(byKind);
  let isChanged = false;
  for (const [kind, asked] of Object.entries(changes)) {
    const before = after.get(kind) ?? UNASKED;
    const wanted = {
      inApp: asked.in_app ?? before.inApp,
      push: asked.push ?? before.push,
      sound: asked.sound ?? before.sound,
    };
    if (same(before, wanted)) continue;
    isChanged = true;
    if (same(wanted, UNASKED)) after.delete(kind);
    else after.set(kind, wanted);
  }
  if (!isChanged) return [];
  const kept = [...after].map(([kind, preference]) => ({ kind, ...preference }));
  return [{ type: 'NotificationPreferencesChanged', data: { userId, preferences: kept } }];
}

export const changePreferences =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, { preferences: changes }: PreferencesInput) => {
    const { state, position } = await handler.executeCommand(
      preferences,
      ctx.caller.id,
      eventContextOf(ctx, clock),
      (before) => decideChangePreferences(before, { userId: ctx.caller.id, changes }),
    );
    return { state, position };
  };
