/** Debian's Chromium for tests, started once per test file. */
import { type Browser, chromium } from 'playwright-core';
import { needsTool } from './tool.ts';

/** Nothing but the page may ask the network: the browser's own calls go out to hosts that are not there. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts a headless Chromium; the caller closes it.
 * @param test `this` of the hook that asks; it is skipped when there is no Chromium
 */
export async function startChromium(test: Mocha.Context): Promise<Browser> {
  needsTool(test, 'chromium', 'chromium');
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: QUIET });
}
