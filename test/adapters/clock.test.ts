import { expect } from 'chai';
import { uuids } from '../../src/adapters/clock.ts';

describe('ids', () => {
  it('are fresh and in the order of their making', () => {
    const made = Array.from({ length: 1_000 }, () => uuids.next());
    expect(new Set(made).size).to.equal(1_000);
    expect([...made].sort()).to.deep.equal(made);
    // The last 44 bits are chance and nothing else.
    expect(new Set(made.map((id) => id.slice(-11))).size).to.equal(1_000);
    expect(made[0]).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('made from words are always the same (stored: must never change), and keep the words apart', () => {
    expect(uuids.from('message', 'wamid.1')).to.equal('6efbfd85-64d8-5883-b2f7-2c8d4a0a4c48');
    expect(uuids.fromAt(new Date(1_764_000_000_000), 'message', 'wamid.1')).to.equal(
      '019ab697-e800-7250-9498-908d4a0a4c48',
    );
    expect(uuids.from('ab', 'c')).not.to.equal(uuids.from('a', 'bc'));
  });
});
