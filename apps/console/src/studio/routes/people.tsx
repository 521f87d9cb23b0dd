import { createRoute } from '@tanstack/react-router'
import { SkillsSearch, UsersSearch, WelcomeSearch } from '../people/search.ts'
import { account, root } from './account.tsx'
import { lazyPage } from './lazy-page.ts'

const users = createRoute({
  getParentRoute: () => account,
  path: '/users',
  component: lazyPage(() => import('../people/users-page.tsx'), 'UsersPage'),
  validateSearch: UsersSearch,
})

const skills = createRoute({
  getParentRoute: () => account,
  path: '/skills',
  component: lazyPage(() => import('../people/skills-page.tsx'), 'SkillsPage'),
  validateSearch: SkillsSearch,
})

const welcome = createRoute({
  getParentRoute: () => account,
  path: '/welcome',
  component: lazyPage(() => import('../people/welcome-page.tsx'), 'WelcomePage'),
  validateSearch: WelcomeSearch,
})

/** For who is not signed in: no account has an id with a hyphen. */
export const invitation = createRoute({
  getParentRoute: () => root,
  path: '/set-password/$accountId',
  component: lazyPage(() => import('../people/invitation-page.tsx'), 'InvitationPage'),
})

/** Where administrators say who works here, and when. */
export const peopleRoutes = [users, skills, welcome] as const
