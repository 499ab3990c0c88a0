import {
  decideExportComplete,
  decideExportDownload,
  decideExportExpire,
  decideExportFail,
  decideExportProgress,
  decideExportStart,
} from '../../../src/commands/exports/record-export.ts';
import { type Export, exportAggregate } from '../../../src/domain/exports/export.ts';
import {
  completed,
  downloaded,
  EXPORT,
  expired,
  exportFailed,
  progressed,
  requested,
  startedAt,
} from '../../support/scenarios/export-events.ts';
import { specOf } from '../../support/scenarios/given.ts';

const given = specOf(exportAggregate);
const OVER = [completed, exportFailed(), expired()] as const;

describe('the start of an export', () => {
  const start = (state: Export) => decideExportStart(state, EXPORT);

  it('counts the attempts: one that ends the process is not tried for ever', () => {
    given(requested).when(start).then(startedAt(1));
    given(requested, startedAt(1)).when(start).then(startedAt(2));
  });
  it('is none where there is no export, or it is over', () => {
    given().when(start).then();
    for (const event of OVER) given(requested, event).when(start).then();
  });
});

describe('the progress of an export', () => {
  const progress = (percent: number) => (state: Export) => decideExportProgress(state, EXPORT, percent);

  it('goes up, once each', () => {
    given(requested, startedAt(1)).when(progress(10)).thenOnce(progressed(10));
    given(requested, startedAt(1), progressed(10)).when(progress(9)).then();
    given(requested, startedAt(1), progressed(10)).when(progress(11)).thenOnce(progressed(11));
  });
  it('is of one that runs', () => {
    given().when(progress(10)).then();
    given(requested).when(progress(10)).then();
    given(requested, startedAt(1), exportFailed()).when(progress(10)).then();
  });
});

describe('the end of an export', () => {
  const complete = (state: Export) => decideExportComplete(state, EXPORT, { size: 7, sha256: 'abc' });
  const fail = (state: Export) => decideExportFail(state, EXPORT, 'too_large');

  it('is a file or a failure, once', () => {
    given(requested, startedAt(1)).when(complete).thenOnce(completed);
    given(requested, startedAt(1)).when(fail).thenOnce(exportFailed());
    given(requested).when(complete).thenOnce(completed);
    given(requested).when(fail).thenOnce(exportFailed());
  });
  it('comes once: what is over stays so', () => {
    for (const event of OVER) {
      given(requested, startedAt(1), event).when(complete).then();
      given(requested, startedAt(1), event).when(fail).then();
    }
    given().when(complete).then();
    given().when(fail).then();
  });
});

describe('a download of an export', () => {
  const download = (state: Export) => decideExportDownload(state, EXPORT);
  const times = (count: number) => Array.from({ length: count }, () => downloaded);

  it('is on record up to 100 times', () => {
    given(requested, completed).when(download).then(downloaded);
    given(requested, completed, ...times(99))
      .when(download)
      .then(downloaded);
    given(requested, completed, ...times(100))
      .when(download)
      .then();
  });
  it('is of a file that is there', () => {
    given().when(download).then();
    given(requested).when(download).then();
    given(requested, completed, expired()).when(download).then();
  });
});

describe('the file of an export', () => {
  const expire = (state: Export) => decideExportExpire(state, EXPORT, 'erasure');

  it('expires at any time before its end, once', () => {
    given(requested).when(expire).thenOnce(expired('erasure'));
    given(requested, startedAt(1)).when(expire).thenOnce(expired('erasure'));
    given(requested, completed).when(expire).thenOnce(expired('erasure'));
  });
  it('of one that failed is none', () => {
    given(requested, exportFailed()).when(expire).then();
    given().when(expire).then();
  });
});
