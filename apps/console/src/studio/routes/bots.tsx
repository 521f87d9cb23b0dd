import { createRoute } from '@tanstack/react-router'
import * as z from 'zod'
import { ACCESS_PARTS } from '../access/parts.ts'
import { BOT_PARTS } from '../bots/parts.ts'
import { SurveySearch } from '../surveys/search.ts'
import { account } from './account.tsx'
import { lazyPage } from './lazy-page.ts'

// What somebody has typed into the address is no reason for an error: a wrong value counts as none.
const text = z.string().optional().catch(undefined)
const yesOrNo = z.boolean().optional().catch(undefined)

const bots = createRoute({
  getParentRoute: () => account,
  path: '/bots',
  component: lazyPage(() => import('../bots/bots-page.tsx'), 'BotsPage'),
})

const newConnector = createRoute({
  getParentRoute: () => account,
  path: '/bots/connectors/new',
  component: lazyPage(() => import('../bots/connector-page.tsx'), 'NewConnectorPage'),
})

const connector = createRoute({
  getParentRoute: () => account,
  path: '/bots/connectors/$connectorId',
  component: lazyPage(() => import('../bots/connector-page.tsx'), 'ConnectorPage'),
  validateSearch: z.object({ isNew: yesOrNo }),
})

const builderBot = createRoute({
  getParentRoute: () => account,
  path: '/bots/$botId',
  component: lazyPage(() => import('../bots/builder-bot-page.tsx'), 'BuilderBotPage'),
  validateSearch: z.object({ show: z.enum(BOT_PARTS).optional().catch(undefined), text }),
})

const surveys = createRoute({
  getParentRoute: () => account,
  path: '/surveys',
  component: lazyPage(() => import('../surveys/surveys-page.tsx'), 'SurveysPage'),
})

const newSurvey = createRoute({
  getParentRoute: () => account,
  path: '/surveys/new',
  component: lazyPage(() => import('../surveys/survey-page.tsx'), 'NewSurveyPage'),
})

const survey = createRoute({
  getParentRoute: () => account,
  path: '/surveys/$surveyId',
  component: lazyPage(() => import('../surveys/survey-page.tsx'), 'SurveyPage'),
  validateSearch: SurveySearch,
})

const access = createRoute({
  getParentRoute: () => account,
  path: '/access',
  component: lazyPage(() => import('../access/access-page.tsx'), 'AccessPage'),
  validateSearch: z.object({ show: z.enum(ACCESS_PARTS).optional().catch(undefined), name: text }),
})

/** What talks to consumers besides people, bots and surveys, and by what programs come in. */
export const botRoutes = [
  bots,
  newConnector,
  connector,
  builderBot,
  surveys,
  newSurvey,
  survey,
  access,
] as const
