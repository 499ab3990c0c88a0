/**
 * `npm run weaknesses`: which packages of package-lock.json have known weaknesses, as the registry's advisories say (`npm audit`; ASVS 15.2.1).
 * Exit code 1: one that is high or critical, in a package of production. What is known of the others is printed. Where the advisories cannot be
 * reached it says that nothing is known, and does not fail: `--strict` makes that exit code 2.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const WAIT_MS = 120_000;
/** docs/security.md, 'Updates of packages': these have days, the others wait for the next version. */
const URGENT: ReadonlySet<string> = new Set(['high', 'critical']);

const audited = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      severity: z.string(),
      range: z.string(),
      /** Where it is: names of package-lock.json. */
      nodes: z.array(z.string()),
      via: z.array(z.union([z.string(), z.object({ title: z.string(), url: z.string() })])),
    }),
  ),
});
type Weakness = z.infer<typeof audited>['vulnerabilities'][string];

const lock = z
  .object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) })
  .parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
const isOfProduction = ({ nodes }: Weakness): boolean =>
  nodes.some((node) => lock.packages[node]?.dev !== true);

/** @returns null: the advisories cannot be reached */
function audit(): Promise<ReadonlyMap<string, Weakness> | null> {
  return new Promise((resolve) => {
    // It ends with 1 both where it found something and where it could ask nobody: what it prints tells which.
    execFile('npm', ['audit', '--json'], { timeout: WAIT_MS, maxBuffer: 2 ** 26 }, (_error, stdout) => {
      let printed: unknown;
      try {
        printed = JSON.parse(stdout);
      } catch {
        printed = undefined;
      }
      const { data } = audited.safeParse(printed);
      resolve(data ? new Map(Object.entries(data.vulnerabilities)) : null);
    });
  });
}

const lineOf = (name: string, weakness: Weakness): string => {
  const { severity, range, via } = weakness;
  const where = isOfProduction(weakness) ? 'production' : 'development';
  const known = via.map((one) => (typeof one === 'string' ? `through ${one}` : `${one.title} ${one.url}`));
  return `${severity.padEnd(8)}  ${name} ${range} (${where}): ${known.join('; ')}`;
};

const all = await audit();
if (!all) {
  console.warn(
    'The advisories of the registry cannot be reached from here: nothing is known of weaknesses. Run `npm run weaknesses` where they can.',
  );
  if (process.argv.includes('--strict')) process.exitCode = 2;
} else {
  for (const [name, weakness] of all) console.log(lineOf(name, weakness));
  const urgent = [...all.values()].filter((one) => URGENT.has(one.severity) && isOfProduction(one)).length;
  console.log(
    all.size === 0
      ? 'No package has a known weakness.'
      : `${String(all.size)} packages have known weaknesses, ${String(urgent)} of production are high or critical.`,
  );
  if (urgent > 0) process.exitCode = 1;
}
