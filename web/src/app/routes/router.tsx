/** Every address of the dashboard (docs/design/dashboard.md#addresses). What is not the inbox is loaded when it is opened. */
import { createRoute, createRouter, lazyRouteComponent, Navigate } from '@tanstack/react-router';
import type { FiguresSearch } from '../../analytics/periods.ts';
import type { BlastSearch } from '../../blasts/search.ts';
import type { CustomersSearch } from '../../customers/queries.ts';
import type { FollowUpSearch } from '../../follow-ups/search.ts';
import { useMe } from '../../lib/me.ts';
import { session } from '../../lib/session.ts';
import { deskSearch } from '../../tickets/inbox/desk-search.ts';
import { Desk } from '../../tickets/inbox/desk.tsx';
import { ChooseTicket } from '../../tickets/inbox/choose-ticket.tsx';
import { parseSearch, stringifySearch, words } from './address.ts';
import { Crash, NotFound } from '../crash.tsx';
import { placesOf } from '../navigation.ts';
import { dispatchRoutes } from './dispatch.ts';
import { inside, root } from './inside.tsx';
import { visitRoutes } from './visits.ts';

/** Only a path of ours: no link makes a sign-in lead elsewhere. */
const nextOf = (search: Record<string, unknown>): { next?: string } =>
  typeof search['next'] === 'string' && /^\/(?!\/)/.test(search['next']) ? { next: search['next'] } : {};

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: nextOf,
  component: lazyRouteComponent(() => import('../../staff/login-page.tsx'), 'LoginPage'),
});

/** These pages read their words with a function of their own, which the first load does without. */
const figures = (search: Record<string, unknown>): FiguresSearch => search;

/** The first place of who is signed in: no inbox, another one. */
function Home() {
  const [first] = placesOf(useMe());
  return <Navigate to={first?.to ?? '/notifications'} replace />;
}

const index = createRoute({ getParentRoute: () => inside, path: '/', component: Home });

const desk = createRoute({
  getParentRoute: () => inside,
  id: 'desk',
  validateSearch: deskSearch,
  component: Desk,
});
const inbox = createRoute({ getParentRoute: () => desk, path: '/inbox', component: ChooseTicket });
const ticket = createRoute({
  getParentRoute: () => desk,
  path: '/t/$ticketId',
  component: lazyRouteComponent(() => import('../../tickets/ticket-page.tsx'), 'TicketPage'),
});
const notifications = createRoute({
  getParentRoute: () => inside,
  path: '/notifications',
  component: lazyRouteComponent(
    () => import('../../notifications/notifications-page.tsx'),
    'NotificationsPage',
  ),
});
const profile = createRoute({
  getParentRoute: () => inside,
  path: '/profile',
  component: lazyRouteComponent(() => import('../../staff/profile-page.tsx'), 'ProfilePage'),
});
const analytics = createRoute({
  getParentRoute: () => inside,
  path: '/analytics',
  validateSearch: figures,
  component: lazyRouteComponent(() => import('../../analytics/analytics-page.tsx'), 'AnalyticsPage'),
});
const agentFigures = createRoute({
  getParentRoute: () => inside,
  path: '/analytics/agents/$agentId',
  validateSearch: figures,
  component: lazyRouteComponent(() => import('../../analytics/agent-page.tsx'), 'AgentPage'),
});

const chatbot = createRoute({
  getParentRoute: () => inside,
  path: '/analytics/chatbot',
  validateSearch: figures,
  component: lazyRouteComponent(() => import('../../chat/chatbot-page.tsx'), 'ChatbotPage'),
});

