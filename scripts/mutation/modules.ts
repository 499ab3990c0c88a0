/**
 * Loads the project's TypeScript in this process, so that one file can be changed and loaded again in milliseconds:
 * each file is compiled once, and only what imports the changed file is evaluated again.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

type Evaluate = (require: (name: string) => unknown, exports: object) => void;

interface Source {
  readonly evaluate: Evaluate;
  /** Files of the project that it imports, by the name it imports them with. */
  readonly imports: ReadonlyMap<string, string>;
  /** Packages and modules of Node. */
  readonly packages: readonly string[];
}

function compiled(file: string, text: string): Source {
  const located = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href));
  const { outputText } = ts.transpileModule(located, {
    fileName: file,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2023,
      esModuleInterop: true,
    },
  });
  const names = [...outputText.matchAll(/require\("([^"]+)"\)/g)].map(([, name = '']) => name);
  const imports = names
    .filter((name) => name.startsWith('.'))
    .map((name) => [name, normalize(join(dirname(file), name))] as const);
  return {
    // What runs is our own source with one operator changed.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    evaluate: new Function('require', 'exports', outputText) as Evaluate,
    imports: new Map(imports),
    packages: names.filter((name) => !name.startsWith('.')),
  };
}

export interface Modules {
  /** Compiles a file and all it imports. @throws where a package is not installed */
  prepare(file: string): Promise<void>;
  /** The files that `file` imports, near or far, and itself; each with how many steps away it is. */
  reach(file: string): ReadonlyMap<string, number>;
  /** Evaluates a file, and what it imports where that was not evaluated yet. */
  load(file: string): void;
  /** From now on `file` has this text; null: what is on disk. What imports it is evaluated again when it is loaded. */
  replace(file: string, text: string | null): void;
  /** Evaluates `file` again when it is loaded next. */
  forget(file: string): void;
}

/** @param substitutes what a package is replaced with, by its name */
export function createModules(substitutes: Readonly<Record<string, object>> = {}): Modules {
  const sources = new Map<string, Source>();
  const packages = new Map<string, object>();
  const instances = new Map<string, object>();
  const replaced = new Map<string, Source>();

  const sourceOf = (file: string): Source => {
    const source = replaced.get(file) ?? sources.get(file);
    if (!source) throw new Error(`${file} was not prepared`);
    return source;
  };

  function instanceOf(file: string): object {
    const known = instances.get(file);
    if (known) return known;
    const exports = {};
    instances.set(file, exports);
    const { evaluate, imports } = sourceOf(file);
    evaluate((name) => {
      const own = imports.get(name);
      return own === undefined ? packages.get(name) : instanceOf(own);
    }, exports);
    return exports;
  }

  async function prepare(file: string): Promise<void> {
    if (sources.has(file)) return;
    if (!existsSync(file)) throw new Error(`${file} is not there`);
    const source = compiled(file, readFileSync(file, 'utf8'));
    sources.set(file, source);
    for (const name of source.packages) {
      if (packages.has(name)) continue;
      const found = substitutes[name] ?? ((await import(name)) as object);
      packages.set(name, { __esModule: true, ...found });
    }
    for (const target of source.imports.values()) await prepare(target);
  }

  const reaches = new Map<string, ReadonlyMap<string, number>>();

  function reach(file: string): ReadonlyMap<string, number> {
    const known = reaches.get(file);
    if (known) return known;
    const steps = new Map([[file, 0]]);
    for (const [from, count] of steps)
      for (const target of sourceOf(from).imports.values())
        if (!steps.has(target)) steps.set(target, count + 1);
    reaches.set(file, steps);
    return steps;
  }

  return {
    prepare,
    reach,
    load: instanceOf,
    replace(file, text) {
      if (text === null) replaced.delete(file);
      else replaced.set(file, compiled(file, text));
      for (const one of [...instances.keys()]) if (reach(one).has(file)) instances.delete(one);
    },
    forget: (file) => void instances.delete(file),
  };
}
