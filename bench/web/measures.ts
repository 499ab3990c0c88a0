/** What is measured of the dashboard in a browser (docs/design/dashboard.md#first-load). All times are milliseconds. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { type Finding, quantile } from '../report/finding.ts';
import { type Desk, DESKTOP, PHONE, signIn } from './desk.ts';

export type Measure = (desk: Desk, times: number) => Promise<readonly Finding[]>;

/** Chrome's 'Fast 4G', and a processor a quarter as fast. */
const FAST_4G = { offline: false, latency: 60, downloadThroughput: 1_012_500, uploadThroughput: 168_750 };
const SLOWER = 4;

const below = (what: string, measured: readonly number[], most: number): Finding => ({
  ...{ what, unit: 'ms', measured },
  bar: { of: 'value', atMost: most },
});

/** Every script that is fetched until the signed-in inbox stands, as it is on the disk, gzipped. */
export const firstLoad: Measure = async (desk) => {
  const { context, page } = await desk.visit(DESKTOP);
  await signIn(page, desk.app, 'sa');
  await desk.app.openTickets('sari', 1);
  const scripts = new Set<string>();
  page.on('response', (answer) => {
    if (answer.request().resourceType() === 'script') scripts.add(new URL(answer.url()).pathname);
  });
  await page.goto(`${desk.app.url}/app/inbox?tab=all`);
  await page.locator('[data-ticket]').first().waitFor();
  const bytes = [...scripts].map(
    (path) => statSync(join('web/dist', `${path.replace(/^\/app\//, '')}.gz`)).size,
  );
  await context.close();
  return [
    {
      what: 'first load: scripts until the signed-in inbox stands, kB gzip',
      ...{ unit: '', measured: [bytes.reduce((sum, one) => sum + one, 0) / 1_000] },
      bar: { of: 'value', atMost: 130 },
    },
  ];
};

/** The largest paint and the shift of what is there already, on a phone with Fast 4G. */
async function painted(page: Page, address: string): Promise<{ paint: number; shift: number }> {
  const phone = await page.context().newCDPSession(page);
  await phone.send('Network.enable');
  await phone.send('Network.emulateNetworkConditions', FAST_4G);
  await phone.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await page.goto(address);
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelector('.waiting') === null);
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        let [paint, shift] = [0, 0];
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) paint = entry.startTime;
        }).observe({ type: 'largest-contentful-paint', buffered: true });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shift += (entry as unknown as { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
        // What is buffered is told in the next turn.
        setTimeout(() => resolve({ paint, shift }), 500);
      }),
  );
}

export const paints: Measure = async (desk, times) => {
  await desk.app.openTickets('sari', 20);
  const findings: Finding[] = [];
  for (const [what, path, isIn] of [
    ['sign-in', '/app/login', false],
    ['inbox', '/app/inbox?tab=all', true],
  ] as const) {
    const [paint, shift]: [number[], number[]] = [[], []];
    for (let n = 0; n < Math.min(times, 5); n += 1) {
      const { context, page } = await desk.visit(PHONE);
      if (isIn) await signIn(page, desk.app, 'sa');
      const seen = await painted(page, desk.app.url + path);
      paint.push(seen.paint);
      shift.push(seen.shift);
      await context.close();
    }
    findings.push(
      below(`${what} on a phone, Fast 4G, processor ${String(SLOWER)} x slower: largest paint`, paint, 1_500),
      {
        what: `... what moves meanwhile (CLS)`,
        unit: '',
        measured: shift,
        bar: { of: 'value', atMost: 0.02 },
      },
    );
  }
  return findings;
};

const ALL = 10_000;
const PER_FRAME = 120;
const SCROLLED_MS = 5_000;

interface InboxAnswer {
  readonly data: { readonly tickets: readonly { readonly id: string }[] };
  readonly meta: Readonly<Record<string, unknown>>;
}

