/** What every address of the dashboard is below. */
import { createRootRoute, createRoute, Outlet } from '@tanstack/react-router';
import { Crash, NotFound } from '../crash.tsx';
import { Entrance } from '../entrance.tsx';
import { Shell } from '../shell.tsx';

export const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Crash,
});

/** All that is behind the sign-in. */
export const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: () => (
    <Entrance>
      <Shell />
    </Entrance>
  ),
});
