/** WAHA's signature (docs/design/channels.md#waha). */
import { expect } from 'chai';
import { wahaForm, wahaSignature } from '../../../src/channels/waha/form.ts';
import { SECRETS } from '../../support/channels/webhook.ts';

describe('the signature of WAHA', () => {
  const body = '{"event":"message","session":"default","engine":"WEBJS"}';
  const secrets = { ...SECRETS, waha: 'my-secret-key' };
  const signed = (headers: Record<string, string>, bytes = body) =>
    wahaForm.maySign(headers) && wahaForm.verify(headers, Buffer.from(bytes), secrets, '') !== null;
  const good = wahaSignature('my-secret-key', body);
  it('is the HMAC of its own documentation, over the raw bytes', () => {
    expect(good.slice(0, 8)).to.equal('208f8a55');
    expect(signed({ 'x-webhook-hmac': good, 'x-webhook-hmac-algorithm': 'sha512' })).to.equal(true);
    expect(signed({ 'x-webhook-hmac': good, 'x-webhook-hmac-algorithm': 'sha512' }, `${body} `)).to.equal(
      false,
    );
  });
  it('is none without its header, of another algorithm, or of another key', () => {
    expect(signed({})).to.equal(false);
    expect(signed({ 'x-webhook-hmac': good })).to.equal(false);
    expect(signed({ 'x-webhook-hmac': good, 'x-webhook-hmac-algorithm': 'sha256' })).to.equal(false);
    expect(
      signed({ 'x-webhook-hmac': wahaSignature('another', body), 'x-webhook-hmac-algorithm': 'sha512' }),
    ).to.equal(false);
    const unset = { ...SECRETS, waha: null };
    const headers = { 'x-webhook-hmac': wahaSignature('', body), 'x-webhook-hmac-algorithm': 'sha512' };
    expect(wahaForm.verify(headers, Buffer.from(body), unset, '')).to.equal(null);
  });
});
