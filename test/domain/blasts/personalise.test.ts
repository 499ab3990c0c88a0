import { expect } from 'chai';
import fc from 'fast-check';
import { parametersOf, personalise, VARIABLES, variablesOf } from '../../../src/domain/blasts/personalise.ts';

describe('a text with a customer in it', () => {
  it('says what is known, and a neutral word for what is not', () => {
    const text = 'Halo {{name}}, dari {{ origin_city }} ke {{destination_city}}? Salam, {{agent_name}}';
    expect(personalise(text, { name: 'Budi', destination_city: 'Medan', origin_city: ' ' })).to.equal(
      'Halo Budi, dari kota asal ke Medan? Salam, tim kami',
    );
    expect(parametersOf('{{destination_city}} {{name}} {{name}}', { name: 'A\nB' })).to.deep.equal([
      { name: 'destination_city', text: 'kota tujuan' },
      { name: 'name', text: 'A B' },
    ]);
  });

  it('knows its variables, and sees what is none', () => {
    expect(variablesOf('{{name}} {{ agent_name }} {{name}}')).to.deep.equal({
      names: ['name', 'agent_name'],
      sound: true,
    });
    for (const text of ['{{phone}}', '{{}}', '{{name', 'name}}', '{{{name}}}', '{{ na me }}'])
      expect(variablesOf(text).sound, text).to.equal(false);
  });

  it('never shows a bare placeholder, whatever a customer is called', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('{{name}}', '{{agent_name}}', '}}{{', '\n'));
    const piece = fc.oneof(fc.constantFrom(...VARIABLES.map((name) => `{{${name}}}`)), fc.string());
    fc.assert(
      fc.property(fc.array(piece), fc.dictionary(fc.constantFrom(...VARIABLES), word), (pieces, values) => {
        const text = pieces.join(' ');
        fc.pre(variablesOf(text).sound);
        const said = personalise(text, values);
        for (const name of VARIABLES) expect(said).not.to.match(new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`));
        for (const one of parametersOf(text, values)) expect(one.text).to.match(/\S/);
      }),
    );
  });
});
