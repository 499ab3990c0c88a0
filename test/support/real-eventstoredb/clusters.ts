/**
 * Three nodes that a scenario runs on: the protocol-level ones always, real ones with certificates where
 * EVENTSTORE_TEST_COMMAND_NODE starts one of three (docs/testing.md#a-real-eventstoredb).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { json } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../src/adapters/embedded-postgres/port.ts';
import { makeCertificates } from '../esdb-server/certificates.ts';
import { startEsdbCluster } from '../esdb-server/cluster.ts';
import { eventually } from '../eventually.ts';
import { withoutItsVariables } from './node.ts';
import type { ServerKind } from './servers.ts';

const NODES = [0, 1, 2] as const;
/** Three servers of half a gigabyte start on this machine. */
const START_MS = 180_000;
/** As seen on a real cluster: nodes believe that a silent leader is gone after so long. */
const ELECTION_MS = { killed: 1_000, silent: 8_000 };

export interface ThreeNodes {
  /** Names all three; with TLS of this user. */
  address(login: string, password: string): string;
  /** Number of the node that leads. Rejects when there is none. */
  leader(): Promise<number>;
  /** SIGKILL. */
  kill(node: number): Promise<void>;
  /** It takes connections and says nothing, as a process that is stopped does. */
  pause(node: number): void;
  resume(node: number): void;
  /** After `kill`. Does not wait for it to be a follower. */
  restart(node: number): Promise<void>;
  stop(): Promise<void>;
}

export function threeNodes(): readonly ServerKind<ThreeNodes>[] {
  const command = process.env['EVENTSTORE_TEST_COMMAND_NODE'] ?? '';
  return [
    { name: 'protocol-level test servers', start: protocolNodes },
    ...(command === ''
      ? []
      : [
          {
            name: 'a real EventStoreDB (EVENTSTORE_TEST_COMMAND_NODE)',
            start: () => realNodes(command),
          },
        ]),
  ];
}

async function protocolNodes(): Promise<ThreeNodes> {
  const cluster = await startEsdbCluster();
  const alive = new Set<number>(NODES);
  let leading: number | null = 0;
  const timers = new Set<NodeJS.Timeout>();
  const elect = (afterMs: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      leading = alive.size >= 2 ? (NODES.find((node) => alive.has(node)) ?? null) : null;
      cluster.elect(leading);
    }, afterMs);
    timers.add(timer);
  };
  const lost = (node: number, afterMs: number): void => {
    alive.delete(node);
    if (leading !== node && alive.size >= 2) return;
    leading = null;
    cluster.elect(null);
    elect(afterMs);
  };
  return {
    address: () => cluster.url,
    leader: () => (leading === null ? Promise.reject(new Error('no node leads')) : Promise.resolve(leading)),
    kill: (node) => {
      cluster.kill(node);
      lost(node, ELECTION_MS.killed);
      return Promise.resolve();
    },
    pause: (node) => {
      cluster.pause(node, true);
      // The others do not know yet: they name it as their leader until the election.
      alive.delete(node);
      elect(ELECTION_MS.silent);
    },
    resume: (node) => {
      cluster.pause(node, false);
      alive.add(node);
    },
    restart: async (node) => {
      await cluster.restart(node);
      alive.add(node);
      if (leading === null) elect(ELECTION_MS.killed);
    },
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
      cluster.stop();
      return Promise.resolve();
    },
  };
}

async function realNodes(command: string): Promise<ThreeNodes> {
  const certificates = makeCertificates();
  const folder = mkdtempSync(join(tmpdir(), 'saga-eventstoredb-three-'));
  mkdirSync(join(folder, 'ca'));
  copyFileSync(certificates.ca, join(folder, 'ca', 'ca.crt'));
  const ports: number[] = [];
  for (let n = 0; n < 6; n += 1) ports.push(await freePort(undefined));
  const nodes = new Map<number, ChildProcess>();
  const portOf = (node: number): number => ports[node] ?? 0;

  function start(node: number): void {
    const seeds = NODES.filter((other) => other !== node).map(
      (other) => `127.0.0.1:${String(portOf(other))}`,
    );
    const words: Readonly<Record<string, string>> = {
      db: join(folder, `node-${String(node)}`),
      port: String(portOf(node)),
      replication: String(ports[node + 3]),
      seeds: seeds.join(','),
      cert: certificates.cert,
      key: certificates.key,
      ca: certificates.ca,
    };
    const line = command.replace(/\{(\w+)\}/g, (all, name: string) => words[name] ?? all);
    const child = spawn('sh', ['-c', `exec ${line}`], { stdio: 'ignore', env: withoutItsVariables() });
    nodes.set(node, child);
  }

  /** What a node says of itself; undefined: nothing. */
  const stateOf = (node: number): Promise<string | undefined> =>
    new Promise((resolve) => {
      const asked = get(
        { host: '127.0.0.1', port: portOf(node), path: '/info', timeout: 1_000, rejectUnauthorized: false },
        (answer) => {
          json(answer).then(
            (info) => {
              resolve((info as { state?: string }).state);
            },
            () => {
              resolve(undefined);
            },
          );
        },
      );
      asked.on('timeout', () => asked.destroy());
      asked.on('error', () => {
        resolve(undefined);
      });
    });
  async function leader(): Promise<number> {
    const states = await Promise.all(NODES.map(stateOf));
    const found = states.indexOf('leader');
    if (found === -1) throw new Error(`no node leads: ${states.join(', ')}`);
    return found;
  }
  const end = async (node: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const child = nodes.get(node);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill(signal);
    await ended;
  };

  for (const node of NODES) start(node);
  await eventually(
    'three nodes, one leads',
    async () => (await Promise.all(NODES.map(stateOf))).toSorted().join() === 'follower,follower,leader',
    START_MS,
  );
  const hosts = NODES.map((node) => `127.0.0.1:${String(portOf(node))}`).join(',');
  return {
    address: (login, password) =>
      `esdb://${login}:${encodeURIComponent(password)}@${hosts}?tls=true&tlsCAFile=${encodeURIComponent(certificates.ca)}`,
    leader,
    kill: (node) => end(node, 'SIGKILL'),
    pause: (node) => {
      nodes.get(node)?.kill('SIGSTOP');
    },
    resume: (node) => {
      nodes.get(node)?.kill('SIGCONT');
    },
    restart: (node) => {
      start(node);
      return Promise.resolve();
    },
    stop: async () => {
      for (const node of NODES) await end(node, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
      certificates.remove();
    },
  };
}
