import { IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express, { type Express } from 'express';
import { createFastServer } from '../../../src/http/framework/server/fast-express.ts';

const protos = (value: object): object[] => {
  const chain: object[] = [];
  for (let at = Object.getPrototypeOf(value) as object; at; at = Object.getPrototypeOf(at) as object)
    chain.push(at);
  return chain;
};

describe('Express whose requests are born with its prototypes', () => {
  let server: Server;
  const running = async (app: Express): Promise<string> => {
    server = createFastServer(app);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  };
  afterEach((done) => {
    server.close(done);
  });

  it('never changes a prototype, whatever the route', async () => {
    const app = express();
    const born: boolean[] = [];
    app.get('/x', (req, res) => {
      born.push(Object.getPrototypeOf(req) === app.request, Object.getPrototypeOf(res) === app.response);
      res.json({});
    });
    const url = await running(app);
    const set = Object.setPrototypeOf;
    let changes = 0;
    Object.setPrototypeOf = (object: object, proto: object | null) => {
      if (Object.getPrototypeOf(object) !== proto) changes += 1;
      return set(object, proto) as object;
    };
    try {
      await (await fetch(`${url}/x`)).text();
    } finally {
      Object.setPrototypeOf = set;
    }
    expect(born).to.deep.equal([true, true]);
    expect(changes).to.equal(0);
  });

  it('keeps what Express adds to requests and answers, and what node gives them', async () => {
    const app = express();
    app.set('trust proxy', ['loopback']);
    app.get('/x/:id', (req, res) => {
      expect(protos(req)).to.include(IncomingMessage.prototype);
      expect(protos(res)).to.include(ServerResponse.prototype);
      res
        .status(201)
        .set('X-Mine', 'yes')
        .json({
          id: req.params.id,
          ip: req.ip,
          path: req.path,
          query: req.query,
          accepts: req.accepts('json'),
          header: req.get('x-forwarded-for'),
          app: req.app === app && res.app === app,
          pair: res.req === req,
        });
    });
    const url = await running(app);
    const answer = await fetch(`${url}/x/7?a=1`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(answer.status).to.equal(201);
    expect(answer.headers.get('x-mine')).to.equal('yes');
    expect(await answer.json()).to.deep.equal({
      id: '7',
      ip: '203.0.113.9',
      path: '/x/7',
      query: { a: '1' },
      accepts: 'json',
      header: '203.0.113.9',
      app: true,
      pair: true,
    });
  });

  it('serves an app whose prototypes are not built on those of node, only without the speed', async () => {
    const app = express();
    const strange = Object.assign(Object.create(null) as object, app.request);
    const before = app.request;
    app.request = strange as typeof app.request;
    const stock = createFastServer(app);
    expect(app.request).to.equal(strange);
    stock.close();
    app.request = before;
    app.get('/x', (_req, res) => {
      res.send('here');
    });
    expect(await (await fetch(`${await running(app)}/x`)).text()).to.equal('here');
  });

  it('gives two apps in one process prototypes of their own', async () => {
    const one = express();
    const other = express();
    createFastServer(other).close();
    one.get('/x', (req, res) => {
      res.json({ mine: req.app === one });
    });
    expect(await (await fetch(`${await running(one)}/x`)).json()).to.deep.equal({ mine: true });
  });
});
