/** The house rules of the dashboard that a machine can check (docs/design/dashboard.md#house-rules-of-the-dashboard). */
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { importCircles } from '../house/import-circles.ts';

const ROOT = 'web/src';
const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => join(ROOT, name));
const textOf = (file: string): string => readFileSync(file, 'utf8');

/** What a file needs before it runs: no types, and nothing that it loads later. */
const importsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/^(?:import|export) (?!type )[^'"]*?from\s+'(\.[^']+)'/gms)]
    .filter(
      ([statement]) =>
        /\{[^}]*\}/
          .exec(statement)?.[0]
          .split(',')
          .every((one) => /^[{\s]*type /.test(one)) !== true,
    )
    .map(([, path = '']) => normalize(join(dirname(file), path)));
const roomOf = (file: string): string => relative(ROOT, file).split('/')[0] ?? '';

/** Words of the product, as in src/: test/house.test.ts has the list. */
const AREAS = /const AREAS = \[([^\]]*)\]/.exec(readFileSync('test/house.test.ts', 'utf8'))?.[1] ?? '';
const TECHNICAL = ['app', 'ui', 'lib'];

describe('the house of the dashboard', () => {
  it('has its sources', () => expect(sources.length).to.be.greaterThan(50));

  it('has one folder per area, with the name that it has in the API', () => {
    const rooms = [...new Set(sources.map(roomOf))].filter((room) => !TECHNICAL.includes(room));
    expect(rooms.filter((room) => !AREAS.includes(`'${room}'`))).to.deep.equal([]);
  });

  it('no folder has more than fifteen files, lib and ui have twenty', () => {
    const counts = new Map<string, number>();
    for (const file of sources) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    // Lists of pieces that are looked up by name.
    const most = (folder: string): number => (/\/(?:lib|ui)$/.test(folder) ? 20 : 15);
    expect([...counts].filter(([folder, n]) => n > most(folder))).to.deep.equal([]);
  });

  it('no file is longer than 300 lines', () => {
    expect(sources.filter((file) => textOf(file).split('\n').length > 300)).to.deep.equal([]);
  });

  it('lib knows no screen, and ui no more than lib', () => {
    const wrong = sources.flatMap((file) =>
      importsOf(file)
        .filter((target) => {
          const [from, to] = [roomOf(file), roomOf(target)];
          return (from === 'lib' && to !== 'lib') || (from === 'ui' && !['ui', 'lib'].includes(to));
        })
        .map((target) => `${file} -> ${target}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('no files import each other in a circle', () => {
    const imports = new Map(sources.map((file) => [file, importsOf(file)]));
    expect(importCircles(imports)).to.deep.equal([]);
  });

  it('only the API is asked, through the client', () => {
    const wrong = sources.filter((file) =>
      /\bfetch\(|XMLHttpRequest|new EventSource|WebSocket/.test(textOf(file)),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('no text becomes markup, and no style is written into the page', () => {
    const wrong = sources.filter((file) => /dangerouslySetInnerHTML|innerHTML|<style/.test(textOf(file)));
    expect(wrong).to.deep.equal([]);
  });

  it('what is internal is sent by one call, and no other file sends notes', () => {
    const senders = sources.filter((file) =>
      textOf(file).includes("POST('/api/admin/ticket/{id}/internal-message'"),
    );
    expect(senders).to.deep.equal(['web/src/lib/outbox.ts']);
  });
});
