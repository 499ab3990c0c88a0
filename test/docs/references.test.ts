/** What the documents name is there: commands, files, links, anchors, variables. */
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { VARIABLES } from '../../src/config/variables.ts';
import { PROBLEM_CODES } from '../../src/domain/problems.ts';
import { ERRORS } from '../../src/http/framework/errors.ts';
import {
  anchorsOf,
  capitalsOf,
  commandsOf,
  type Document,
  documents,
  linksOf,
  pathsOf,
  shellOf,
} from './documents.ts';

/** Named in capitals, and no variable of ours. */
const OTHERS = new Set([
  ...Object.keys(ERRORS),
  ...PROBLEM_CODES,
  'ADMIN_PASSWORD', // of admin:create, for scripts
  'OPERATOR_EMAIL', // of projections skip, for scripts
  'OPERATOR_PASSWORD',
  'OPERATOR_CODE',
  'EVENTSTORE_TEST_URL',
  'EVENTSTORE_TEST_COMMAND',
  'EVENTSTORE_TEST_COMMAND_TLS',
  'EVENTSTORE_TEST_COMMAND_NODE',
  'EVENTSTORE_DEFAULT_ADMIN_PASSWORD', // of EventStoreDB itself
  'EVENTSTORE_DEFAULT_OPS_PASSWORD',
  'CERTIFICATE_DAYS', // of deploy/eventstore/certificates.sh
  'EVENTSTORE_ADMIN_URL', // of eventstore:setup, for scripts
  'PERMISSION_DENIED', // a code of gRPC
  'REDIS_TEST_URL',
  'NODE_ENV',
  'POSTGRES_PASSWORD', // of the image in compose
  'CHANGE_ME',
]);

/** The history is told in the words of its time. */
const isHistory = ({ path }: Document): boolean => path === 'CHANGELOG.md';

describe('the documents', () => {
  const all = documents();
  const byPath = new Map(all.map((document) => [document.path, document]));
  const found = (problem: (document: Document) => readonly string[]): readonly string[] =>
    all.flatMap((document) => problem(document).map((what) => `${document.path}: ${what}`));

  it('are there', () => {
    expect([...byPath.keys()]).to.include.members([
      'README.md',
      'docs/README.md',
      'docs/deployment.md',
      'docs/database.md',
      'docs/troubleshooting.md',
      ...['domain', 'engine', 'commands', 'projections', 'http', 'jobs', 'adapters', 'main'].map(
        (layer) => `src/${layer}/README.md`,
      ),
    ]);
  });

  it('link to what is there, and to headings that are there', () => {
    expect(
      found((document) =>
        linksOf(document).flatMap(({ path, anchor }) => {
          if (!existsSync(path)) return [`no ${path}`];
          const target = byPath.get(path);
          if (anchor === undefined || (target && anchorsOf(target).has(anchor))) return [];
          return [`no heading #${anchor} in ${path}`];
        }),
      ),
    ).to.deep.equal([]);
  });

  it('name commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    expect(found((document) => commandsOf(document).filter((name) => !(name in scripts)))).to.deep.equal([]);
  });

  it('name files and folders that exist', () => {
    // A module may be named without its ending.
    const there = (path: string) => existsSync(path) || existsSync(`${path}.ts`);
    expect(found((document) => pathsOf(document).filter((path) => !there(path)))).to.deep.equal([]);
  });

  it('name variables that exist', () => {
    expect(
      found((document) => {
        if (isHistory(document)) return [];
        const set = new Set(
          [...document.text.matchAll(/\b([A-Z][A-Z0-9_]*)=/g)].map(([, name = '']) => name),
        );
        return capitalsOf(document).filter(
          (name) =>
            !name.startsWith('PHONE_ID_') && !(name in VARIABLES) && !OTHERS.has(name) && !set.has(name),
        );
      }),
    ).to.deep.equal([]);
  });

  it('show shell that a shell understands', () => {
    expect(
      found((document) =>
        shellOf(document).flatMap((block) => {
          const { status, stderr } = spawnSync('bash', ['-n'], { input: block, encoding: 'utf8' });
          return status === 0 ? [] : [stderr];
        }),
      ),
    ).to.deep.equal([]);
  });

  it('are listed: every document of docs/ in its index, or in one that the index links to', () => {
    const reached = new Set(['docs/README.md']);
    for (const path of reached) {
      for (const link of linksOf(byPath.get(path) ?? expect.fail(path)))
        if (byPath.has(link.path)) reached.add(link.path);
    }
    expect(
      all.map(({ path }) => path).filter((path) => path.startsWith('docs/') && !reached.has(path)),
    ).to.deep.equal([]);
  });

  it('tell in the README of every command of package.json', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    const named = new Set(commandsOf(byPath.get('README.md') ?? expect.fail()));
    const own = Object.keys(scripts).filter((name) => !name.startsWith('pre'));
    expect(own.filter((name) => !named.has(name))).to.deep.equal([]);
  });

  it('start units that are in deploy/systemd', () => {
    const units = readdirSync('deploy/systemd').map((name) => name.replace(/@?\.(service|timer)$/, ''));
    const started = all.flatMap(({ text }) =>
      [...text.matchAll(/systemctl \w[\w-]*(?: --now)?((?: saga-[\w@.-]+)+)/g)].flatMap(([, names = '']) =>
        names
          .trim()
          .split(' ')
          .map((name) => name.replace(/@\d+$|\.timer$/, '')),
      ),
    );
    expect(started).to.include('saga-worker');
    for (const name of started) expect(units).to.include(name);
  });
});
