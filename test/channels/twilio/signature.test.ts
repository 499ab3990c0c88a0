/** Twilio's signature, compared with that of the official package (docs/design/channels.md#twilio). */
import { expect } from 'chai';
import fc from 'fast-check';
import { createRequire } from 'node:module';
import {
  signedByTwilio,
  twilioSignature,
  twilioSignatureOf,
} from '../../../src/channels/twilio/signature.ts';

describe('the signature of Twilio', () => {
  const official = createRequire(import.meta.url)('twilio/lib/webhooks/webhooks') as {
    validateRequest(token: string, signature: string, url: string, params: object): boolean;
  };
  /** As Express gives a form to the package. */
  function paramsOf(form: string): object {
    const params: Record<string, string | string[]> = {};
    for (const [name, value] of new URLSearchParams(form)) {
      const known = params[name];
      params[name] = known === undefined ? value : [known, value].flat();
    }
    return params;
  }
  const signed = (token: string, url: string, form: string, signature: string): boolean => {
    const found = twilioSignatureOf({ 'x-twilio-signature': signature });
    return found !== undefined && signedByTwilio([token], url, Buffer.from(form), found);
  };

  it("is that of Twilio's own example", () => {
    const form =
      'CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212';
    expect(twilioSignature('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2', form)).to.equal(
      'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
    );
  });

  it('agrees with the official package over random requests', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}$/);
    const value = fc.oneof(fc.constantFrom('', ' ', '+62 812', 'a&b=c', '🙏', "O'Neil", '%41'), fc.string());
    const host = fc.constantFrom(
      'saga.example.test',
      'saga.example.test:443',
      'saga.example.test:8443',
      '[::1]:80',
    );
    const query = fc.constantFrom('', '?message=019a9d1e', "?a=O'Neil&b=%20c", '?x=1&x=2', '?');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, value), { maxLength: 8 }),
        host,
        query,
        fc.constantFrom('as it is', 'bare', 'tampered', 'other token', 'slash', 'http'),
        (pairs, at, search, how) => {
          const form = new URLSearchParams(pairs).toString();
          const url = `https://${at}/api/webhook/external-bot/twilio${search}`;
          const asSigned =
            how === 'bare'
              ? url.replace(/:\d+\//, '/')
              : how === 'slash'
                ? url.replace('/twilio', '/twilio/')
                : how === 'http'
                  ? url.replace('https', 'http')
                  : url;
          const signature = twilioSignature(how === 'other token' ? 'another' : 'token', asSigned, form);
          const sent = how === 'tampered' ? `${form}&Extra=1` : form;
          expect(signed('token', url, sent, signature), `${how} ${url} ${form}`).to.equal(
            official.validateRequest('token', signature, url, paramsOf(sent)),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('of either token while it is rotated, and of no algorithm but ours', () => {
    const url = 'https://saga.example.test/hook/twilio';
    const form = 'Body=&From=whatsapp%3A%2B62';
    const signature = twilioSignatureOf({ 'x-twilio-signature': twilioSignature('old token', url, form) })!;
    expect(signedByTwilio(['new token', 'old token'], url, Buffer.from(form), signature)).to.equal(true);
    expect(signedByTwilio(['new token'], url, Buffer.from(form), signature)).to.equal(false);
    // The id in the address of a report is signed, too.
    const own = `${url}?message=1`;
    const of = twilioSignatureOf({ 'x-twilio-signature': twilioSignature('t', own, form) })!;
    expect(signedByTwilio(['t'], own, Buffer.from(form), of)).to.equal(true);
    expect(signedByTwilio(['t'], `${url}?message=2`, Buffer.from(form), of)).to.equal(false);
    expect(signedByTwilio([''], url, Buffer.from(form), signature)).to.equal(false);
    const header = { 'x-twilio-signature': twilioSignature('t', url, form) };
    const rule = (settings: string) =>
      twilioSignatureOf({ ...header, 'x-twilio-webhooks-signature-settings': settings });
    expect(rule('key=k,algorithm=HMAC_SHA256')).to.equal(undefined);
    expect(rule('key=k,algorithm=HMAC_SHA1')).not.to.equal(undefined);
    expect(twilioSignatureOf({ 'x-twilio-signature': 'short' })).to.equal(undefined);
  });
});
