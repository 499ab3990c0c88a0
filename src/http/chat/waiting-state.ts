/** Who has the word, how long it takes, and whether anybody is there, as the widget shows it. */
import { z } from 'zod';
import { PRIORITY_TAG } from '../../commands/chat/ask.ts';
import { modeOf } from '../../commands/chat/visitor.ts';
import { CHAT_MODES } from '../../domain/chat/talk.ts';
import { divisionAggregate } from '../../domain/settings/division.ts';
import { openState } from '../../domain/settings/office-hours.ts';
import type { Ticket } from '../../domain/tickets/ticket.ts';
import { calendarOf } from '../../domain/time/calendar.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { queueOf, somebodyIsOnline, usualWait } from '../../projections/chat/waiting.ts';
import type { Deps } from '../framework/dependencies.ts';
import { time } from '../framework/schemas.ts';

const minutes = z
  .tuple([z.int(), z.int()])
  .nullable()
  .meta({ description: 'From and to; null: not known.', example: [5, 15] });

export const mode = z.enum(CHAT_MODES);

export const statusObject = z
  .strictObject({
    state: z.enum(['online', 'busy', 'off_hours']),
    next_open_at: time.nullable(),
    eta_minutes: minutes,
  })
  .meta({ id: 'ChatStatus', memberExamples: { state: 'online', next_open_at: '2026-07-06T01:00:00.000Z' } });

export const waitingMembers = {
  mode,
  queue_position: z.int().nullable().meta({ description: 'From 1; null: not in the queue.', example: 3 }),
  eta_minutes: minutes,
};

type StateContext = Pick<Deps, 'commands' | 'staff' | 'read' | 'clock' | 'config'>;

/** @throws StoreUnavailable */
export async function statusOf(
  { commands, staff, read, clock, config }: StateContext,
  division: Division,
): Promise<z.infer<typeof statusObject>> {
  const { hours } = await commands.handler.load(divisionAggregate, division);
  const now = clock.now();
  const active = hours.filter(({ isActive }) => isActive);
  const { isOpen, nextOpenAt } = openState(active, config.timezone, calendarOf(config.timezone), now);
  const [isStaffed, eta] = await Promise.all([
    isOpen && somebodyIsOnline(staff, division),
    usualWait(read, division, now),
  ]);
  return {
    state: isOpen ? (isStaffed ? 'online' : 'busy') : 'off_hours',
    next_open_at: nextOpenAt?.toISOString() ?? null,
    eta_minutes: isOpen && eta !== null ? [eta[0], eta[1]] : null,
  };
}

/** @throws StoreUnavailable */
export async function waitingOf(context: StateContext, found: Ticket) {
  const now = modeOf(found);
  if (found.status !== 'queued') return { mode: now, queue_position: null, eta_minutes: null };
  const [queue, { eta_minutes }] = await Promise.all([
    queueOf(context.read, found.division, PRIORITY_TAG),
    statusOf(context, found.division),
  ]);
  const at = queue.indexOf(found.id);
  // The tables may not have it yet: then it is the last.
  return { mode: now, queue_position: at === -1 ? queue.length + 1 : at + 1, eta_minutes };
}
