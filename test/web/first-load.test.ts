import { expect } from 'chai';
import { spawnSync } from 'node:child_process';

describe('the size of the dashboard', function () {
  this.timeout(180_000);

  it('stays within its bars', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/web-size.mjs'], {
      encoding: 'utf8',
    });
    expect(status, stdout + stderr).to.equal(0);
    expect(stdout).to.match(/first load [\d.]+ kB of 130\.0 kB/);
  });
});
