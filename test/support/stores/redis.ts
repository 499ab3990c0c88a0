import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../../src/adapters/embedded-postgres/port.ts';
import { needsTool } from '../processes/tool.ts';

export interface TestRedis {
  readonly url: string;
  /** As when the machine is switched off: connections break, the data is lost. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  start(): Promise<void>;
  /** Accepts connections and gives no answer, until `resume`. */
  pause(): void;
  resume(): void;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

/**
 * A redis-server of the test's own, from the PATH. Without one the test is skipped with a printed reason; in CI
 * that is a failure.
 * @param test `this` of the hook or test that asks
 */
export async function startRedis(test: Mocha.Context): Promise<TestRedis> {
  needsTool(test, 'redis-server', 'redis-server');
  return launchRedis();
}

/**
 * The same outside of a test.
 * @throws without a redis-server on the PATH
 */
export async function launchRedis(): Promise<TestRedis> {
  const port = await freePort(undefined);
  let child: ChildProcess | undefined;
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${String(port)}`,
    start: async () => {
      const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
      child = spawn('redis-server', options, { stdio: 'ignore', cwd: '/' });
      const deadline = performance.now() + 10_000;
      while (!(await answers(port))) {
        if (performance.now() > deadline) throw new Error('redis-server does not answer after 10 s');
        await delay(20);
      }
    },
    kill: async () => {
      const ending = child;
      child = undefined;
      if (!ending || ending.exitCode !== null) return;
      const ended = once(ending, 'exit');
      ending.kill('SIGKILL');
      await ended;
    },
    pause: () => child?.kill('SIGSTOP'),
    resume: () => child?.kill('SIGCONT'),
  };
  await redis.start();
  return redis;
}
