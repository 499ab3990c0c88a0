import { expect } from 'chai';
import { exportAggregate, exportKey, type ExportEvent } from '../../../src/domain/exports/export.ts';
import {
  completed,
  downloaded,
  EXPORT,
  expired,
  exportFailed,
  exportWish,
  progressed,
  requested,
  startedAt,
} from '../../support/scenarios/export-events.ts';
import { fold } from '../../support/scenarios/given.ts';

const after = (...events: ExportEvent[]) => fold(exportAggregate, [requested, ...events]);
const pending = { status: 'pending', wish: exportWish, attempts: 0, progressPct: 0, downloads: 0 } as const;

describe('an export as its events leave it', () => {
  it('lives on a stream of its own, and its file under its id', () => {
    expect(exportAggregate.stream(EXPORT)).to.equal(`export-${EXPORT}`);
    expect(exportAggregate.category).to.equal('export');
    expect(exportKey(EXPORT)).to.equal(`exports/${EXPORT}`);
  });
  it('is pending, runs, and is ready', () => {
    expect(after()).to.deep.equal(pending);
    expect(after(startedAt(2))).to.deep.equal({ ...pending, status: 'running', attempts: 2 });
    expect(after(startedAt(1), progressed(40))).to.deep.equal({
      ...pending,
      status: 'running',
      attempts: 1,
      progressPct: 40,
    });
    expect(after(startedAt(1), completed)).to.deep.equal({
      ...pending,
      status: 'ready',
      attempts: 1,
      progressPct: 100,
    });
  });
  it('counts the downloads', () =>
    expect(after(completed, downloaded, downloaded)).to.deep.include({ status: 'ready', downloads: 2 }));
  it('fails or expires', () => {
    expect(after(exportFailed())).to.deep.equal({ ...pending, status: 'failed' });
    expect(after(expired())).to.deep.equal({ ...pending, status: 'expired' });
  });
  it('that was never asked for ignores every other event', () =>
    expect(fold(exportAggregate, [startedAt(1), completed])).to.deep.equal({ status: 'absent' }));
});
