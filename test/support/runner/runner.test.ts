import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { VersionConflict } from '../../../src/ports.ts';
import { ALONE, IN_PAIRS, LONGEST_FIRST, planOf } from './plan.ts';
import { selectionOf, UsageError } from './selection.ts';

describe('npm test', () => {
  it('plans files that exist, and runs those of the list apart', () => {
    const named = [...Object.keys(ALONE), ...Object.keys(IN_PAIRS), ...LONGEST_FIRST];
    expect(named.filter((path) => !existsSync(path))).to.deep.equal([]);
    const { files } = selectionOf([]);
    const { together, inPairs, alone } = planOf(files);
    expect([...together, ...inPairs, ...alone].toSorted()).to.deep.equal(files.toSorted());
    expect(together[0]).to.equal(LONGEST_FIRST[0]);
    for (const file of alone)
      expect(Object.keys(ALONE).some((place) => file.startsWith(place))).to.equal(true);
    expect(alone).to.include('test/e2e/rebuild-live.test.ts');
    expect(inPairs).to.include('test/e2e/kill.test.ts');
  });

  it('runs everything but the faults, one area, or a path', () => {
    const all = selectionOf([]).files;
    expect(all).to.include('test/house.test.ts');
    expect(all.filter((file) => /^test\/(?:faults|web\/screens)\//.test(file))).to.deep.equal([]);
    const tickets = selectionOf(['tickets']).files;
    expect(tickets).to.deep.equal(all.filter((file) => file.includes('/tickets/')));
    expect(tickets.length).to.be.greaterThan(3);
    expect(selectionOf(['test/http/staff/']).files).to.deep.equal(
      all.filter((file) => file.startsWith('test/http/staff/')),
    );
    // `docs` is a folder of the project, too.
    expect(selectionOf(['docs']).files).to.include('test/docs/client.test.ts');
    expect(selectionOf(['house']).files).to.deep.equal([
      'test/house.test.ts',
      'test/house/import-circles.test.ts',
      'test/web/house.test.ts',
    ]);
    expect(selectionOf(['tickets', 'test/http/tickets']).files).to.deep.equal(tickets);
    expect(selectionOf(['test/faults']).files[0]).to.match(/^test\/faults\//);
    expect(selectionOf(['tickets', '--grep', 'a title', '-j', '2'])).to.include({ grep: 'a title', jobs: 2 });
  });

  it('loads each module once, as the program does: what is imported when it is needed has the same classes', async () => {
    expect((await import('../../../src/ports.ts')).VersionConflict).to.equal(VersionConflict);
  });

  it('refuses what fits no file, and options that it does not know', () => {
    expect(() => selectionOf(['nowhere'])).to.throw(UsageError, /"nowhere".*Areas: .*tickets/);
    expect(() => selectionOf(['--watch'])).to.throw(UsageError, 'usage');
    expect(() => selectionOf(['--jobs', '0'])).to.throw(UsageError, 'above 0');
  });
});
