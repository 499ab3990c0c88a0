/** docs/ops/faults.md names every fault of docs/design/reliability.md#fault-tests, and tests that are there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

const text = readFileSync('docs/ops/faults.md', 'utf8');
const rows = [...text.matchAll(/^\| (F\d+) .*$/gm)].map(([row, fault = '']) => ({ fault, row }));

describe('the table of faults', () => {
  it('has each of F1 to F29 once, with a test that is there', () => {
    expect(rows.map(({ fault }) => fault)).to.deep.equal(
      Array.from({ length: 29 }, (_, n) => `F${String(n + 1)}`),
    );
    for (const { fault, row } of rows) {
      const files = [...row.matchAll(/`(test\/[^`]+\.ts)`/g)].map(([, file = '']) => file);
      expect(files, fault).not.to.deep.equal([]);
      for (const file of files) expect(existsSync(file), `${fault}: ${file}`).to.equal(true);
    }
  });

  it('leaves out no test of the fault suite', () => {
    for (const file of readdirSync('test/faults').filter((name) => name.endsWith('.test.ts')))
      expect(text).to.include(`test/faults/${file}`);
  });
});
