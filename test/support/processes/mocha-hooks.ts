/** For `npx mocha <file>`. `npm test` has its own end: test/support/runner/start.mjs. */
import { stopTestServer } from '../stores/postgres.ts';

/** Runs once, after the last test of the run. */
export const mochaHooks = {
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(60_000);
    await stopTestServer();
  },
};
