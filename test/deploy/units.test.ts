/** What systemd and logrotate themselves say of the files in deploy/, where this machine has them. */
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VARIABLES } from '../../src/config/variables.ts';
import { readConfig } from '../../src/config.ts';
import { needsTool } from '../support/processes/tool.ts';

const UNITS = 'deploy/systemd';

/** Settings of `NAME=value` lines; those commented out, too. */
const settings = (file: string): Map<string, string> =>
  new Map(
    [...readFileSync(file, 'utf8').matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );

describe('what is deployed', () => {
  it('its units are sound: systemd-analyze verify', function () {
    needsTool(this, 'systemd-analyze', 'systemd');
    const folder = mkdtempSync(join(tmpdir(), 'saga-units-'));
    try {
      for (const name of readdirSync(UNITS)) {
        // The program of this machine: the guide installs another one.
        const unit = readFileSync(join(UNITS, name), 'utf8').replaceAll(
          '/usr/local/bin/node',
          process.execPath,
        );
        writeFileSync(join(folder, name), unit);
      }
      const names = readdirSync(folder).map((name) => join(folder, name.replace('@.', '@1.')));
      // An instance is verified through its template, which must be next to it.
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...names], { encoding: 'utf8' });
      // The stores have units of their own, which this machine need not have.
      expect([status, stderr]).to.deep.equal([0, '']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('its units give each process its part, and no rights', () => {
    const api = readFileSync(join(UNITS, 'saga-api@.service'), 'utf8');
    const worker = readFileSync(join(UNITS, 'saga-worker.service'), 'utf8');
    expect(api)
      .to.match(/RUN=api\b(?!,)/)
      .and.include('PORT=300%i');
    expect(worker).to.include('RUN=projections,jobs').and.not.include(' PORT=');
    for (const unit of [api, worker]) {
      expect(unit)
        .to.include('User=saga')
        .and.include('NoNewPrivileges=yes')
        .and.include('ProtectSystem=strict');
    }
  });

  it('its environment template names only variables there are, and can be used once it is filled in', () => {
    const template = settings('deploy/saga.env.example');
    for (const name of template.keys()) expect(VARIABLES).to.have.property(name);
    const filled = [...template].map(([name, value]) => [
      name,
      name === 'WA_PHONE_MAP'
        ? 'PHONE_ID_001:sari:Saga Kargo'
        : /_KEY$|SECRET$|VERIFY_TOKEN$/.test(name) && !name.startsWith('VAPID')
          ? Buffer.from(name.padEnd(32, name)).toString('hex').slice(0, 64)
          : value.replace('CHANGE_ME', 'longer-than-that'),
    ]);
    const set = Object.fromEntries(
      filled.filter(([name]) => !/^(VAPID|TELEGRAM|META|CHANNEL)/.test(name ?? '')),
    ) as Record<string, string>;
    expect(readConfig(set).DATA_DIR).to.equal('/var/lib/saga');
    expect(() => readConfig({ ...set, JWT_SECRET: '' })).to.throw('JWT_SECRET is required');
  });

  it('its units and its image start files of the build, with source maps', function () {
    this.timeout(60_000);
    const units = readdirSync(UNITS).map((name) => readFileSync(join(UNITS, name), 'utf8'));
    const started = units.flatMap((unit) =>
      [...unit.matchAll(/^ExecStart=.*--enable-source-maps (\S+)/gm)].map(([, file = '']) => file),
    );
    const image = readFileSync('deploy/Dockerfile', 'utf8');
    started.push(...(/"--enable-source-maps", "(\S+)"/.exec(image)?.slice(1) ?? []));
    expect(started).to.have.members([
      'dist/main.js',
      'dist/main.js',
      'dist/scripts/backup.js',
      'dist/scripts/eventstore-backup.js',
      'dist/main.js',
    ]);
    const folder = mkdtempSync(join(tmpdir(), 'saga-build-'));
    try {
      const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs', join(folder, 'dist')], {
        encoding: 'utf8',
      });
      expect([status, stderr]).to.deep.equal([0, '']);
      for (const file of started) expect(existsSync(join(folder, file)), file).to.equal(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('its image copies what is there and let in, checks its health, and does not run as root', () => {
    const image = readFileSync('deploy/Dockerfile', 'utf8');
    const allowed = readFileSync('deploy/Dockerfile.dockerignore', 'utf8').split('\n');
    const copied = [...image.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
      files.split(' '),
    );
    expect(copied).to.include.members(['src', 'scripts', 'migrations', 'package-lock.json']);
    for (const file of copied) {
      expect(existsSync(file), file).to.equal(true);
      expect(allowed, file).to.include(`!${file}`);
    }
    expect(allowed).to.include('*');
    const last = image.slice(image.lastIndexOf('\nFROM '));
    const kept = [...last.matchAll(/^COPY (?:--from=build )?(\S+)/gm)].map(([, file]) => file);
    expect(kept, 'what the image keeps').to.have.members([
      '/app/node_modules',
      '/app/dist',
      'package.json',
      'migrations',
      'content',
    ]);
    expect(image).to.match(/^HEALTHCHECK /m);
    expect([...image.matchAll(/^USER (.+)$/gm)].at(-1)?.[1]).to.equal('saga');
    expect(image.indexOf('USER saga')).to.be.below(image.indexOf('CMD ["node", "--enable-source-maps"'));
  });

  it('its log rotation is sound: logrotate --debug', function () {
    needsTool(this, 'logrotate', 'logrotate');
    const { status, stderr } = spawnSync('logrotate', ['--debug', 'deploy/logrotate/saga'], {
      encoding: 'utf8',
    });
    expect(stderr).not.to.match(/^error/m);
    expect(status).to.equal(0);
  });
});
