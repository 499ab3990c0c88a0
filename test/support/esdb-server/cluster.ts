/** Three test servers on one log: a leader, two followers that refuse what only a leader may do, and elections. */
import { type EsdbServer, startEsdbServer } from './index.ts';
import { createLog } from './log.ts';

export interface EsdbCluster {
  /** Names all three nodes. */
  readonly url: string;
  readonly nodes: readonly EsdbServer[];
  readonly log: EsdbServer['log'];
  /** The node with this number leads from now on; null: none does. */
  elect(node: number | null): void;
  kill(node: number): void;
  /** It takes connections and says nothing; the others go on. */
  pause(node: number, isPaused: boolean): void;
  restart(node: number): Promise<void>;
  stop(): void;
}

export async function startEsdbCluster(): Promise<EsdbCluster> {
  const log = createLog();
  const alive = [true, true, true];
  const nodes: EsdbServer[] = [];
  let leading: number | null = 0;
  const cluster = {
    nodes: () => nodes.map(({ port }, node) => ({ port, isAlive: alive[node] === true })),
    leader: () => (leading === null ? null : (nodes[leading]?.port ?? null)),
  };
  for (let node = 0; node < alive.length; node += 1) nodes.push(await startEsdbServer({ log, cluster }));
  const at = (node: number): EsdbServer => {
    const found = nodes[node];
    if (!found) throw new Error(`there is no node ${String(node)}`);
    return found;
  };
  return {
    url: `esdb://${nodes.map(({ port }) => `127.0.0.1:${String(port)}`).join(',')}?tls=false`,
    nodes,
    log,
    elect: (node) => {
      leading = node;
    },
    kill: (node) => {
      alive[node] = false;
      at(node).kill();
    },
    pause: (node, isPaused) => {
      at(node).faults.blackHole = isPaused;
    },
    restart: async (node) => {
      await at(node).restart();
      alive[node] = true;
    },
    stop: () => {
      for (const node of nodes) node.stop();
    },
  };
}
