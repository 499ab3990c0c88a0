import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { AUDIT_AREA_NAMES, AUDIT_AREAS } from '../../src/projections/audit/admin-entry.ts';
import { adminEventWord, AREAS } from '../../web/src/audit/admin-event-words.ts';
import { plain } from '../../web/src/staff/admin/words.ts';

/** Every name that the view of the audit writes. */
const names = ['admin-audit', 'field-service-entries'].flatMap((file) => {
  const text = readFileSync(`src/projections/audit/${file}.ts`, 'utf8');
  return [...text.matchAll(/(?:event: |ofJob\(|ofInvoice\()'([a-z_]+)'/g)].map(([, name = '']) => name);
});

describe('the words of the audit', () => {
  it('are there for every event', () => {
    expect(names).to.have.length.above(80);
    expect(names.filter((name) => adminEventWord(name) === plain(name))).to.deep.equal([]);
  });
  it('let one look for each of them under one heading', () => {
    const areasOf = (name: string) =>
      AUDIT_AREA_NAMES.filter((area) => AUDIT_AREAS[area].some((begin) => name.startsWith(begin)));
    for (const name of names) expect(areasOf(name), name).to.have.length(1);
    expect(AREAS.map(({ value }) => value)).to.deep.equal(AUDIT_AREA_NAMES);
  });
});
