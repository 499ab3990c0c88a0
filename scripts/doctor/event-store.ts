/** EventStoreDB: the address, the way to each node, the rights of our user, and who else writes there. */
import { serverAddress, type ServerAddress, WrongAddress } from '../../src/adapters/eventstoredb/address.ts';
import { type StoreCause, EXPLANATIONS, explanationOf } from '../../src/adapters/eventstoredb/causes.ts';
import type { Rights } from '../../src/adapters/eventstoredb/administration/rights.ts';
import type { Config } from '../../src/config.ts';
import type { Logger } from '../../src/ports.ts';
import { type Finding, ok, problem, reasonOf, warning } from './finding.ts';

const CHECK = 'event store';
/** Enough to see a program that writes there now. */
const LAST_EVENTS = 1_000;
const STREAMS_NAMED = 5;

/**
 * @returns one finding per cause; `usable`: the store answers this user, so that more can be looked at. Nothing without
 *   EVENTSTORE_URL.
 */
export async function eventStoreDb(
  config: Config,
  logger: Logger,
): Promise<{ readonly findings: readonly Finding[]; readonly usable: boolean }> {
  const { EVENTSTORE_URL: url, EVENTSTORE_ALLOW_INSECURE: allowInsecure } = config;
  if (url === undefined) return { findings: [], usable: true };
  let address: ServerAddress;
  try {
    address = serverAddress(url, { allowInsecure });
  } catch (error) {
    if (!(error instanceof WrongAddress)) throw error;
    const todo = 'Correct EVENTSTORE_URL (docs/deployment.md shows one).';
    return { findings: [problem(CHECK, `${error.message}.`, todo)], usable: false };
  }
  const nodes = await nodesOf(address);
  if (nodes.some(({ level }) => level === 'problem')) return { findings: nodes, usable: false };
  try {
    const { rightsOf } = await import('../../src/adapters/eventstoredb/administration/rights.ts');
    const rights = rightFindings(address, await rightsOf(address, logger));
    const usable = rights.every(({ level }) => level !== 'problem');
    const others = usable ? await strangers(address, logger) : [];
    return { findings: [...nodes, ...rights, ...others], usable };
  } catch (error) {
    return { findings: [...nodes, awayFinding(error)], usable: false };
  }
}

/** For a store that could not be used. */
export function awayFinding(error: unknown): Finding {
  const explanation = explanationOf(error);
  return explanation
    ? problem(CHECK, `Not available: ${explanation.says}.`, explanation.todo)
    : problem(
        CHECK,
        `It does not answer (${reasonOf(error)}).`,
        'Look at its log, and whether it runs. Webhooks are kept meanwhile.',
      );
}

/** The way to each node. One of a cluster that is well is enough to work, and not enough to stay so. */
async function nodesOf(address: ServerAddress): Promise<readonly Finding[]> {
  const { diagnose } = await import('../../src/adapters/eventstoredb/diagnosis.ts');
  const { isCluster, lacksLeader } = await import('../../src/adapters/eventstoredb/gossip.ts');
  const hosts = await diagnose(address);
  const causes = [...new Set(hosts.map(({ cause }) => cause))].filter(
    (cause): cause is StoreCause => cause !== null,
  );
  const level = hosts.some(({ cause }) => cause === null) ? warning : problem;
  if (level === warning && isCluster(address) && (await lacksLeader(address))) {
    const { says, todo } = EXPLANATIONS['no leader'];
    return [problem(CHECK, `Not available: ${says}.`, todo)];
  }
  return causes.map((cause) => {
    const where = hosts
      .filter((one) => one.cause === cause)
      .map(({ host, port }) => `${host}:${String(port)}`);
    return level(CHECK, `${where.join(', ')}: ${EXPLANATIONS[cause].says}.`, EXPLANATIONS[cause].todo);
  });
}

const NEEDED = {
  readStream: 'read our streams',
  readAll: 'read all events ($all)',
  append: 'append',
} as const satisfies Partial<Record<keyof Rights, string>>;
const TOO_MUCH = {
  deleteStream: 'delete streams',
  changeMetadata: 'change the metadata of streams, which shortens and hides them',
  readSettings: 'read the settings of the server, as an administrator may',
} as const satisfies Partial<Record<keyof Rights, string>>;

export function rightFindings({ secure }: Pick<ServerAddress, 'secure'>, rights: Rights): readonly Finding[] {
  const check = 'event store rights';
  const named = <Name extends keyof Rights>(names: Readonly<Record<Name, string>>, has: boolean): string =>
    (Object.keys(names) as Name[])
      .filter((name) => rights[name] === has)
      .map((name) => names[name])
      .join('; ');
  const missing = named(NEEDED, false);
  if (missing !== '')
    return [
      problem(
        check,
        `The user of EVENTSTORE_URL may not: ${missing}.`,
        'npm run eventstore:setup, as an administrator of EventStoreDB (docs/deployment.md).',
      ),
    ];
  if (!secure)
    return [ok(check, 'without TLS EventStoreDB checks nobody: its port must be reachable for us alone')];
  const tooMuch = named(TOO_MUCH, true);
  return [
    tooMuch === ''
      ? ok(check, 'our user reads and appends, and may not delete or change metadata')
      : warning(
          check,
          `The user of EVENTSTORE_URL may, and should not: ${tooMuch}.`,
          'npm run eventstore:setup takes these rights from it (docs/deployment.md).',
        ),
  ];
}

async function strangers(address: ServerAddress, logger: Logger): Promise<readonly Finding[]> {
  const check = 'event store streams';
  const { foreignStreams } =
    await import('../../src/adapters/eventstoredb/administration/foreign-streams.ts');
  const found = await foreignStreams(address, LAST_EVENTS, logger);
  if (found.length === 0) return [ok(check, `the last ${String(LAST_EVENTS)} events are ours`)];
  const some = found.slice(0, STREAMS_NAMED).map(({ stream, type }) => `${stream} (${type})`);
  const more = found.length > some.length ? ` and ${String(found.length - some.length)} more` : '';
  return [
    warning(
      check,
      `Another program writes to this store: ${some.join(', ')}${more}.`,
      'Give that program a server of its own. Its events are passed over; in a stream of ours they hold up what that stream is about.',
    ),
  ];
}
