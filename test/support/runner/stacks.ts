/** Stacks of the build of the tests, with the lines of the TypeScript. Read only where a test failed: to read all maps costs each start. */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, join, relative } from 'node:path';

const PLACE = /(?:file:\/\/)?(\/[^\s():]+\.js):(\d+):(\d+)/g;

/** @returns the text, with each place in a file that has a source map as that of its source, below this folder */
export function withSourceLines(text: string): string {
  const maps = new Map<string, SourceMap | null>();
  const mapOf = (file: string): SourceMap | null => {
    let map = maps.get(file);
    if (map === undefined) {
      const path = `${file}.map`;
      map = existsSync(path)
        ? new SourceMap(JSON.parse(readFileSync(path, 'utf8')) as SourceMapPayload)
        : null;
      maps.set(file, map);
    }
    return map;
  };
  return text.replace(PLACE, (place, file: string, line: string, column: string) => {
    const found = mapOf(file)?.findOrigin(Number(line), Number(column));
    if (found === undefined || !('fileName' in found)) return place;
    const source = relative(process.cwd(), join(dirname(file), found.fileName));
    return `${source}:${String(found.lineNumber)}:${String(found.columnNumber)}`;
  });
}
