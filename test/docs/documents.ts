/** Every document of the repository, and what it names. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const ELSEWHERE = /(^|\/)(node_modules|\.git|\.data|\.tmp|coverage)(\/|$)/;

export interface Document {
  readonly path: string;
  readonly text: string;
  /** Without its fenced code. */
  readonly prose: string;
}

const FENCE = /^```.*\n[\s\S]*?^```$/gm;

export function documents(): readonly Document[] {
  const folders = ['docs', 'src', 'client', 'deploy', 'bench', 'test', 'scripts'];
  const below = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return [...readdirSync('.'), ...below]
    .filter((path) => path.endsWith('.md') && !ELSEWHERE.test(path))
    .map((path) => {
      const text = readFileSync(path, 'utf8');
      return { path, text, prose: text.replaceAll(FENCE, '') };
    });
}

/** Anchors as GitHub makes them from headings (the second of the same name gets `-1`), and those set by hand. */
export function anchorsOf({ prose }: Document): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const byHand = [...prose.matchAll(/<a id="([\w-]+)"><\/a>/g)].map(([, id = '']) => id);
  const anchors = [...prose.matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = '']) => {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '');
    const slug = plain
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${String(times)}`;
  });
  return new Set([...anchors, ...byHand]);
}

export interface Link {
  /** From the root of the repository. */
  readonly path: string;
  readonly anchor: string | undefined;
}

/** Links to other places of the repository. */
export function linksOf({ path, prose }: Document): readonly Link[] {
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = '', anchor] = target.split('#');
      return { path: file === '' ? path : normalize(join(dirname(path), decodeURIComponent(file))), anchor };
    });
}

/** Files and folders of the repository that are named, in prose or in code; not those with a placeholder or a wildcard. */
export function pathsOf({ text }: Document): readonly string[] {
  const named =
    /(?<![\w./<>-])((?:src|test|scripts|docs|deploy|bench|client|migrations|\.ci)\/[\w@.*<>{}…/-]*)/g;
  return [...text.matchAll(named)]
    .map(([, path = '']) => path.replace(/[.:]+$/, ''))
    .filter((path) => !/[*<>{}…]|\.\.\./.test(path));
}

export const commandsOf = ({ text }: Document): readonly string[] => [
  ...[...text.matchAll(/npm run (?:--?[a-z-]+ )*([a-z][a-z:-]*)/g)].map(([, name = '']) => name),
  ...[...text.matchAll(/npm (start|test)\b/g)].map(([, name = '']) => name),
];

/** Blocks of shell, with words in the place of `<...>`. */
export const shellOf = ({ text }: Document): readonly string[] =>
  [...text.matchAll(/^```sh.*\n([\s\S]*?)^```$/gm)].map(([, block = '']) =>
    block.replaceAll(/<[a-z][^<>\n]*>/gi, 'x'),
  );

/** Names in capitals with an underscore: variables, error codes. Not those of code in a diff. */
export const capitalsOf = ({ text }: Document): readonly string[] =>
  [
    ...text
      .replaceAll(/^```diff\n[\s\S]*?^```$/gm, '')
      .matchAll(/(?<![\w-])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![\w*])/g),
  ].map(([, name = '']) => name);
