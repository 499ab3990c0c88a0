import { expect } from 'chai';
import { importCircles } from './import-circles.ts';

const circlesOf = (imports: Readonly<Record<string, readonly string[]>>) =>
  importCircles(new Map(Object.entries(imports)));

describe('import circles', () => {
  it('are not in a graph that runs one way, however often its ways meet', () =>
    expect(circlesOf({ a: ['b', 'c'], b: ['d'], c: ['d', 'b'], d: [] })).to.deep.equal([]));

  it('are found wherever they begin, each once', () =>
    expect(circlesOf({ a: ['b'], b: ['c', 'd'], c: ['b'], d: ['e'], e: ['f'], f: ['d'] })).to.deep.equal([
      ['d', 'e', 'f'],
      ['b', 'c'],
    ]));

  it('may be of one file, and go through a file that was seen before', () => {
    expect(circlesOf({ a: ['a'] })).to.deep.equal([['a']]);
    expect(circlesOf({ a: ['b', 'c'], b: ['c'], c: ['d'], d: ['a'] })).to.deep.equal([['a', 'b', 'c', 'd']]);
  });
});
