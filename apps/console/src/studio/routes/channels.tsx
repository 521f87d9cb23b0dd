import { createRoute } from '@tanstack/react-router'
import * as z from 'zod'
import { GROUPS } from '../limits/path.ts'
import { MAIL_VIEWS, STATE_ORDER } from '../mail/path.ts'
import { account } from './account.tsx'
import { lazyPage } from './lazy-page.ts'

// What somebody has typed into the address is no reason for an error: a wrong value counts as none.
const text = z.string().optional().catch(undefined)

const yesOrNo = z.boolean().optional().catch(undefined)

const automaticMessages = createRoute({
  getParentRoute: () => account,
  path: '/automatic-messages',
  component: lazyPage(
    () => import('../automatic-messages/automatic-messages-page.tsx'),
    'AutomaticMessagesPage',
  ),
  validateSearch: z.object({ skill: text, language: text, type: text }),
})

const consumerLook = createRoute({
  getParentRoute: () => account,
  path: '/consumer-page',
  component: lazyPage(() => import('../consumer-page/look-page.tsx'), 'ConsumerLookPage'),
  validateSearch: z.object({
    language: z.enum(['en', 'de']).optional().catch(undefined),
    closed: yesOrNo,
    corner: yesOrNo,
    talk: yesOrNo,
    skill: text,
    campaign: text,
    engagement: text,
    channel: z.enum(['messaging', 'chat']).optional().catch(undefined),
  }),
})

const mail = createRoute({
  getParentRoute: () => account,
  path: '/mail',
  component: lazyPage(() => import('../mail/mail-page.tsx'), 'MailPage'),
  validateSearch: z.object({
    view: z.enum(MAIL_VIEWS).optional().catch(undefined),
    state: z.enum(STATE_ORDER).optional().catch(undefined),
    mail: text,
  }),
})

const limits = createRoute({
  getParentRoute: () => account,
  path: '/limits',
  component: lazyPage(() => import('../limits/limits-page.tsx'), 'LimitsPage'),
  validateSearch: z.object({ group: z.enum(GROUPS).optional().catch(undefined) }),
})

const accountSettings = createRoute({
  getParentRoute: () => account,
  path: '/account',
  component: lazyPage(() => import('../account-settings/account-page.tsx'), 'AccountPage'),
})

/** Where administrators set up what consumers see and are told. */
export const channelRoutes = [
  automaticMessages,
  consumerLook,
  mail,
  limits,
  accountSettings,
] as const
