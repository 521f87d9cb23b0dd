import { ACTIVITY_TOPICS, Instant, Openness } from '@parley/contract'
import { createRoute } from '@tanstack/react-router'
import * as z from 'zod'
import { BoardSearch } from '../board/search.ts'
import { account } from './account.tsx'
import { lazyPage } from './lazy-page.ts'

// What somebody has typed into the address is no reason for an error: a wrong value counts as none.
const text = z.string().optional().catch(undefined)
const instant = Instant.optional().catch(undefined)
const yesOrNo = z.boolean().optional().catch(undefined)

const home = createRoute({
  getParentRoute: () => account,
  path: '/home',
  component: lazyPage(() => import('../home/home-page.tsx'), 'HomePage'),
  validateSearch: z.object({ guide: yesOrNo }),
})

const conversations = createRoute({
  getParentRoute: () => account,
  path: '/conversations',
  component: lazyPage(() => import('../conversations/conversations-page.tsx'), 'ConversationsPage'),
  validateSearch: z.object({
    channel: z.enum(['messaging', 'chat']).optional().catch(undefined),
    text,
    consumer: text,
    skill: text,
    state: Openness.optional().catch(undefined),
    from: instant,
    to: instant,
    /** One that is under way: it is told how far it is. */
    erasure: text,
  }),
})

const conversation = createRoute({
  getParentRoute: () => account,
  path: '/conversations/$conversationId',
  component: lazyPage(() => import('../conversations/conversation-page.tsx'), 'ConversationPage'),
  validateSearch: z.object({
    /** The run that is shown first. */
    at: text,
    kind: z.enum(['message', 'event', 'run']).optional().catch(undefined),
  }),
})

const chat = createRoute({
  getParentRoute: () => account,
  path: '/conversations/chats/$chatId',
  component: lazyPage(() => import('../conversations/chat-page.tsx'), 'ChatPage'),
  validateSearch: z.object({
    /** The run or the mail that is shown first. */
    at: text,
    kind: z.enum(['line', 'change', 'run', 'mail']).optional().catch(undefined),
  }),
})

const board = createRoute({
  getParentRoute: () => account,
  path: '/board',
  component: lazyPage(() => import('../board/board-page.tsx'), 'BoardPage'),
  validateSearch: BoardSearch,
})

const delivery = createRoute({
  getParentRoute: () => account,
  path: '/delivery',
  component: lazyPage(() => import('../delivery/delivery-page.tsx'), 'DeliveryPage'),
  validateSearch: z.object({ name: text }),
})

const events = createRoute({
  getParentRoute: () => account,
  path: '/events',
  component: lazyPage(() => import('../events/events-page.tsx'), 'EventsPage'),
  validateSearch: z.object({ event: text, name: text }),
})

const schedules = createRoute({
  getParentRoute: () => account,
  path: '/schedules',
  component: lazyPage(() => import('../schedules/schedules-page.tsx'), 'SchedulesPage'),
  validateSearch: z.object({ functionId: text }),
})

const secrets = createRoute({
  getParentRoute: () => account,
  path: '/secrets',
  component: lazyPage(() => import('../secrets/secrets-page.tsx'), 'SecretsPage'),
  validateSearch: z.object({ functionId: text, name: text }),
})

const domains = createRoute({
  getParentRoute: () => account,
  path: '/domains',
  component: lazyPage(() => import('../domains/domains-page.tsx'), 'DomainsPage'),
  validateSearch: z.object({ functionId: text, name: text, platform: yesOrNo }),
})

const activity = createRoute({
  getParentRoute: () => account,
  path: '/activity',
  component: lazyPage(() => import('../activity/activity-page.tsx'), 'ActivityPage'),
  validateSearch: z.object({
    functionId: text,
    topic: z.enum(ACTIVITY_TOPICS).optional().catch(undefined),
  }),
})

const audit = createRoute({
  getParentRoute: () => account,
  path: '/audit',
  component: lazyPage(() => import('../activity/audit-page.tsx'), 'AuditPage'),
  validateSearch: z.object({
    actor: text,
    object: text,
    action: text,
    outcome: z.enum(['unknown', 'failed', 'refused']).optional().catch(undefined),
    from: instant,
    to: instant,
  }),
})

/** Where operators see what happens, and set up what functions need. */
export const operateRoutes = [
  home,
  conversations,
  conversation,
  chat,
  board,
  delivery,
  events,
  schedules,
  secrets,
  domains,
  activity,
  audit,
] as const
