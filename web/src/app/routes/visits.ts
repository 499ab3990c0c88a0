/** Addresses of technicians, of invoices and of ratings (docs/design/dashboard.md#addresses). */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { InvoicesSearch } from '../../invoices/queries.ts';
import type { RatingsSearch } from '../../ratings/queries.ts';
import { words } from './address.ts';
import { inside } from './inside.tsx';

type Search<S> = (search: Record<string, unknown>) => S;

export const visitRoutes = [
  createRoute({
    getParentRoute: () => inside,
    path: '/pool',
    component: lazyRouteComponent(() => import('../../field-jobs/own/pool-page.tsx'), 'PoolPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/my-jobs',
    component: lazyRouteComponent(() => import('../../field-jobs/own/my-jobs-page.tsx'), 'MyJobsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/my-jobs/$jobId',
    component: lazyRouteComponent(() => import('../../field-jobs/own/my-job-page.tsx'), 'MyJobPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/invoices',
    validateSearch: words('invoice_status', 'invoice_job', 'division') as Search<InvoicesSearch>,
    component: lazyRouteComponent(() => import('../../invoices/invoices-page.tsx'), 'InvoicesPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/invoices/$invoiceId',
    component: lazyRouteComponent(() => import('../../invoices/invoice-page.tsx'), 'InvoicePage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/ratings',
    validateSearch: words('by', 'from', 'to', 'technician', 'division') as Search<RatingsSearch>,
    component: lazyRouteComponent(() => import('../../ratings/ratings-page.tsx'), 'RatingsPage'),
  }),
] as const;
