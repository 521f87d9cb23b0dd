import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { SkillsSearch, UsersSearch } from '../people/search.ts'
import { account } from './account.tsx'

const users = createRoute({
  getParentRoute: () => account,
  path: '/users',
  component: lazyRouteComponent(() => import('../people/users-page.tsx'), 'UsersPage'),
  validateSearch: UsersSearch,
})

const skills = createRoute({
  getParentRoute: () => account,
  path: '/skills',
  component: lazyRouteComponent(() => import('../people/skills-page.tsx'), 'SkillsPage'),
  validateSearch: SkillsSearch,
})

/** Where administrators say who works here, and when. */
export const peopleRoutes = [users, skills] as const