const followUp = createRoute({
  getParentRoute: () => inside,
  path: '/follow-up',
  validateSearch: (search: Record<string, unknown>): FollowUpSearch => search,
  component: lazyRouteComponent(() => import('../../follow-ups/follow-up-page.tsx'), 'FollowUpPage'),
});
const blasts = createRoute({
  getParentRoute: () => inside,
  path: '/blasts',
  validateSearch: (search: Record<string, unknown>): BlastSearch => search,
  component: lazyRouteComponent(() => import('../../blasts/blasts-page.tsx'), 'BlastsPage'),
});
const newBlast = createRoute({
  getParentRoute: () => inside,
  path: '/blasts/new',
  component: lazyRouteComponent(() => import('../../blasts/new-blast-page.tsx'), 'NewBlastPage'),
});
const blast = createRoute({
  getParentRoute: () => inside,
  path: '/blasts/$blastId',
  component: lazyRouteComponent(() => import('../../blasts/blast-page.tsx'), 'BlastPage'),
});
const supervisor = createRoute({
  getParentRoute: () => inside,
  path: '/supervisor',
  component: lazyRouteComponent(() => import('../../routing/supervisor-page.tsx'), 'SupervisorPage'),
});
const customers = createRoute({
  getParentRoute: () => inside,
  path: '/customers',
  validateSearch: words('q', 'division', 'channel', 'opted_out') as (
    search: Record<string, unknown>,
  ) => CustomersSearch,
  component: lazyRouteComponent(() => import('../../customers/customers-page.tsx'), 'CustomersPage'),
});
const customer = createRoute({
  getParentRoute: () => inside,
  path: '/customers/$customerId',
  component: lazyRouteComponent(() => import('../../customers/customer-page.tsx'), 'CustomerPage'),
});
const search = createRoute({
  getParentRoute: () => inside,
  path: '/search',
  validateSearch: words('q'),
  component: lazyRouteComponent(() => import('../../conversation/search/search-page.tsx'), 'SearchPage'),
});
/** What another app of the device shared with this one (docs/design/dashboard-app.md#a-share-of-the-device). */
const share = createRoute({
  getParentRoute: () => inside,
  path: '/share',
  component: lazyRouteComponent(() => import('../../media/share-page.tsx'), 'SharePage'),
});
const history = createRoute({
  getParentRoute: () => inside,
  path: '/t/$ticketId/history',
  validateSearch: words('moment', 'against'),
  component: lazyRouteComponent(() => import('../../audit/history-page.tsx'), 'HistoryPage'),
});

const admin = createRoute({
  getParentRoute: () => inside,
  path: '/admin',
  component: lazyRouteComponent(() => import('../admin/admin-layout.tsx'), 'AdminLayout'),
});
const adminPages = [
  createRoute({
    getParentRoute: () => admin,
    path: '/',
    component: lazyRouteComponent(() => import('../admin/admin-layout.tsx'), 'AdminHome'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/users',
    component: lazyRouteComponent(() => import('../../staff/admin/users-page.tsx'), 'UsersPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/users/$userId',
    component: lazyRouteComponent(() => import('../../staff/admin/user-page.tsx'), 'UserPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/privileges',
    component: lazyRouteComponent(() => import('../../staff/admin/privileges-page.tsx'), 'PrivilegesPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/office-hours',
    component: lazyRouteComponent(() => import('../../settings/office-hours-page.tsx'), 'OfficeHoursPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/tags',
    component: lazyRouteComponent(() => import('../../settings/tags-page.tsx'), 'TagsPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/templates',
    component: lazyRouteComponent(() => import('../../settings/templates-page.tsx'), 'TemplatesPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/quick-replies',
    component: lazyRouteComponent(() => import('../../settings/quick-replies-page.tsx'), 'QuickRepliesPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/channels',
    component: lazyRouteComponent(() => import('../admin/channels-page.tsx'), 'ChannelsPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/faq',
    component: lazyRouteComponent(() => import('../../chat/faq-page.tsx'), 'FaqPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/dead-letters',
    component: lazyRouteComponent(() => import('../../inbound/dead-letters-page.tsx'), 'DeadLettersPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/audit',
    validateSearch: words('view', 'area', 'person', 'from', 'to'),
    component: lazyRouteComponent(() => import('../../audit/audit-page.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/projections',
    component: lazyRouteComponent(() => import('../admin/operations-page.tsx'), 'OperationsPage'),
  }),
] as const;

/** The pieces of the design system with their states, where one develops. */
const development = import.meta.env.DEV
  ? [
      createRoute({
        getParentRoute: () => root,
        path: '/_ui',
        component: lazyRouteComponent(() => import('../../ui/gallery.tsx'), 'Gallery'),
      }),
    ]
  : [];

const tree = root.addChildren([
  login,
  inside.addChildren([
    index,
    desk.addChildren([inbox, ticket]),
    notifications,
    profile,
    analytics,
    agentFigures,
    chatbot,
    followUp,
    blasts,
    newBlast,
    blast,
    supervisor,
    customers,
    customer,
    search,
    share,
    history,
    ...dispatchRoutes,
    ...visitRoutes,
    admin.addChildren(adminPages),
  ]),
  ...development,
]);

export const router = createRouter({
  routeTree: tree,
  basepath: '/app',
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: Crash,
  defaultNotFoundComponent: NotFound,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/** The session ended somewhere: sign in again, and come back to here. */
session.subscribe(() => {
  const { pathname, searchStr } = router.state.location;
  if (session.get().state === 'out' && pathname !== '/login')
    void router.navigate({
      to: '/login',
      search: pathname === '/' ? {} : { next: `${pathname}${searchStr}` },
      replace: true,
    });
});
