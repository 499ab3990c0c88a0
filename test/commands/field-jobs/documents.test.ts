import {
  decideAddDocument,
  decideWithdrawDocument,
  requireDocument,
} from '../../../src/commands/field-jobs/documents.ts';
import { job, type FieldJob, type JobDocumentKind } from '../../../src/domain/field-jobs/job.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, tono, uuidOf, vera } from '../../support/scenarios/people.ts';
import {
  arrived,
  completed,
  dewi,
  dian,
  documentAdded,
  documentWithdrawn,
  finished,
  jobCancelled,
  jobOpened,
  joko,
  jobTaken,
  teguh,
} from '../../support/scenarios/field-service/job-events.ts';

const given = specOf(job);
const add =
  (n: number, kind: JobDocumentKind, { by = joko, mimeType = 'image/jpeg', size = 7 } = {}) =>
  (state: FieldJob) =>
    decideAddDocument(state, by, {
      ...{ documentId: uuidOf(0x80 + n), kind, sha256: `sha ${String(n)}`, size, mimeType },
    });
const withdraw =
  (n: number, by = joko) =>
  (state: FieldJob) =>
    decideWithdrawDocument(state, by, uuidOf(0x80 + n));
const open =
  (n: number, by = joko) =>
  (state: FieldJob) => {
    requireDocument(state, by, uuidOf(0x80 + n));
    return [];
  };
const taken = [jobOpened(), jobTaken()];

describe('add a document to a job', () => {
  it('once for the same bytes of a kind', () => {
    given(...taken)
      .when(add(1, 'bast'))
      .thenOnce(documentAdded(1, 'bast'));
    given(...taken, documentAdded(1, 'bast'))
      .when(add(1, 'bukti'))
      .then(documentAdded(1, 'bukti'));
    given(...taken, documentAdded(1, 'bast'), documentWithdrawn(1))
      .when(add(1, 'bast'))
      .then(documentAdded(1, 'bast'));
  });
  it('letters by the office, the rest by the technician or the office', () => {
    const office = given(...taken);
    office.when(add(1, 'surat_tugas', { by: dewi })).then(documentAdded(1, 'surat_tugas', dewi.id));
    office.when(add(1, 'bast', { by: dewi })).then(documentAdded(1, 'bast', dewi.id));
    office.when(add(1, 'surat_jalan')).thenRefused('FORBIDDEN');
    office.when(add(1, 'bast', { by: ani })).thenRefused('FORBIDDEN');
    office.when(add(1, 'bast', { by: teguh })).thenRefused('NOT_YOUR_JOB');
    office.when(add(1, 'bast', { by: dian })).thenRefused('DIVISION_FORBIDDEN');
  });
  it('while somebody has it and it is not over', () => {
    const letter = add(1, 'surat_tugas', { by: dewi });
    given(jobOpened()).when(letter).thenRefused('JOB_NOT_ASSIGNED');
    given(jobOpened(), jobCancelled).when(letter).thenRefused('JOB_CLOSED');
    given(...taken, arrived, finished, completed)
      .when(add(1, 'bukti'))
      .thenRefused('JOB_CLOSED');
    given().when(letter).thenRefused('JOB_NOT_FOUND');
  });
  it('a picture or a PDF that is not empty, and not without end', () => {
    for (const mimeType of ['application/zip', 'application/octet-stream', 'text/plain', 'image/gif'])
      given(...taken)
        .when(add(1, 'bukti', { mimeType }))
        .thenRefused('MEDIA_NOT_SUPPORTED');
    given(...taken)
      .when(add(1, 'bukti', { size: 0 }))
      .thenRefused('MEDIA_NOT_SUPPORTED');
    given(...taken, ...Array.from({ length: 200 }, (_, n) => documentAdded(n + 2, 'bukti')))
      .when(add(1, 'bukti'))
      .thenRefused('MEDIA_NOT_SUPPORTED');
  });
});

describe('withdraw a document', () => {
  it('of one’s own, or by the office', () => {
    const own = given(...taken, documentAdded(1, 'bast'));
    own.when(withdraw(1)).then(documentWithdrawn(1));
    own.when(withdraw(1, dewi)).then(documentWithdrawn(1, dewi.id));
    given(...taken, documentAdded(1, 'bast', dewi.id))
      .when(withdraw(1))
      .thenRefused('FORBIDDEN');
    given(...taken, documentAdded(1, 'surat_tugas', dewi.id))
      .when(withdraw(1))
      .thenRefused('FORBIDDEN');
  });
  it('that is there', () => {
    given(...taken)
      .when(withdraw(1))
      .thenRefused('ATTACHMENT_NOT_FOUND');
    given(...taken, documentAdded(1, 'bast'), documentWithdrawn(1))
      .when(withdraw(1))
      .thenRefused('ATTACHMENT_NOT_FOUND');
    given(...taken, documentAdded(1, 'bast'), arrived, finished, completed)
      .when(withdraw(1))
      .thenRefused('JOB_CLOSED');
  });
});

describe('open a document', () => {
  const there = given(...taken, documentAdded(1, 'bast'));
  it('is for the office of the division and who has the job', () => {
    for (const by of [joko, dewi, tono]) there.when(open(1, by)).then();
    there.when(open(1, dian)).thenRefused('DIVISION_FORBIDDEN');
    there.when(open(1, teguh)).thenRefused('NOT_YOUR_JOB');
    there.when(open(1, vera)).thenRefused('FORBIDDEN');
  });
  it('of this job, and not withdrawn', () => {
    there.when(open(2)).thenRefused('ATTACHMENT_NOT_FOUND');
    given(...taken, documentAdded(1, 'bast'), documentWithdrawn(1))
      .when(open(1))
      .thenRefused('ATTACHMENT_NOT_FOUND');
  });
});
