/**
 * `/widget.js`: the bubble of the chat, and what opens it. The panel comes with the first opening.
 *
 *   <script src="https://.../widget.js" async data-site-key="sari" data-z-index="50" data-position="left"></script>
 *
 * `data-sites="key:name:about;..."` lets a visitor choose; `data-division` chooses one of them. `data-nudge` is what a balloon says
 * once a day. Elements with `data-saga-chat` open the chat (`data-question`, `data-intent`, `data-site`), and so does `?q=`.
 * A page of another origin gets the panel in a frame, which keeps its styles and scripts from ours and ours from them.
 */
import css from './loader.css';
import { keep, kept } from './kept.ts';
import { wear } from './sheet.ts';
import type { Desk, Opening, Panel, PanelModule } from './shapes.ts';

const NUDGE_AFTER_MS = 10_000;
const BUBBLE =
  '<button type="button" class="bubble" aria-label="Buka chat" aria-expanded="false" aria-haspopup="dialog"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M21 11.500a8 8 0 0 1-8 8H4l1.800-3a8 8 0 1 1 15.200-5zM9 10h8M9 13.500h5"/></svg><b hidden></b></button>' +
  '<div class="nudge" hidden><button type="button" class="say"></button><button type="button" class="no" aria-label="Tutup ajakan">×</button></div>';

const script = document.currentScript as HTMLScriptElement;
const { siteKey, sites, division, zIndex, position, nudge } = script.dataset;
const base = new URL(script.src).origin;
const isOurs = base === location.origin;
const desks: readonly Desk[] = (sites ?? `${siteKey ?? ''}::`)
  .split(';')
  .map((one) => one.split(':'))
  .map(([key = '', name = '', about = '']) => ({ key, name, about }));
const chosen = desks.filter(({ key }) => key === division);

const host = document.createElement('div');
host.style.cssText = `position:fixed;z-index:${zIndex ?? '2147483000'}`;
if (position === 'left') host.className = 'left';
const root = host.attachShadow({ mode: 'open' });
let panel: Promise<Panel> | null = null;
let isOpen = false;

const one = (selector: string): HTMLElement => root.querySelector(selector) as HTMLElement;

/** Draws the bubble: when the browser has nothing else to do, or somebody touches the page. */
function draw(): void {
  if (root.firstChild) return;
  wear(root, css);
  // Constant text; what a page or a visitor says is set as text.
  root.innerHTML = BUBBLE;
  one('.bubble').onclick = () => show({});
  one('.say').onclick = () => show({});
  one('.no').onclick = hideNudge;
  document.body.append(host);
}

function hideNudge(): void {
  one('.nudge').hidden = true;
}

/** Once a day, and never while one talks. */
function say(text: string): void {
  const today = new Date().toDateString();
  if (isOpen || kept('local', 'saga-nudge') === today || !root.firstChild) return;
  keep('local', 'saga-nudge', today);
  one('.say').textContent = text;
  one('.nudge').hidden = false;
}

function closed(): void {
  isOpen = false;
  keep('session', 'saga-open', null);
  host.classList.remove('open');
  one('.bubble').setAttribute('aria-expanded', 'false');
  one('.bubble').focus();
}

function unread(count: number): void {
  const mark = one('b');
  mark.hidden = count === 0;
  mark.textContent = String(count);
  one('.bubble').setAttribute(
    'aria-label',
    count === 0 ? 'Buka chat' : `Buka chat, ${String(count)} pesan baru`,
  );
}

/** The panel in a frame, for a page of another origin. */
function framed(): Promise<Panel> {
  const frame = document.createElement('iframe');
  frame.title = 'Chat';
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms allow-popups allow-downloads');
  frame.src = `${base}/widget/frame?site_key=${encodeURIComponent((chosen[0] ?? desks[0])?.key ?? '')}`;
  const tell = (message: object): void => frame.contentWindow?.postMessage(message, base);
  root.append(frame);
  return new Promise((resolve) => {
    addEventListener(
      'message',
      ({ origin, source, data }: MessageEvent<{ saga?: string; count?: number }>) => {
        if (origin !== base || source !== frame.contentWindow) return;
        if (data.saga === 'close') {
          frame.hidden = true;
          closed();
        }
        if (data.saga === 'unread') unread(data.count ?? 0);
        if (data.saga === 'ready')
          resolve({
            open: (opening) => {
              frame.hidden = false;
              tell({ saga: 'open', opening });
              frame.focus();
            },
            close: () => {
              frame.hidden = true;
              tell({ saga: 'close' });
            },
          });
      },
    );
  });
}

async function ours(): Promise<Panel> {
  const { mount } = (await import(base + PANEL)) as PanelModule;
  return mount(root, { base, desks: chosen.length > 0 ? chosen : desks, onClose: closed, onUnread: unread });
}

function show(opening: Opening): void {
  draw();
  hideNudge();
  unread(0);
  isOpen = true;
  host.classList.add('open');
  keep('session', 'saga-open', '1');
  one('.bubble').setAttribute('aria-expanded', 'true');
  panel ??= isOurs ? ours() : framed();
  panel.then(
    (it) => it.open(opening),
    () => {
      // It did not load: the next click tries again.
      panel = null;
      closed();
    },
  );
}

addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-saga-chat]') : null;
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const { question, intent, site } = link.dataset;
  show({ question, intent, site });
});

function begin(): void {
  draw();
  const question = new URLSearchParams(location.search).get('q');
  if (question !== null && question !== '')
    show({ question: question.replaceAll('-', ' ').slice(0, 300), isOffer: true });
  else if (kept('session', 'saga-open') !== null) show({});
  if (nudge === undefined || nudge === '') return;
  addEventListener('scroll', () => setTimeout(() => say(nudge), NUDGE_AFTER_MS), {
    once: true,
    passive: true,
  });
  document.documentElement.addEventListener('mouseleave', ({ clientY }) => {
    if (clientY <= 0) say('Sebelum pergi, ada yang ingin ditanyakan?');
  });
}

const whenIdle = (): void => {
  if ('requestIdleCallback' in window) requestIdleCallback(begin, { timeout: 4_000 });
  else setTimeout(begin, 1_500);
};
if (document.readyState === 'complete') whenIdle();
else addEventListener('load', whenIdle, { once: true });
