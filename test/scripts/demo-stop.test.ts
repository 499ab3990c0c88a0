/** `npm run demo` ended by SIGTERM to npm: npm tells only its shell, and the shell ends without a word. */
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/processes/program.ts';

/** Processes that work for this installation: it is in what they were started with. */
const workingFor = (dataDir: string): readonly string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      // A process that has ended, and whose parent has not looked yet, has neither.
      return ['environ', 'cmdline'].some((file) =>
        readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(dataDir),
      );
    } catch {
      return false;
    }
  });

describe('npm run demo', function () {
  this.timeout(180_000);
  let dataDir: string;

  before(function () {
    if (process.platform !== 'linux') this.skip();
    dataDir = mkdtempSync(join(tmpdir(), 'saga-demo-stop-'));
    chmodSync(dataDir, 0o755);
  });
  after(() => {
    for (const pid of workingFor(dataDir)) process.kill(Number(pid), 'SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('leaves no process behind when npm is ended with SIGTERM', async () => {
    const npm = spawn('npm', ['run', 'demo'], {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        DATA_DIR: dataDir,
        DEMO_HISTORY: '0',
        PORT: String(await freePort()),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [npm.stdout, npm.stderr])
      stream.on('data', (text: Buffer) => (said += text.toString()));
    await eventually('the demo runs', () => said.includes('Stop with Ctrl-C'), 120_000);
    // npm, its shell, the program, Postgres, its watchdog.
    expect(workingFor(dataDir).length, said).to.be.at.least(4);
    npm.kill('SIGTERM');
    await once(npm, 'exit');
    await eventually('nothing is left', () => workingFor(dataDir).length === 0, 20_000);
  });
});
