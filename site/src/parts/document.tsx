/** The frame of every page: head, notice, header, footer. */
import type { ComponentChildren } from 'preact';
import { Icon } from '../art/icons.tsx';
import { pathOfService, type Division, type SiteText } from '../content.ts';
import { addressOf, jsonLd } from '../seo.ts';

/** What every page is made with: the words, and the names that the build gave the files. */
export interface Making {
  readonly text: SiteText;
  readonly css: string;
  readonly font: string;
}

export interface PageProps {
  readonly making: Making;
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly things?: readonly Readonly<Record<string, unknown>>[];
  /** Whose assistant answers here; without it a visitor chooses. */
  readonly division?: Division;
  /** Not for search engines. */
  readonly isHidden?: boolean;
  readonly children: ComponentChildren;
}

const Logo = () => (
  <svg class="logo" viewBox="0 0 64 64" aria-hidden="true" focusable="false">
    <rect width="64" height="64" rx="18" />
    <path d="M16 40c10-1 12-8 16-8s6 7 16 8M16 30c10-1 12-8 16-8s6 7 16 8" />
    <circle cx="32" cy="48" r="3" />
  </svg>
);

const links = (text: SiteText): readonly (readonly [string, string])[] => [
  ...text.services.map((one) => [one.nav, pathOfService(one)] as const),
  ['Tanya jawab', '/faq'],
  ['Tentang', '/tentang'],
  ['Kontak', '/kontak'],
];

const Links = ({ text, path }: { readonly text: SiteText; readonly path: string }) => (
  <ul>
    {links(text).map(([name, to]) => (
      <li>
        <a href={to} {...(to === path && { 'aria-current': 'page' })}>
          {name}
        </a>
      </li>
    ))}
  </ul>
);

/** A link that opens the chat; without scripts it leads to the contact page. */
export function ChatLink({
  class: look = 'button',
  question,
  intent,
  division,
  children,
}: {
  readonly class?: string;
  readonly question?: string;
  readonly intent?: string;
  readonly division?: Division;
  readonly children: ComponentChildren;
}) {
  return (
    <a
      class={look}
      href="/kontak"
      data-saga-chat=""
      data-question={question}
      data-intent={intent}
      data-site={division}
    >
      {children}
    </a>
  );
}

const Footer = ({ text }: { readonly text: SiteText }) => (
  <footer class="footer">
    <div class="wide columns">
      <div>
        <p class="brand">
          <Logo />
          {text.name}
        </p>
        <p>{text.tagline}</p>
      </div>
      <nav aria-label="Kaki halaman">
        <ul>
          {[...links(text), ['Privasi', '/privasi'] as const].map(([name, to]) => (
            <li>
              <a href={to}>{name}</a>
            </li>
          ))}
        </ul>
      </nav>
      <address>
        {text.address.street}
        <br />
        {text.address.city}, {text.address.region} {text.address.postal_code}
        <br />
        <a href={`mailto:${text.email}`}>{text.email}</a>
      </address>
    </div>
    <p class="wide small">{text.demo_notice}</p>
  </footer>
);

export function Page({
  making,
  path,
  title,
  description,
  things = [],
  division,
  isHidden,
  children,
}: PageProps) {
  const { text, css, font } = making;
  const shown = text.services.filter((one) => division === undefined || one.division === division);
  return (
    <html lang="id">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <title>{title}</title>
        <meta name="description" content={description} />
        {isHidden === true ? (
          <meta name="robots" content="noindex" />
        ) : (
          <link rel="canonical" href={addressOf(path)} />
        )}
        <meta name="theme-color" content="#0a3d38" />
        <meta property="og:type" content="website" />
        <meta property="og:site_name" content={text.name} />
        <meta property="og:locale" content="id_ID" />
        <meta property="og:title" content={title} />
        <meta property="og:description" content={description} />
        <meta property="og:url" content={addressOf(path)} />
        <meta property="og:image" content={addressOf('/og.png')} />
        <meta name="twitter:card" content="summary_large_image" />
        <link rel="icon" type="image/svg+xml" href="/logo.svg" />
        <link rel="preload" as="font" type="font/woff2" href={font} crossorigin="anonymous" />
        <style dangerouslySetInnerHTML={{ __html: css }} />
        <script
          src="/widget.js"
          async
          data-sites={shown.map((one) => `${one.division}:${one.brand}:${one.nav}`).join(';')}
          data-nudge={
            shown.length === 1
              ? `Ada pertanyaan soal ${shown[0]?.nav.toLowerCase() ?? ''}?`
              : 'Bingung mulai dari mana? Tanya di sini.'
          }
        />
        {isHidden !== true && (
          <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: jsonLd(text, things) }} />
        )}
      </head>
      <body>
        <a class="skip" href="#isi">
          Langsung ke isi
        </a>
        <aside class="notice" aria-label="Pemberitahuan">
          {text.demo_notice}
        </aside>
        <header class="header">
          <div class="wide">
            <a class="brand" href="/" aria-label={`${text.name}, beranda`}>
              <Logo />
              {text.name}
            </a>
            <nav class="nav" aria-label="Utama">
              <Links text={text} path={path} />
            </nav>
            <ChatLink class="button small-button" {...(division !== undefined && { division })}>
              Minta penawaran
            </ChatLink>
            <details class="menu">
              <summary aria-label="Menu">
                <Icon name="menu" />
              </summary>
              <nav aria-label="Menu">
                <Links text={text} path={path} />
              </nav>
            </details>
          </div>
        </header>
        <main id="isi">{children}</main>
        <Footer text={text} />
      </body>
    </html>
  );
}
