/** What an erasure leaves of a job's row is what a rebuild makes once the customer's key is destroyed. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { jobEvents } from '../../../src/domain/field-jobs/job.ts';
import { PERSONAL, separatePersonal } from '../../../src/domain/personal.ts';
import {
  erasedJobRow,
  type JobRow,
  jobRowAfter,
  type RecordedJob,
} from '../../../src/projections/field-jobs/job-row.ts';

const EXAMPLES = JSON.parse(readFileSync('test/domain/stored/events.json', 'utf8')) as Readonly<
  Record<string, Record<string, unknown>>
>;
const stored = jobEvents.map(({ type }) => ({ type, data: EXAMPLES[`${type}.v1`] ?? {} }));

const rowOf = (events: readonly { readonly type: string; readonly data: object }[]): JobRow | undefined =>
  events.reduce<JobRow | undefined>(
    (row, event) =>
      jobRowAfter(row, { ...event, metadata: { at: '2026-07-06T02:00:00.000Z' } } as unknown as RecordedJob),
    undefined,
  );

describe('the row of a job', () => {
  it('holds nothing of an erased customer, and the same as a rebuild', () => {
    const row = rowOf(stored);
    expect(row).to.not.equal(undefined);
    const erased = rowOf(
      stored.map(({ type, data }) => {
        const personal = PERSONAL.get(type);
        return { type, data: personal ? separatePersonal(personal, data).rest : data };
      }),
    );
    expect(row && erasedJobRow(row)).to.deep.equal(erased);
    expect(JSON.stringify(erased)).to.not.match(/Melati|Tebet|Pipa|106\.8456/);
  });
});
