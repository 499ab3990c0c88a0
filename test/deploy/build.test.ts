/** The build as production runs it: from a folder that has neither src nor the packages for development. */
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { get, login, ok, type Session } from '../support/http/client.ts';
import { productionInstall } from '../support/processes/production-install.ts';
import { type DataFolder, dataFolder, type Program, start } from '../support/processes/program.ts';

const ADMIN = { email: 'admin@example.com', password: 'a-password-for-tests-only' };
/** Commands for developers, which are no part of a build. */
const FOR_DEVELOPERS = ['generate-docs', 'write-openapi', 'screenshots'];

describe('the build', function () {
  this.timeout(120_000);
  let installed: ReturnType<typeof productionInstall>;
  let folder: DataFolder;
  let program: Program;
  let admin: Session;

  /** A command line of an operator, as `npm run` starts it there. */
  const command = (script: string, ...args: string[]) =>
    spawnSync(process.execPath, ['scripts/run.mjs', `scripts/${script}.ts`, ...args], {
      cwd: installed.folder,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        DATA_DIR: folder.path,
        ADMIN_PASSWORD: ADMIN.password,
      },
    });

  before(async () => {
    installed = productionInstall();
    folder = await dataFolder();
    const made = command('create-admin', ADMIN.email, 'Admin');
    expect([made.status, made.stderr]).to.deep.equal([0, '']);
    program = await start({ folder, installation: installed.folder });
    admin = await login(program.url, ADMIN.email, ADMIN.password);
  });
  after(async () => {
    await program.stop();
    await folder.remove();
    installed.remove();
  });

  it('runs without src, tsx and other packages for development', () => {
    expect(existsSync(join(installed.folder, 'src'))).to.equal(false);
    for (const name of ['tsx', 'typescript', 'esbuild', 'mocha'])
      expect(existsSync(join(installed.folder, 'node_modules', name)), name).to.equal(false);
  });

  it('has source maps that name the TypeScript', () => {
    const map = JSON.parse(readFileSync(join(installed.folder, 'dist/main.js.map'), 'utf8')) as {
      sources: string[];
    };
    // Packages in the build may name sources that they do not ship.
    const ours = map.sources.filter((source) => !source.includes('/node_modules/'));
    const files = ours.map((source) => join(installed.folder, 'dist', source));
    expect(files.filter((file) => !existsSync(file))).to.deep.equal([]);
    expect(files).to.include(resolve('src/main/program.ts'));
  });

  it('serves the API, its documentation and its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect((await get(program.url, '/api/openapi.json')).json).to.have.nested.property(
      'info.version',
      version,
    );
    expect((await get(program.url, '/api/docs/')).text).to.include('swagger-ui');
    expect(await ok(admin.get('/api/admin/inbox'))).to.have.property('success', true);
  });

  /** @returns the first bytes of the file, made in a worker thread */
  const exported = async (kind: 'excel' | 'pdf', more: object): Promise<string> => {
    const day = new Date().toISOString().slice(0, 10);
    const body = { division: 'sari', date_range: { start: day, end: day }, ...more };
    const { data } = await ok(admin.post(`/api/export/${kind}`, body));
    await eventually(
      `the ${kind} file is made`,
      async () => {
        const status = await ok(admin.get(`/api/export/${String(data['export_id'])}/status`));
        if (status.data['status'] === 'failed') throw new Error(String(status.data['reason']));
        return status.data['status'] === 'ready';
      },
      60_000,
    );
    const file = await fetch(new URL(String(data['download_url']), program.url));
    return Buffer.from(await file.arrayBuffer()).toString('latin1', 0, 4);
  };

  it('makes a workbook in its worker thread', async () => {
    expect(await exported('excel', {})).to.equal('PK\u0003\u0004');
  });

  it('makes a PDF in its worker thread', async () => {
    expect(await exported('pdf', { report_type: 'division_summary' })).to.equal('%PDF');
  });

  it('has the command lines of an operator', () => {
    const doctor = command('doctor');
    expect(doctor.stdout, doctor.stderr).to.match(/^ok +schema/m);
    const status = command('projections', 'status');
    expect([status.status, status.stderr]).to.deep.equal([0, '']);
    expect(status.stdout).to.match(/^inbox +running/m);
  });

  it('has every command line that package.json names, except those for developers', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = Object.values(scripts).flatMap((text) => /scripts\/([\w-]+)\.ts/.exec(text)?.[1] ?? []);
    const built = readdirSync(join(installed.folder, 'dist/scripts')).flatMap(
      (file) => /^(.+)\.js$/.exec(file)?.[1] ?? [],
    );
    expect([...built, ...FOR_DEVELOPERS]).to.have.members(named);
  });

  it('stops on SIGTERM, and printed no warning', async () => {
    const { code } = await program.stop();
    expect([code, program.errors()]).to.deep.equal([0, '']);
  });
});
