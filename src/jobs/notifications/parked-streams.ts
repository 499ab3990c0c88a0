/**
 * Tells super admins of streams that a view holds back, and takes it back once they are free
 * (docs/design/reliability.md#parked-streams). Waits for no view: one of them may be what is wrong.
 */
import type { RaiseAlert } from '../../commands/notifications/raise-alert.ts';
import { isNotice, noticeKey } from '../../domain/notifications/parked-notice.ts';
import { listParkedSubjects, subjectsHeldByViews } from '../../engine/projections/parked-events.ts';
import type { WriteStore } from '../../ports.ts';
import { listOpenNotices } from '../../projections/notifications/notifications.ts';

/** Looks once. */
export async function checkParked(deps: {
  readonly tables: Pick<WriteStore, 'query'>;
  readonly raiseAlert: Pick<RaiseAlert, 'parked' | 'freed'>;
}): Promise<void> {
  const { tables, raiseAlert } = deps;
  const open = await listOpenNotices(tables);
  const told = new Set(open.map(noticeKey));
  for (const found of await listParkedSubjects(tables))
    if (!told.has(noticeKey(found)) && !isNotice(found.subject)) await raiseAlert.parked(found);
  if (open.length === 0) return;
  const held = new Set((await subjectsHeldByViews(tables)).map(noticeKey));
  for (const { noticeId, view, subject, recipients } of open)
    if (!held.has(noticeKey({ view, subject })))
      await raiseAlert.freed({ noticeId, view, subject, recipients: [...recipients] });
}
