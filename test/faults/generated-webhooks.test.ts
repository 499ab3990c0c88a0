/** Ten thousand webhooks as life sends them, to an ingester that is killed again and again. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { builtProgram, NODE_ARGS } from '../support/processes/built-programs.ts';
import { replayGenerated } from '../support/channels/replaying.ts';
import { testWebhook, type TestWebhook } from '../support/channels/webhook.ts';
import { testStore, type TestStore } from '../support/stores/store.ts';

/** Printed with a failure, so that it can be told again. */
const SEED = Number(process.env['WEBHOOK_SEED'] ?? Date.now() % 1_000_000);
/** All 10,000 take five minutes on two cores: they are for a night. */
const COUNT = Number(process.env['WEBHOOK_COUNT'] ?? 2_000);

describe(`generated webhooks, ${String(COUNT)} with seed ${String(SEED)}`, function () {
  this.timeout(900_000);
  let its: TestStore;
  let hooks: TestWebhook[];
  before(async () => {
    its = await testStore();
    hooks = await Promise.all([testWebhook(its.url), testWebhook(its.url)]);
  });
  after(async () => {
    await Promise.all(hooks.map((hook) => hook.close()));
    await its.close();
  });

  it('each message once, at the right customer, at its time, while processes are killed', async () => {
    const program = await builtProgram('test/support/processes/ingesting-process.ts');
    await replayGenerated(its, hooks, {
      count: COUNT,
      seed: SEED,
      restarts: 12,
      startOther: async () => {
        const child = fork(program, [its.url], { execArgv: [...NODE_ARGS] });
        await once(child, 'message');
        return {
          stop: async () => {
            const gone = once(child, 'exit');
            child.kill('SIGKILL');
            await gone;
          },
        };
      },
    });
  });
});
