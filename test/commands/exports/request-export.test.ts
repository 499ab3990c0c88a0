import { expect } from 'chai';
import {
  decideQueueExport,
  decideRequestExport,
  excelInput,
  mayExport,
  pdfInput,
  requestExport,
} from '../../../src/commands/exports/request-export.ts';
import { exportAggregate } from '../../../src/domain/exports/export.ts';
import {
  type ExportQueue,
  exportQueue,
  type ExportQueueEvent,
} from '../../../src/domain/exports/export-queue.ts';
import { exportWish, requested } from '../../support/scenarios/export-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, rina, sena, tono, uuidOf } from '../../support/scenarios/people.ts';
import { refusalOf } from '../../support/rejection.ts';

describe('request an export', () => {
  it('is on record once', () =>
    specOf(exportAggregate)()
      .when((state) => decideRequestExport(state, exportWish))
      .thenOnce(requested));
  it('of a division that is not theirs is refused before anything is read', async () => {
    const ask = requestExport({
      handler: {} as never,
      clock: { now: () => new Date(0) },
      ids: {} as never,
      exportTtlMinutes: 60,
    });
    const ctx = { caller: tono, requestId: 'r', correlationId: 'c' };
    const wish = { division: 'savi', date_range: { start: '2026-07-01', end: '2026-07-02' } } as const;
    expect(await refusalOf(ask(ctx, 'excel', wish))).to.equal('DIVISION_FORBIDDEN');
  });
});

describe('a place in the queue of a person', () => {
  const AT = '2026-07-03T10:00:00.000Z';
  const given = specOf(exportQueue);
  const ids = Array.from({ length: 7 }, (_, n) => uuidOf(0xe0 + n));
  const queued = (n: number): ExportQueueEvent => ({
    type: 'ExportQueued',
    data: { userId: rina.id, exportId: ids[n] ?? '', others: ids.slice(0, n), queuedAt: AT },
  });
  const six = ids.slice(0, 6).map((_, n) => queued(n));
  const queue =
    (n: number, over: readonly string[] = [], absent: readonly string[] = [], now = AT) =>
    (state: ExportQueue) =>
      decideQueueExport(state, { userId: rina.id, exportId: ids[n] ?? '' }, now, {
        over: new Set(over),
        absent: new Set(absent),
      });

  it('is there for one that runs and five that wait', () => {
    given().when(queue(0)).thenOnce(queued(0));
    given(...six.slice(0, 5))
      .when(queue(5))
      .thenOnce(queued(5));
    given(...six)
      .when(queue(6))
      .thenRefused('EXPORT_LIMIT');
  });
  it('is free again when an export is over', () =>
    given(...six)
      .when(queue(6, ids.slice(0, 1)))
      .thenOnce({
        type: 'ExportQueued',
        data: { userId: rina.id, exportId: ids[6] ?? '', others: ids.slice(1, 6), queuedAt: AT },
      }));
  it('is free a minute after a crash that left no export', () => {
    given(...six)
      .when(queue(6, [], ids.slice(0, 1), '2026-07-03T10:01:00.000Z'))
      .thenRefused('EXPORT_LIMIT');
    const later = '2026-07-03T10:01:00.001Z';
    given(...six)
      .when(queue(6, [], ids.slice(0, 1), later))
      .then({
        type: 'ExportQueued',
        data: { userId: rina.id, exportId: ids[6] ?? '', others: ids.slice(1, 6), queuedAt: later },
      });
  });
});

describe('who may export what', () => {
  it('is a super admin everything, everybody else their own division', () => {
    expect(mayExport(rina, 'all')).to.equal(true);
    expect(mayExport({ ...rina, division: 'sari' }, 'savi')).to.equal(true);
    expect(mayExport(tono, 'sari')).to.equal(true);
    expect(mayExport(tono, 'all')).to.equal(false);
    expect(mayExport(sena, 'sari')).to.equal(false);
    expect(mayExport({ ...ani, division: 'all' }, 'savi')).to.equal(true);
  });
});

describe('the days of an export', () => {
  const messageOf = (start: string, end: string) =>
    excelInput.safeParse({ division: 'sari', date_range: { start, end } }).error?.issues[0]?.message;

  it('are at most 366, in their order, within the years that a calendar of four digits has', () => {
    expect(messageOf('2028-01-01', '2028-12-31')).to.equal(undefined);
    expect(messageOf('2028-01-01', '2029-01-01')).to.equal('Rentang paling lama 366 hari');
    expect(messageOf('2026-07-02', '2026-07-01')).to.equal('Tanggal akhir tidak boleh sebelum tanggal awal');
    expect(messageOf('2000-01-01', '2000-01-01')).to.equal(undefined);
    expect(messageOf('2199-12-31', '2199-12-31')).to.equal(undefined);
    expect(messageOf('1999-12-31', '2000-01-01')).to.equal('Tanggal harus antara tahun 2000 dan 2199');
    expect(messageOf('2199-12-31', '2200-01-01')).to.equal('Tanggal harus antara tahun 2000 dan 2199');
    expect(messageOf('2026-02-30', '2026-03-01')).to.be.a('string');
  });
  it('are the same for a PDF, which also has a report type', () => {
    const body = { division: 'all', date_range: { start: '2026-07-01', end: '2026-07-02' } };
    expect(pdfInput.safeParse(body).success).to.equal(false);
    expect(pdfInput.safeParse({ ...body, report_type: 'agent_performance' }).success).to.equal(true);
  });
});
