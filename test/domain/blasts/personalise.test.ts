import { expect } from 'chai';
import fc from 'fast-check';
import {
  parametersOf,
  personalise,
  PLACEHOLDERS,
  variablesOf,
} from '../../../src/domain/blasts/personalise.ts';

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

  it('cuts what a customer is called at 120 characters, and leaves no space at the cut', () => {
    const said = (name: string): string => personalise('{{name}}', { name });
    expect(said('x'.repeat(120))).to.equal('x'.repeat(120));
    expect(said('x'.repeat(121))).to.equal('x'.repeat(120));
    expect(said(`${'x'.repeat(119)} y`)).to.equal('x'.repeat(119));
    expect(parametersOf('{{name}}', { name: 'x'.repeat(121) })).to.deep.equal([
      { name: 'name', text: 'x'.repeat(120) },
    ]);
  });

  it('makes one line without braces of what a customer is called', () => {
    const said = (name: string | null): string => personalise('{{name}}', { name });
    expect(said(' Budi  \n\t Santoso ')).to.equal('Budi Santoso');
    expect(said('{{agent_name}}')).to.equal('agent_name');
    // The spaces count before the cut, the braces do not.
    expect(said(`{${' '.repeat(200)}Budi}`)).to.equal('Budi');
    for (const nothing of [null, '', ' ', '{}']) expect(said(nothing), String(nothing)).to.equal('Kak');
  });

  it('leaves a placeholder that is none of ours as it is', () => {
    expect(personalise('Halo {{phone}} {{{name}}}', { name: 'Budi' })).to.equal('Halo {{phone}} {{{name}}}');
    expect(variablesOf('Halo')).to.deep.equal({ names: [], sound: true });
    expect(variablesOf('{{{{name}}}}').sound).to.equal(false);
    expect(variablesOf('{{phone}} {{name}}')).to.deep.equal({ names: ['name'], sound: false });
  });

  it('never shows a bare placeholder, whatever a customer is called', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('{{name}}', '{{agent_name}}', '}}{{', '\n'));
    const piece = fc.oneof(fc.constantFrom(...PLACEHOLDERS.map((name) => `{{${name}}}`)), fc.string());
    fc.assert(
      fc.property(
        fc.array(piece),
        fc.dictionary(fc.constantFrom(...PLACEHOLDERS), word),
        (pieces, values) => {
          const text = pieces.join(' ');
          fc.pre(variablesOf(text).sound);
          const said = personalise(text, values);
          for (const name of PLACEHOLDERS)
            expect(said).not.to.match(new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`));
          for (const one of parametersOf(text, values)) expect(one.text).to.match(/\S/);
        },
      ),
    );
  });
});
