import { expect } from 'chai';
import { CITIES, citiesNamed } from '../../../src/domain/settings/cities.ts';

describe('the cities of Indonesia', () => {
  it('are all there, each under a name of its own within its kind and province', () => {
    expect(CITIES).to.have.length(514);
    expect(new Set(CITIES.map(({ province }) => province)).size).to.equal(38);
    const keys = CITIES.map(({ name, kind, province }) => `${name} ${kind} ${province}`);
    expect(new Set(keys).size).to.equal(CITIES.length);
  });

  it('are found by the beginning of the name or of a word of it, whatever case and accents', () => {
    const names = (query: string) => citiesNamed(query, 5).map(({ name }) => name);
    expect(names('BATÁM')).to.deep.equal(['Batam']);
    expect(names('jakarta s')).to.deep.equal(['Jakarta Selatan']);
    expect(names('bandung')).to.deep.equal(['Bandung', 'Bandung Barat', 'Kabupaten Bandung']);
    expect(names('tidak ada')).to.deep.equal([]);
    expect(citiesNamed('a', 5)).to.have.length(5);
  });
});
