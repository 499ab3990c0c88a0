import { decideReadNotification } from '../../../src/commands/notifications/read-notification.ts';
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
