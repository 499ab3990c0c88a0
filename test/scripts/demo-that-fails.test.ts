/** A demo whose seeding cannot be finished ends by itself, says why, and leaves nothing running. */
import { expect } from 'chai';
import { type DataFolder, dataFolder, launch } from '../support/processes/program.ts';

describe('a demo that cannot be seeded', function () {
  this.timeout(90_000);
  let folder: DataFolder;

  before(async () => {
    folder = await dataFolder();
  });
  after(() => folder.remove());

  it('ends with 1 and the reason, and not only when it is killed', async () => {
    const program = await launch({ folder, args: ['--demo'], env: { RUN: 'projections,jobs' } });
    const { code, signal } = await program.exited;
    expect([code, signal]).to.deep.equal([1, null]);
    expect(program.errors()).to.include('npm run demo needs api, projections and jobs in RUN');
    expect(() => folder.postmaster(), 'Postgres is stopped, too').to.throw();
  });
});
