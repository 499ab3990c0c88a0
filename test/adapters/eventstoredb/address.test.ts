import { expect } from 'chai';
import { serverAddress } from '../../../src/adapters/eventstoredb/address.ts';

describe('address of EventStoreDB', () => {
  const strict = { allowInsecure: false };

  for (const url of [
    'esdb://localhost:2113?tls=false',
    'esdb://127.0.0.1:2113?tls=false',
    'esdb://[::1]:2113?TLS=False',
    'esdb://127.0.0.1:2111,127.0.0.1:2112?tls=false',
    'esdb://saga:se%40cret@events.example.com:2113',
    'esdb+discover://saga:secret@events.example.com?tls=true',
  ]) {
    it(`takes ${url}`, () => {
      expect(serverAddress(url, strict).connectionString).to.equal(url);
    });
  }

  it('always has credentials, because they keep the client from BatchAppend', () => {
    expect(serverAddress('esdb://localhost:2113?tls=false', strict).credentials.username).not.to.equal('');
    const { credentials } = serverAddress('esdb://saga:se%40cret@events.example.com', strict);
    expect(credentials).to.deep.equal({ username: 'saga', password: 'se@cret' });
  });

  for (const url of [
    'esdb://10.0.0.5:2113?tls=false',
    'esdb://localhost:2113,10.0.0.5:2113?tls=false',
    'esdb://localhost.example.com:2113?tls=false',
  ]) {
    it(`refuses ${url} unless told otherwise`, () => {
      expect(() => serverAddress(url, strict)).to.throw('another machine');
      expect(serverAddress(url, { allowInsecure: true }).connectionString).to.equal(url);
    });
  }

  it('refuses TLS without a user, and what is no esdb address, without repeating a password', () => {
    expect(() => serverAddress('esdb://events.example.com', strict)).to.throw('user:password');
    expect(() => serverAddress('http://saga:secret@events.example.com', strict)).to.throw(
      /esdb:\/\/(?!.*secret)/,
    );
  });
});
