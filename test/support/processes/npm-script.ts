/** A file of `scripts/` as an operator runs it: a process with arguments and variables. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { builtProgram, NODE_ARGS } from './built-programs.ts';

/** Tests run in the project's folder: their own modules may be in a build. */
const ROOT = process.cwd();

export interface Ran {
  readonly code: number | null;
  /** Standard output and standard error, as they came. */
  readonly output: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param script file in scripts/, without `.ts` */
export async function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  const program = await builtProgram(`scripts/${script}.ts`);
  const child = spawn(process.execPath, [...NODE_ARGS, program, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, stdout, stderr };
}
