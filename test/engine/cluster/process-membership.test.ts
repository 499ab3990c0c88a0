import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { createHub } from '../../../src/adapters/cluster/pub-sub-hub.ts';
import type { PubSub } from '../../../src/ports.ts';
import { createProcessMembership } from '../../../src/engine/cluster/process-membership.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

/** Fan-outs of several processes, whose messages take their time on the way. */
function connectedProcesses(count: number, milliseconds: number): { pubSub: PubSub; deaf: boolean }[] {
  const hubs = Array.from({ length: count }, () => createHub(silentLogger()));
  const all = hubs.map((hub, self) => ({
    deaf: false,
    pubSub: {
      publish: (topic: string, message: unknown) => {
        hub.deliver({ topic, message });
        for (const [n, other] of hubs.entries()) {
          if (n === self || all[self]!.deaf) continue;
          setTimeout(() => {
            if (!all[n]!.deaf) other.deliver({ topic, message });
          }, milliseconds);
        }
      },
      subscribe: hub.subscribe,
      close: () => Promise.resolve(),
    },
  }));
  return all;
}

describe('processes', () => {
  it('are told before the teller goes on, every one of them', async () => {
    const three = connectedProcesses(3, 20);
    const processes = three.map(({ pubSub }) => createProcessMembership(pubSub));
    const heard: number[] = [];
    for (const [n, { pubSub }] of three.entries()) pubSub.subscribe('news', () => heard.push(n));
    await delay(50); // they get to know each other
    await processes[0]!.tell('news', 'x', 2_000);
    expect(heard.toSorted()).to.deep.equal([0, 1, 2]);
    for (const one of processes) one.close();
  });

  it('that said goodbye, or never were, are not waited for', async () => {
    const [one, two] = connectedProcesses(2, 5);
    const [here, there] = [createProcessMembership(one!.pubSub), createProcessMembership(two!.pubSub)];
    await delay(20);
    there.close();
    await delay(20);
    const began = performance.now();
    await here.tell('news', 'x', 2_000);
    expect(performance.now() - began).to.be.lessThan(1_000);
    here.close();
  });

  it('that do not answer are waited for so long and no longer', async () => {
    const [one, two] = connectedProcesses(2, 5);
    const [here, there] = [createProcessMembership(one!.pubSub), createProcessMembership(two!.pubSub)];
    await delay(20);
    two!.deaf = true;
    const began = performance.now();
    await here.tell('news', 'x', 100);
    expect(performance.now() - began).to.be.within(95, 1_000);
    for (const each of [here, there]) each.close();
  });

  it('that fell silent are missed until they are heard of again; who said goodbye is not', async function () {
    this.timeout(20_000);
    const [one, two] = connectedProcesses(2, 5);
    const [here, there] = [createProcessMembership(one!.pubSub), createProcessMembership(two!.pubSub)];
    await eventually('they know each other', () => !here.alone());
    two!.deaf = true;
    await eventually('it is counted out', () => here.alone());
    expect(here.missing()).to.equal(true);
    two!.deaf = false;
    await eventually('it is heard of again', () => !here.alone());
    expect(here.missing()).to.equal(false);
    there.close();
    await eventually('it is gone', () => here.alone());
    expect(here.missing()).to.equal(false);
    here.close();
  });
});
