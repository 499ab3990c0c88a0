/** Addresses of those who plan visits (docs/design/dashboard.md#addresses). */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { FiguresSearch } from '../../analytics/periods.ts';
import type { JobsSearch } from '../../field-jobs/office/queries.ts';
import { words } from './address.ts';
import { inside } from './inside.tsx';

export const dispatchRoutes = [
  createRoute({
    getParentRoute: () => inside,
    path: '/jobs',
    validateSearch: words('day', 'division') as (search: Record<string, unknown>) => JobsSearch,
    component: lazyRouteComponent(() => import('../../field-jobs/office/jobs-page.tsx'), 'JobsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/jobs/figures',
    validateSearch: (search: Record<string, unknown>): FiguresSearch => search,
    component: lazyRouteComponent(
      () => import('../../field-jobs/office/figures-page.tsx'),
      'FieldFiguresPage',
    ),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/jobs/$jobId',
    component: lazyRouteComponent(() => import('../../field-jobs/office/job-page.tsx'), 'JobPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/capacity',
    component: lazyRouteComponent(() => import('../../capacity/capacity-page.tsx'), 'CapacityPage'),
  }),
] as const;