/** The browser's part alone: the answers are copies of one ticket. */
export const scrolling: Measure = async (desk) => {
  await desk.app.openTickets('sari', 1);
  const { context, page } = await desk.visit(DESKTOP);
  await page.route('**/api/admin/inbox?*', async (route) => {
    const url = new URL(route.request().url());
    const from = Number(url.searchParams.get('cursor') ?? '0');
    const limit = Number(url.searchParams.get('limit') ?? '50');
    url.searchParams.delete('cursor');
    const answer = (await (await route.fetch({ url: url.href })).json()) as InboxAnswer;
    const [ticket] = answer.data.tickets;
    const end = Math.min(ALL, from + limit);
    const tickets = Array.from({ length: end - from }, (_, n) => ({
      ...ticket,
      id: `${ticket?.id.slice(0, -12) ?? ''}${String(from + n).padStart(12, '0')}`,
    }));
    const meta = { ...answer.meta, total: ALL, next_cursor: end < ALL ? String(end) : undefined };
    await route.fulfill({ json: { ...answer, data: { ...answer.data, tickets }, meta } });
  });
  await signIn(page, desk.app, 'sa');
  await page.goto(`${desk.app.url}/app/inbox?tab=all`);
  await page.locator('[data-ticket]').first().waitFor();
  const frames = await page.evaluate(
    async ([step, forMs]) => {
      let box: Element | null = document.querySelector('[data-ticket]');
      while (box !== null && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
      const list = box;
      if (list === null) throw new Error('the list does not scroll');
      const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      // All of it first: every page comes when one gets to its end.
      for (let height = 0; height !== list.scrollHeight;) {
        height = list.scrollHeight;
        list.scrollTop = height;
        for (let n = 0; n < 120 && list.scrollHeight === height; n += 1) await frame();
      }
      const whole = list.scrollHeight;
      list.scrollTop = 0;
      await frame();
      const began = performance.now();
      let drawn = 0;
      for (; performance.now() - began < forMs; drawn += 1) {
        list.scrollTop += step;
        await frame();
      }
      return { perSecond: drawn / ((performance.now() - began) / 1_000), whole };
    },
    [PER_FRAME, SCROLLED_MS] as const,
  );
  await context.close();
  return [
    {
      what: `a list of ${String(ALL)} tickets (${String(Math.round(frames.whole))} px) while it scrolls, frames a second`,
      ...{ unit: '', measured: [frames.perSecond] },
      bar: { of: 'value', atLeast: 58 },
    },
  ];
};

/** A ticket of the list, from the answer with its messages until they are drawn. */
export const opening: Measure = async (desk, times) => {
  const ids = await desk.app.openTickets('sari', times);
  const page = await desk.signedIn('sa');
  await page.goto(`${desk.app.url}/app/inbox?tab=free&division=sari`);
  const taken: number[] = [];
  for (const id of ids) {
    const row = page.locator(`[data-ticket="${id}"]`);
    await row.waitFor();
    const drawn = page.evaluate(
      (path) =>
        new Promise<number>((resolve) => {
          const look = (): void => {
            const answer = performance
              .getEntriesByType('resource')
              .find((entry) => entry.name.includes(path)) as PerformanceResourceTiming | undefined;
            if (
              answer === undefined ||
              answer.responseEnd === 0 ||
              document.querySelector('[role=tabpanel] li[id^="m-"]') === null ||
              !location.pathname.includes(path.split('/')[1] ?? '')
            )
              return;
            watcher.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - answer.responseEnd)));
          };
          const watcher = new MutationObserver(look);
          watcher.observe(document.body, { subtree: true, childList: true, characterData: true });
        }),
      `ticket/${id}/messages`,
    );
    await row.click();
    taken.push(await drawn);
  }
  await page.context().close();
  return [below('a ticket opens: from its messages until they are drawn, p95', [quantile(taken, 0.95)], 150)];
};

/** When a text stands in the page, by the clock of the machine. */
const seenIn = (page: Page, text: string): Promise<number> =>
  page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          if (!(document.body.textContent ?? '').includes(wanted)) return;
          watcher.disconnect();
          resolve(performance.timeOrigin + performance.now());
        };
        const watcher = new MutationObserver(look);
        watcher.observe(document.body, { subtree: true, childList: true, characterData: true });
        look();
      }),
    text,
  );
const clock = (): number => performance.timeOrigin + performance.now();

