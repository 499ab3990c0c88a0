import { expect } from 'chai';
import fc from 'fast-check';
import { addressGroup, createByteBudget } from '../../../src/http/framework/body-budget.ts';
import { refuseShape } from '../../../src/http/framework/body-shape.ts';

const fits = (text: string, members: number, depth = 50): boolean => {
  try {
    refuseShape(Buffer.from(text), { members, depth });
    return true;
  } catch {
    return false;
  }
};

/** Each object and list is one, and each comma between two members one more. */
const countOf = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  const members = Object.values(value);
  return 1 + Math.max(0, members.length - 1) + members.reduce<number>((sum, one) => sum + countOf(one), 0);
};

describe('the shape of a body', () => {
  it('is counted as it would be built, whatever stands in its texts', () => {
    const tricky = fc.constantFrom('a', ',,', '[[[', '\\\\', '"', '\\"', '\\\\"', '{"a":1,', ']');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        tricky,
        fc.integer(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(tricky, tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (body, indent) => {
        const text = JSON.stringify(body, null, indent);
        const count = countOf(body);
        expect(fits(text, count)).to.equal(true);
        if (count > 0) expect(fits(text, count - 1)).to.equal(false);
      }),
    );
  });

  it('is too deep by one level', () => {
    expect(fits('[[[]]]', 10, 3)).to.equal(true);
    expect(fits('[[[[]]]]', 10, 3)).to.equal(false);
    expect(fits('[[],[],[]]', 10, 2), 'side by side').to.equal(true);
  });

  it('ends with its bytes, also within a text', () => {
    for (const text of ['"', '"\\', '{"a":"\\"', '', '[']) expect(fits(text, 10)).to.equal(true);
  });
});

describe('the budget of strangers', () => {
  const request = (ip: string): unknown => ({ ip });
  const accountOf = (budget: ReturnType<typeof createByteBudget>, ip: string) => {
    let closed = (): void => undefined;
    const response = { once: (_event: string, then: () => void) => (closed = then) };
    type Of = Parameters<typeof budget.account>;
    const account = budget.account(request(ip) as Of[0], response as unknown as Of[1]);
    return {
      ...account,
      close: () => {
        closed();
      },
    };
  };

  it('gives one address a quarter, all together the whole, and gets it back', () => {
    const budget = createByteBudget(100);
    const one = accountOf(budget, '192.0.2.1');
    one.holds(20);
    one.holds(25);
    expect(budget.held).to.equal(25);
    expect(() => {
      accountOf(budget, '192.0.2.1').holds(1);
    }).to.throw('OVERLOADED');
    const others = [2, 3, 4].map((n) => accountOf(budget, `192.0.2.${String(n)}`));
    for (const other of others) other.holds(25);
    expect(() => {
      accountOf(budget, '192.0.2.5').holds(1);
    }).to.throw('OVERLOADED');
    one.release();
    one.close();
    expect(budget.held, 'given back once').to.equal(75);
    accountOf(budget, '192.0.2.5').holds(25);
  });

  it('takes a /64 of IPv6 for one sender', () => {
    const same = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:db8:1:2:3:4:5:6'];
    expect(new Set(same.map((ip) => addressGroup(ip))).size).to.equal(1);
    expect(addressGroup('2001:db8::1')).to.equal('2001:db8:0:0::/64');
    expect(addressGroup('2001:db8:1:3::1')).not.to.equal(addressGroup(same[0]));
    expect(addressGroup('::ffff:192.0.2.1')).to.equal('192.0.2.1');
    expect(addressGroup('::1')).to.equal('0:0:0:0::/64');
  });
});
