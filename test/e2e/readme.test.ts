/** The walk of the README, run by a shell without changes, against the demo as a newcomer starts it. */
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually.ts';
import { type DataFolder, dataFolder, launch, type Program } from '../support/processes/program.ts';

const run = promisify(execFile);

describe('the README', function () {
  this.timeout(90_000);
  let folder: DataFolder;
  let program: Program;

  before(async () => {
    folder = await dataFolder();
    program = await launch({ folder, args: ['--demo'], fromSources: true });
    await eventually(
      'the demo says that it is ready',
      () => program.output().includes('demo is ready'),
      60_000,
    );
  });
  after(async () => {
    await program.stop();
    await folder.remove();
  });

  it('walks as pasted: webhook, race, one winner in the audit log', async () => {
    const [, walk = ''] = /```sh walk\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
    const script = walk
      .replace('BASE=http://127.0.0.1:3000', `BASE=${program.url}`)
      .replace('DATA=.data', `DATA=${folder.path}`);
    expect(script).not.to.equal(walk);
    const { stdout, stderr } = await run('bash', ['-e', '-c', script]);
    expect(stderr).to.equal('');
    expect(stdout).to.contain('"accepted":1,"duplicates":0');
    expect(stdout.match(/ 200$/gm), stdout).to.have.length(1);
    expect(stdout.match(/TICKET_ALREADY_TAKEN.* 409$/gm), stdout).to.have.length(1);
    expect(stdout.match(/ self_takeover (Andi Saputra|Ayu Wulandari)$/gm), stdout).to.have.length(1);
  });

  it('names commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readFileSync('README.md', 'utf8').matchAll(/npm run ([a-z:]+)/g)].map(
      ([, name]) => name,
    );
    expect(Object.keys(scripts)).to.include.members(named);
  });
});
