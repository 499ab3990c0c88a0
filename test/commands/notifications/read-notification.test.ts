import {
  decideReadNotification,
  decideReadNotifications,
} from '../../../src/commands/notifications/read-notification.ts';
import { readMarks } from '../../../src/domain/notifications/notification.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(readMarks);
const read = (n: number) => ({
  type: 'NotificationRead' as const,
  data: { userId: ani.id, notificationId: uuidOf(n) },
});

describe('read a notification', () => {
  it('is on record once', () =>
    given(read(1))
      .when((state) => decideReadNotification(state, read(2).data))
      .thenOnce(read(2)));
});

describe('read several notifications', () => {
  const all = { userId: ani.id, ids: [uuidOf(1), uuidOf(2), uuidOf(2)] };

  it('is on record once for each, also for one that was read before', () =>
    given(read(1))
      .when((state) => decideReadNotifications(state, all))
      .thenOnce(read(2)));
});
