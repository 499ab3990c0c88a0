/** Whose export is made next (docs/design/reliability.md#fair-exports). */
import { expect } from 'chai';
import type { Recorded } from '../../../src/domain/codec.ts';
import { createPendingExports } from '../../../src/jobs/exports/pending-exports.ts';
import { exportWish } from '../../support/scenarios/export-events.ts';
import { ani, rina, tono, uuidOf } from '../../support/scenarios/people.ts';

const NONE: ReadonlySet<string> = new Set();
const asked = (n: number, requestedBy: string): Recorded =>
  ({
    type: 'ExportRequested',
    data: { ...exportWish, exportId: uuidOf(n), requestedBy },
  }) as unknown as Recorded;

describe('the exports that wait', () => {
  it('are made in turns between people, of one person in order', () => {
    const pending = createPendingExports();
    for (let n = 1; n <= 4; n += 1) pending.see(asked(n, rina.id), '0');
    pending.see(asked(5, tono.id), '0');
    pending.see(asked(6, tono.id), '0');
    pending.see(asked(7, ani.id), '0');
    const order: string[] = [];
    for (let next = pending.next(NONE); next; next = pending.next(NONE)) {
      order.push(next.exportId);
      pending.settle(next.exportId);
    }
    expect(order).to.deep.equal([1, 5, 7, 2, 6, 3, 4].map(uuidOf));
  });

  it('are not overtaken again and again by somebody who asks after each', () => {
    const pending = createPendingExports();
    pending.see(asked(1, rina.id), '0');
    pending.see(asked(2, rina.id), '0');
    pending.see(asked(3, tono.id), '0');
    const order: (string | undefined)[] = [];
    for (let n = 4; n < 8; n += 1) {
      const next = pending.next(NONE);
      order.push(next?.exportId);
      pending.settle(next?.exportId ?? '');
      pending.see(asked(n, tono.id), '0');
    }
    expect(order.slice(0, 3)).to.deep.equal([1, 3, 2].map(uuidOf));
  });
});