/** Between two people, and from the customer. */
export const talking: Measure = async (desk, times) => {
  const { app } = desk;
  const [id = ''] = await app.openTickets('sari', 1);
  await app.post(`/api/admin/ticket/${id}/self-takeover`, {}, 'agent.sari');
  const [agent, lead] = [await desk.signedIn('agent.sari'), await desk.signedIn('tl')];
  for (const page of [agent, lead]) await page.goto(`${app.url}/app/t/${id}`);
  const box = agent.locator('textarea[name=message]');
  await box.waitFor();
  await lead
    .getByRole('tabpanel')
    .getByText(/^Halo dari/)
    .first()
    .waitFor();
  const { ticket } = (await app.get(`/api/admin/ticket/${id}`, 'sa')).json.data as {
    ticket: { customer_phone: string };
  };
  const [sent, written]: [number[], number[]] = [[], []];
  for (let n = 0; n < times; n += 1) {
    const text = `balasan nomor ${String(n)}.`;
    const seen = seenIn(lead, text);
    await box.fill(text);
    const began = clock();
    await box.press('Control+Enter');
    sent.push((await seen) - began);
    const words = `pelanggan menulis ${String(n)}.`;
    const read = seenIn(agent, words);
    const asked = clock();
    await app.webhook({
      ...{ event: 'message', sender: 'customer', channel: 'whatsapp', division: 'sari', bot_id: 'sari' },
      ...{ user_id: `wa_${ticket.customer_phone.replace(/\D/g, '')}`, message: words },
      ...{ timestamp: new Date().toISOString(), message_id: `bench-${String(n)}`, is_office_hours: true },
    });
    written.push((await read) - asked);
  }
  const presence: number[] = [];
  await lead.goto(`${app.url}/app/supervisor`);
  const own = agent.getByRole('switch', { name: /^Status Anda/ }).first();
  const theirs = lead.getByRole('listitem').filter({ hasText: 'agent.sari' }).first();
  await theirs.waitFor();
  const began = clock();
  await own.click();
  await theirs.getByText('Online', { exact: true }).waitFor();
  presence.push(clock() - began);
  for (const page of [agent, lead]) await page.context().close();
  return [
    below('a reply, from the key until a colleague has it on the screen, p95', [quantile(sent, 0.95)], 300),
    below(
      'a message of a customer, from the webhook until the agent has it on the screen, p95',
      [quantile(written, 0.95)],
      300,
    ),
    below('presence, from the tap until a lead has it on the screen', presence, 2_000),
  ];
};

const PER_SECOND = 100;
const TALKS = 50;
/** What the first seconds fill: caches of lists and of code. */
const WARM_MS = 15_000;

/** How much more the page holds after so many minutes of a busy stream, without what can be collected. */
export const growth =
  (minutes: number): Measure =>
  async (desk) => {
    const { app } = desk;
    const ids = await app.openTickets('savi', TALKS);
    const tickets = await Promise.all(
      ids.map(
        async (id) =>
          (await app.get(`/api/admin/ticket/${id}`, 'sa')).json.data['ticket'] as { customer_phone: string },
      ),
    );
    const page = await desk.signedIn('sa');
    await page.goto(`${app.url}/app/t/${ids[0] ?? ''}?tab=all`);
    const memory = await page.context().newCDPSession(page);
    const used = async (): Promise<number> => {
      await memory.send('HeapProfiler.collectGarbage');
      return (await memory.send('Runtime.getHeapUsage')).usedSize / 2 ** 20;
    };
    let n = 0;
    const feed = async (forMs: number): Promise<void> => {
      const began = performance.now();
      const sent: Promise<void>[] = [];
      for (let due = 0; due < (forMs * PER_SECOND) / 1_000; due += 1) {
        await pause(Math.max(0, began + (due * 1_000) / PER_SECOND - performance.now()));
        n += 1;
        const of = tickets[n % TALKS];
        sent.push(
          app.webhook({
            ...{
              event: 'message',
              sender: 'customer',
              channel: 'whatsapp',
              division: 'savi',
              bot_id: 'savi',
            },
            ...{
              user_id: `wa_${of?.customer_phone.replace(/\D/g, '') ?? ''}`,
              message: `pesan ${String(n)}`,
            },
            ...{
              timestamp: new Date().toISOString(),
              message_id: `feed-${String(n)}`,
              is_office_hours: true,
            },
          }),
        );
      }
      await Promise.all(sent);
    };
    await feed(WARM_MS);
    const before = await used();
    await feed(minutes * 60_000);
    const after = await used();
    await page.context().close();
    return [
      {
        what: `memory of the page after ${String(minutes)} min of ${String(PER_SECOND)} messages/s, MiB more than after ${String(WARM_MS / 1_000)} s`,
        ...{ unit: '', measured: [after - before] },
        bar: { of: 'value', atMost: 5 },
      },
    ];
  };
