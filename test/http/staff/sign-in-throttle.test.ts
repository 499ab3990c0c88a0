/** How long somebody waits who fails to sign in (docs/design/reliability.md#signing-in-under-attack). */
import { expect } from 'chai';
import { addressGroup } from '../../../src/http/framework/body-budget.ts';
import { createSignInThrottle } from '../../../src/http/staff/sign-in-throttle.ts';

const MINUTE = 60;
const HOUR = 3600;

/** Fixed windows on a clock that the test moves. */
function limiterOn(time: { now: number }) {
  const counts = new Map<string, { taken: number; until: number }>();
  const windowOf = (name: string, seconds: number) => {
    const known = counts.get(name);
    if (known && known.until > time.now) return known;
    const fresh = { taken: 0, until: time.now + seconds };
    counts.set(name, fresh);
    return fresh;
  };
  const answer = (allowed: boolean, until: number) =>
    Promise.resolve({ allowed, retryAfter: allowed ? 0 : until - time.now });
  return {
    take(key: string, limit: number, seconds: number) {
      const window = windowOf(`${key} ${String(limit)} ${String(seconds)}`, seconds);
      window.taken += 1;
      return answer(window.taken <= limit, window.until);
    },
    peek(key: string, limit: number, seconds: number) {
      const window = windowOf(`${key} ${String(limit)} ${String(seconds)}`, seconds);
      return answer(window.taken < limit, window.until);
    },
  };
}

describe('the wait of who fails to sign in', () => {
  const who = { email: 'ani@demo.saga', group: '203.0.113.1' };
  function setting() {
    const time = { now: 0 };
    const throttle = createSignInThrottle(limiterOn(time), { perAccount: 10, perAddress: 1000 });
    /** @returns how many tries were looked at */
    const failUntilLocked = async (): Promise<number> => {
      let tries = 0;
      while ((await throttle.wait(who, false)) === null) {
        await throttle.failed(who);
        tries += 1;
      }
      return tries;
    };
    return { time, throttle, failUntilLocked };
  }

  it('grows: 15 minutes, then two hours, then a day', async () => {
    const { time, throttle, failUntilLocked } = setting();
    expect(await failUntilLocked()).to.equal(10);
    expect(await throttle.wait(who, false)).to.equal(15 * MINUTE);
    time.now = 15 * MINUTE;
    expect(await failUntilLocked()).to.equal(10);
    expect(await throttle.wait(who, false)).to.equal(2 * HOUR - 15 * MINUTE);
    time.now = 2 * HOUR;
    expect(await failUntilLocked()).to.equal(10);
    time.now += 15 * MINUTE;
    expect(await failUntilLocked()).to.equal(10);
    expect(await throttle.wait(who, false)).to.equal(24 * HOUR - time.now);
  });

  it('is nobody else\u2019s', async () => {
    const { throttle, failUntilLocked } = setting();
    await failUntilLocked();
    expect(await throttle.wait({ ...who, group: '203.0.113.2' }, false)).to.equal(null);
    expect(await throttle.wait({ ...who, email: 'budi@demo.saga' }, false)).to.equal(null);
  });

  it('of a known device is at most a minute', async () => {
    const { throttle, failUntilLocked } = setting();
    await failUntilLocked();
    for (let n = 0; n < 60; n += 1) expect(await throttle.wait(who, true)).to.equal(null);
    expect(await throttle.wait(who, true)).to.equal(MINUTE);
  });
});

describe('the same address', () => {
  it('is one IPv4 address, or the network of one IPv6 customer', () => {
    expect(addressGroup('203.0.113.7')).to.equal('203.0.113.7');
    expect(addressGroup('::ffff:203.0.113.7')).to.equal('203.0.113.7');
    expect(addressGroup('2001:DB8:0:12::1')).to.equal('2001:db8:0:12::/64');
    expect(addressGroup('2001:db8:0:12:ffff:1:2:3')).to.equal('2001:db8:0:12::/64');
    expect(addressGroup('2001:db8::1')).to.equal('2001:db8:0:0::/64');
    expect(addressGroup('fe80::1%eth0')).to.equal('fe80:0:0:0::/64');
    expect(addressGroup('::1')).to.equal('0:0:0:0::/64');
    expect(addressGroup(undefined)).to.equal('unknown');
  });
});
