/** What search engines read: JSON-LD, sitemap and robots. Addresses begin with ORIGIN, which the server replaces (PUBLIC_URL). */
import { pathOfService, type Question, type ServiceText, type SiteText } from './content.ts';

/** Stands for the address of the site in every built page (src/http/framework/server/company-site.ts). */
export const ORIGIN = 'https://site.invalid';

type Thing = Readonly<Record<string, unknown>>;

/** A path of the site as a search engine wants it. */
export const addressOf = (path: string): string => `${ORIGIN}${path}`;

const organization = ({ name, legal_name, description, email }: SiteText): Thing => ({
  '@type': 'Organization',
  '@id': addressOf('/#organization'),
  name,
  legalName: legal_name,
  description,
  email,
  url: addressOf('/'),
  logo: addressOf('/logo.png'),
  contactPoint: { '@type': 'ContactPoint', contactType: 'customer service', email, availableLanguage: 'id' },
});

export const localBusiness = ({ name, email, address, hours }: SiteText): Thing => ({
  '@type': 'LocalBusiness',
  '@id': addressOf('/#office'),
  name,
  email,
  url: addressOf('/kontak'),
  image: addressOf('/og.png'),
  parentOrganization: { '@id': addressOf('/#organization') },
  address: {
    '@type': 'PostalAddress',
    streetAddress: address.street,
    addressLocality: address.city,
    addressRegion: address.region,
    postalCode: address.postal_code,
    addressCountry: 'ID',
  },
  openingHoursSpecification: hours.map(({ schema_days, opens, closes }) => ({
    '@type': 'OpeningHoursSpecification',
    dayOfWeek: schema_days,
    opens,
    closes,
  })),
});

export const service = (text: ServiceText): Thing => ({
  '@type': 'Service',
  name: text.brand,
  serviceType: text.nav,
  description: text.description,
  url: addressOf(pathOfService(text)),
  areaServed: { '@type': 'Country', name: 'Indonesia' },
  provider: { '@id': addressOf('/#organization') },
});

export const questionPage = (questions: readonly Question[]): Thing => ({
  '@type': 'FAQPage',
  mainEntity: questions.map(({ title, answer }) => ({
    '@type': 'Question',
    name: title,
    acceptedAnswer: { '@type': 'Answer', text: answer },
  })),
});

/** @param steps from the home page to this one; the last is the page itself */
export const breadcrumbs = (steps: readonly (readonly [name: string, path: string])[]): Thing => ({
  '@type': 'BreadcrumbList',
  itemListElement: [['Beranda', '/'] as const, ...steps].map(([name, path], index) => ({
    '@type': 'ListItem',
    position: index + 1,
    name,
    item: addressOf(path),
  })),
});

/** @returns the text of a JSON-LD script; `<` is escaped, so no answer can end the script */
export const jsonLd = (text: SiteText, things: readonly Thing[]): string =>
  JSON.stringify({ '@context': 'https://schema.org', '@graph': [organization(text), ...things] }).replaceAll(
    '<',
    '\\u003c',
  );

export const sitemap = (paths: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${paths
    .map((path) => `<url><loc>${addressOf(path)}</loc></url>\n`)
    .join('')}</urlset>\n`;

export const robots = (): string =>
  `User-agent: *\nAllow: /\nDisallow: /api/\nDisallow: /app\nDisallow: /widget/\n\nSitemap: ${addressOf('/sitemap.xml')}\n`;
