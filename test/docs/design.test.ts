/** docs/design: every rule that a comment cites is there, and the tables of the API are what the code says. */
import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENTS } from '../../src/domain/codec.ts';
import { CATEGORIES } from '../../src/domain/follow-ups/follow-up-rules.ts';
import { DEFAULT_PRIVILEGES, PRIVILEGES } from '../../src/domain/staff/privileges.ts';
import { ROLES } from '../../src/domain/vocabulary.ts';
import { routes } from '../../src/http/routes.ts';
import { anchorsOf, documents } from './documents.ts';

const SOURCE = /\.(ts|mts|mjs|js|sql)$/;
/** Stored examples are data and keep their words. */
const DATA = /^test\/domain\/stored\//;

const sources = ['src', 'test', 'scripts', 'bench'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => SOURCE.test(path) && !DATA.test(path)),
);

/** The comments of a file, each as one text, so that a reference may go over the end of a line. */
function commentsOf(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8');
  const line = path.endsWith('.sql') ? /(?:^[ \t]*--.*\n?)+/gm : /(?:^[ \t]*\/\/.*\n?)+|[ \t]\/\/ .*$/gm;
  const found = [...text.matchAll(/\/\*[\s\S]*?\*\//g), ...text.matchAll(line)];
  return found.map(([comment]) => comment.replaceAll(/\n[ \t]*(?:\*|\/\/|--)?[ \t]*/g, ' '));
}

interface Citation {
  readonly file: string;
  readonly document: string;
  readonly anchor: string | undefined;
}

const citations = sources.flatMap((file): readonly Citation[] =>
  commentsOf(file).flatMap((comment) =>
    [...comment.matchAll(/(?<![\w./-])((?:[\w.-]+\/)*[\w.-]+\.md)(?:#([\w-]+))?/g)].map(
      ([, document = '', anchor]) => ({ file, document, anchor }),
    ),
  ),
);

/** Cells of the table that follows a heading, without the two lines of its head. */
function tableUnder(text: string, heading: string): readonly (readonly string[])[] {
  const [, section = ''] =
    new RegExp(`^## ${heading}\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(text) ?? [];
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}

describe('the design', () => {
  const byPath = new Map(documents().map((document) => [document.path, document]));

  it('is cited: the sources name its headings', () => {
    expect(sources.length).to.be.greaterThan(500);
    expect(citations.filter(({ document }) => document.startsWith('docs/')).length).to.be.greaterThan(0);
  });

  it('has each document that a comment names', () => {
    const missing = citations.filter(
      ({ file, document }) => !existsSync(document) && !existsSync(join(file, '..', document)),
    );
    expect(missing.map(({ file, document }) => `${file}: ${document}`)).to.deep.equal([]);
  });

  it('is in the repository: no comment names an issue or a document of somewhere else', () => {
    const elsewhere = sources.flatMap((file) =>
      commentsOf(file)
        .filter((comment) => /\b\w+-prd\b|\bissue \d/.test(comment))
        .map((comment) => `${file}: ${comment}`),
    );
    expect(elsewhere).to.deep.equal([]);
  });

  it('has each heading that a comment names', () => {
    const missing = citations.filter(({ document, anchor }) => {
      const target = byPath.get(document);
      if (document.startsWith('docs/design/') && anchor === undefined) return true;
      return anchor !== undefined && !(target && anchorsOf(target).has(anchor));
    });
    expect(
      missing.map(({ file, document, anchor }) => `${file}: ${document}#${anchor ?? '(no heading)'}`),
    ).to.deep.equal([]);
  });

  it('lists every route with its method, path and privilege, and no other: docs/design/api.md', () => {
    const rows = tableUnder(readFileSync('docs/design/api.md', 'utf8'), 'Routes');
    const listed = rows.map((cells) => cells.join(' | '));
    const declared = routes.map(({ method, path, access }) =>
      [method.toUpperCase(), path, access].join(' | '),
    );
    expect(listed.toSorted()).to.deep.equal(declared.toSorted());
  });

  it('lists what each role may: docs/design/api.md', () => {
    const rows = tableUnder(readFileSync('docs/design/api.md', 'utf8'), 'Roles and privileges');
    const expected = PRIVILEGES.map((privilege) => [
      privilege,
      ...ROLES.map((role) => (DEFAULT_PRIVILEGES[role].includes(privilege) ? 'yes' : '-')),
    ]);
    expect(rows).to.deep.equal(expected);
  });

  it('explains words by events that exist: docs/glossary.md', () => {
    const known = new Set<string>([...EVENTS.keys(), ...CATEGORIES]);
    const named = [...readFileSync('docs/glossary.md', 'utf8').matchAll(/`([A-Z]\w+)`/g)].map(
      ([, name = '']) => name,
    );
    expect(named.length).to.be.greaterThan(30);
    expect(named.filter((name) => !known.has(name))).to.deep.equal([]);
  });
});
