/** Who is notified of what happens to a visit (docs/design/field-service.md#who-is-told). */
import type { RecordedOf } from '../codec.ts';
import type { Notification, NotificationKind } from './notification-kinds.ts';

type TellingEvent = RecordedOf<
  | 'JobTaken'
  | 'JobRescheduled'
  | 'JobCancelled'
  | 'TechnicianReplaced'
  | 'JobGivenBack'
  | 'NoShowSuspected'
  | 'CheckOutForgotten'
>;

/** @param actorId whom the text names; null: nobody */
const about = (userId: string, kind: NotificationKind, actorId: string | null): Notification => ({
  ...{ userId, kind, ticketId: null, actorId, count: 1, threshold: null, parked: null },
});

/** @param actorId who did it; null: the program */
export function jobNotificationsOf(event: TellingEvent, actorId: string | null): readonly Notification[] {
  switch (event.type) {
    case 'JobTaken':
      return event.data.channel === 'assigned'
        ? [about(event.data.technicianId, 'job_assigned', actorId)]
        : [];
    case 'JobRescheduled': {
      const { technicianId } = event.data;
      return technicianId === null ? [] : [about(technicianId, 'job_moved', actorId)];
    }
    case 'JobCancelled': {
      const { technicianId } = event.data;
      return technicianId === null ? [] : [about(technicianId, 'job_taken_back', null)];
    }
    case 'TechnicianReplaced': {
      const { from, to } = event.data;
      return [
        about(from, 'job_taken_back', null),
        ...(to === null ? [] : [about(to, 'job_assigned', actorId)]),
      ];
    }
    case 'JobGivenBack': {
      const { because, technicianId, recipients } = event.data;
      // Who was deactivated cannot look, and who gave it back knows.
      return [
        ...(because === 'on_leave' ? [about(technicianId, 'job_taken_back', null)] : []),
        ...recipients.map((userId) => about(userId, 'job_returned', technicianId)),
      ];
    }
    case 'NoShowSuspected':
      return event.data.recipients.map((userId) => about(userId, 'job_no_show', event.data.technicianId));
    case 'CheckOutForgotten':
      return event.data.recipients.map((userId) =>
        about(userId, 'job_check_out_forgotten', event.data.technicianId),
      );
  }
}
