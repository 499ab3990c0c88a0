/** Every file of the company site that is text. `scripts/site.mjs` bundles this file, calls it and writes what it returns. */
import { render } from 'preact-render-to-string';
import { pathOfService, readContent } from './content.ts';
import type { Making } from './parts/document.tsx';
import { Home } from './pages/home.tsx';
import { About, Contact, Faq, NotFound, Privacy } from './pages/plain.tsx';
import { Service } from './pages/service.tsx';
import { robots, sitemap } from './seo.ts';

export { CONSENT_TEXT } from '../../src/domain/chat/consent.ts';

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="18" fill="#0a3d38"/>' +
  '<path fill="none" stroke="#f4b740" stroke-width="5" stroke-linecap="round" d="M16 40c10-1 12-8 16-8s6 7 16 8M16 30c10-1 12-8 16-8s6 7 16 8"/>' +
  '<circle cx="32" cy="48" r="3" fill="#fff"/></svg>\n';

/** The panel alone, for frames of other sites. */
const FRAME =
  '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Chat</title><meta name="robots" content="noindex">' +
  '<meta name="viewport" content="width=device-width, initial-scale=1"><style>html,body{margin:0;height:100%;overflow:hidden}</style>' +
  '<script type="module" src="SCRIPT"></script></head><body></body></html>\n';

/**
 * @param root the folder of `content/`
 * @param css the style sheet, written into each page
 * @param font the address of the font
 * @param frame the address of the script of `/widget/frame`
 * @returns file names with their text; a page at `/a` is `a.html`
 */
export function siteFiles(
  root: string,
  { css, font, frame }: Omit<Making, 'text'> & { readonly frame: string },
): Readonly<Record<string, string>> {
  const content = readContent(root);
  const making: Making = { text: content.text, css, font };
  const pages = {
    '/': <Home content={content} making={making} />,
    ...Object.fromEntries(
      content.text.services.map((service) => [
        pathOfService(service),
        <Service content={content} making={making} service={service} />,
      ]),
    ),
    '/faq': <Faq content={content} making={making} />,
    '/tentang': <About content={content} making={making} />,
    '/kontak': <Contact content={content} making={making} />,
    '/privasi': <Privacy content={content} making={making} />,
  };
  const htmlOf = (page: preact.JSX.Element): string => `<!doctype html>${render(page)}\n`;
  return {
    ...Object.fromEntries(
      Object.entries(pages).map(([path, page]) => [
        path === '/' ? 'index.html' : `${path.slice(1)}.html`,
        htmlOf(page),
      ]),
    ),
    '404.html': htmlOf(<NotFound content={content} making={making} />),
    'widget/frame.html': FRAME.replace('SCRIPT', frame),
    'sitemap.xml': sitemap(Object.keys(pages)),
    'robots.txt': robots(),
    'logo.svg': LOGO,
  };
}
