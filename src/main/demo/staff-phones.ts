/** The phones of the demo's staff as a page on loopback: offers can be seen and tapped without Telegram (docs/design/architecture.md#demo). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { StaffTelegramSimulator } from './staff-telegram-simulator.ts';

/** Whose phone: their account, and a Telegram account that nobody has. */
export const STAFF_PHONES = [
  { email: 'teknisi1.sari@demo.saga', chat: '700001' },
  { email: 'teknisi1.savi@demo.saga', chat: '700002' },
  { email: 'teknisi1.safia@demo.saga', chat: '700003' },
  { email: 'agent1.sari@demo.saga', chat: '700011' },
  { email: 'agent1.savi@demo.saga', chat: '700012' },
  { email: 'agent1.safia@demo.saga', chat: '700013' },
] as const;

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;margin:2rem;background:#eef1f4;color:#1b2733}h1{font-size:1.25rem}' +
  '#phones{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(18rem,1fr))}' +
  'section{background:#fff;border-radius:1rem;padding:1rem}h2{font-size:1rem;margin:0 0 .5rem}' +
  'p{background:#eef6ff;border-radius:.75rem;padding:.6rem .8rem;white-space:pre-wrap;margin:.5rem 0}' +
  'button{font:inherit;padding:.5rem .8rem;border-radius:.6rem;border:1px solid #1769c4;background:#1769c4;color:#fff}';

/** Texts come as texts, never as HTML. */
const SCRIPT = `
const phones = document.getElementById('phones');
let shown = '';
async function look() {
  const text = await (await fetch('/phones')).text();
  if (text === shown) return;
  shown = text;
  phones.replaceChildren(...JSON.parse(text).map(({ email, chat, messages }) => {
    const phone = document.createElement('section');
    phone.append(Object.assign(document.createElement('h2'), { textContent: email }));
    for (const { messageId, text, button } of messages) {
      phone.append(Object.assign(document.createElement('p'), { textContent: text }));
      if (button === null) continue;
      const tap = Object.assign(document.createElement('button'), { textContent: 'Ambil' });
      tap.onclick = async () => {
        tap.disabled = true;
        const { said } = await (await fetch('/tap', { method: 'POST', body: JSON.stringify({ chat, button, messageId }) })).json();
        if (said) alert(said);
        await look();
      };
      phone.append(tap);
    }
    return phone;
  }));
}
setInterval(look, 1500);
look();`;

const PAGE =
  '<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
  `<title>Ponsel petugas (simulasi Telegram)</title><style>${STYLE}</style><h1>Ponsel petugas (simulasi Telegram)</h1>` +
  `<div id="phones"></div><script>${SCRIPT}</script></html>`;

const tapBody = z.strictObject({ chat: z.string(), button: z.string(), messageId: z.int() });

function answer(res: ServerResponse, type: string, body: string): void {
  res.setHeader('content-type', `${type}; charset=utf-8`);
  res.end(body);
}

/** @returns whether the request was for this page */
export async function answerPhones(
  simulator: Pick<StaffTelegramSimulator, 'messages' | 'tap'>,
  { method, url }: Pick<IncomingMessage, 'method' | 'url'>,
  res: ServerResponse,
  text: string,
): Promise<boolean> {
  if (method === 'GET' && url === '/') answer(res, 'text/html', PAGE);
  else if (method === 'GET' && url === '/phones')
    answer(
      res,
      'application/json',
      JSON.stringify(
        STAFF_PHONES.map((phone) => ({
          ...phone,
          messages: simulator.messages.filter(({ chat }) => chat === phone.chat),
        })),
      ),
    );
  else if (method === 'POST' && url === '/tap') {
    const { chat, button, messageId } = tapBody.parse(JSON.parse(text));
    const said = await simulator.tap(chat, button, messageId);
    answer(res, 'application/json', JSON.stringify({ said: said ?? null }));
  } else return false;
  return true;
}
