import { expect } from 'chai';
import { askedTogether } from '../../../src/engine/commands/asked-together.ts';

/** Notes what is asked, and answers when the test lets it. */
function questions(most?: number) {
  const asked: string[][] = [];
  const underWay: { answer: () => void; fail: () => void }[] = [];
  const ask = askedTogether<string>(
    (keys) =>
      new Promise((resolve, reject) => {
        asked.push([...keys]);
        underWay.push({
          answer: () => {
            resolve(new Map(keys.filter((key) => key !== 'nobody').map((key) => [key, `${key}!`])));
          },
          fail: () => {
            reject(new Error('away'));
          },
        });
      }),
    most,
  );
  return { asked, underWay, ask };
}

describe('questions asked together', () => {
  it('asks at once for who is alone, and once for all who come meanwhile', async () => {
    const { asked, underWay, ask } = questions();
    const first = ask('a');
    expect(asked).to.deep.equal([['a']]);
    const others = Promise.all([ask('b'), ask('nobody'), ask('b'), ask('a')]);
    underWay[0]?.answer();
    expect(await first).to.equal('a!');
    await new Promise(setImmediate);
    // Who asks again is answered again: what was said before they asked may be old.
    expect(asked).to.deep.equal([['a'], ['b', 'nobody', 'a']]);
    underWay[1]?.answer();
    expect(await others).to.deep.equal(['b!', undefined, 'b!', 'a!']);
  });

  it('tells a failure to those it concerns, and goes on', async () => {
    const { asked, underWay, ask } = questions(2);
    const first = ask('a').catch((error: unknown) => String(error));
    const [b, c, d] = [ask('b'), ask('c'), ask('d')];
    underWay[0]?.fail();
    expect(await first).to.equal('Error: away');
    await new Promise(setImmediate);
    underWay[1]?.answer();
    expect([await b, await c]).to.deep.equal(['b!', 'c!']);
    await new Promise(setImmediate);
    underWay[2]?.answer();
    expect(await d).to.equal('d!');
    expect(asked).to.deep.equal([['a'], ['b', 'c'], ['d']]);
  });
});
