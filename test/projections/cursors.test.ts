import { expect } from 'chai';
import { InvalidCursor, writeCursor } from '../../src/engine/sql/keyset-pages.ts';
import { listAudit } from '../../src/projections/audit/audit-log.ts';
import { listInbox } from '../../src/projections/tickets/inbox.ts';
import { rejection } from '../support/rejection.ts';
import { type Desk, inDivision, openDesk, uuid } from './desk.ts';

const T = uuid(1);
const scope = inDivision('sari');
const MOMENT = '2026-11-20T03:00:00.000Z';

describe('a list', () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk({ start: false });
  });
  after(() => desk.close());

  it('takes only cursors that it gave', async () => {
    const forged = [
      '',
      'x',
      '%%%',
      writeCursor('audit', ['1']),
      writeCursor('inbox', ['yesterday', T]),
      writeCursor('inbox', [MOMENT, "x' or 1=1"]),
      writeCursor('inbox', ['2026-99-99T99:99:99.999Z', T]),
    ];
    for (const cursor of forged) {
      const error = await rejection(
        listInbox(desk.postgres.reads, scope, { divisions: ['sari'], limit: 5, cursor }),
      );
      expect(error, cursor).to.be.instanceOf(InvalidCursor);
    }
    expect(
      await rejection(
        listAudit(desk.postgres.reads, scope, T, { limit: 5, cursor: writeCursor('inbox', [MOMENT, T]) }),
      ),
    ).to.be.instanceOf(InvalidCursor);
  });
});
