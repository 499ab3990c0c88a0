/** Google's token endpoint and FCM HTTP v1 on loopback, errors as their reference shows them. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jwtVerify } from 'jose';

interface Sent {
  readonly token: string;
  readonly notification: { readonly title: string; readonly body: string };
  readonly data: Readonly<Record<string, string>>;
  readonly android: object;
  readonly apns: object;
}
export interface FcmAnswer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Record<string, string>;
}

const fcmError = (
  status: number,
  name: string,
  details: readonly object[] = [],
  headers = {},
): FcmAnswer => ({
  status,
  headers,
  body: { error: { code: status, message: 'said for developers', status: name, details } },
});
const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';

const textOf = async (req: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

export async function fcmSimulator() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const sent: Sent[] = [];
  const assertions: Readonly<Record<string, unknown>>[] = [];
  const answers = new Map<string, FcmAnswer[]>();
  let tokenAnswer: FcmAnswer | null = null;
  let valid = '';

  const server = createServer((req, res) => {
    const reply = ({ status, body, headers = {} }: FcmAnswer): void => {
      res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    };
    void textOf(req).then(async (text) => {
      if (req.url === '/token') {
        const form = new URLSearchParams(text);
        const { payload } = await jwtVerify(form.get('assertion') ?? '', publicKey, {
          algorithms: ['RS256'],
          audience: `${url}/token`,
        });
        assertions.push(payload);
        if (tokenAnswer) {
          reply(tokenAnswer);
          return;
        }
        valid = `access-${String(assertions.length)}`;
        reply({ status: 200, body: { access_token: valid, expires_in: 3599, token_type: 'Bearer' } });
        return;
      }
      if (req.url !== '/v1/projects/saga-test/messages:send') {
        reply(fcmError(404, 'NOT_FOUND'));
        return;
      }
      if (req.headers.authorization !== `Bearer ${valid}`) {
        reply(fcmError(401, 'UNAUTHENTICATED'));
        return;
      }
      const { message } = JSON.parse(text) as { message: Sent };
      const answer = answers.get(message.token)?.shift();
      if (answer) {
        reply(answer);
        return;
      }
      sent.push(message);
      reply({ status: 200, body: { name: `projects/saga-test/messages/${String(sent.length)}` } });
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    url,
    account: {
      project_id: 'saga-test',
      client_email: 'push@saga-test.iam.gserviceaccount.com',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      token_uri: `${url}/token`,
    },
    sent,
    /** Claims of each request for an access token. */
    assertions,
    UNREGISTERED: fcmError(404, 'NOT_FOUND', [{ '@type': FCM_ERROR, errorCode: 'UNREGISTERED' }]),
    SENDER_ID_MISMATCH: fcmError(403, 'PERMISSION_DENIED', [
      { '@type': FCM_ERROR, errorCode: 'SENDER_ID_MISMATCH' },
    ]),
    BAD_TOKEN: fcmError(400, 'INVALID_ARGUMENT', [
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: 'message.token' }] },
    ]),
    BAD_MESSAGE: fcmError(400, 'INVALID_ARGUMENT', [
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: 'message.data' }] },
    ]),
    UNAVAILABLE: fcmError(503, 'UNAVAILABLE'),
    tooMany: (seconds: number) =>
      fcmError(429, 'RESOURCE_EXHAUSTED', [{ '@type': FCM_ERROR, errorCode: 'QUOTA_EXCEEDED' }], {
        'retry-after': String(seconds),
      }),
    /** What this device's next pushes are answered with, in order; then they are taken. */
    answer: (token: string, ...next: FcmAnswer[]) => answers.set(token, next),
    /** null: tokens are given out. */
    answerTokens(answer: FcmAnswer | null) {
      tokenAnswer = answer;
    },
    /** As when Google takes a token back before its time. */
    takeTokenBack() {
      valid = 'none';
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
