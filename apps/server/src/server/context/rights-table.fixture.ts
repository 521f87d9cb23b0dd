import { FUNCTION_RIGHTS } from './function-rights.fixture.ts'

// Who may do what, by role and object, written by hand after `spec/platform.md` 12: never read from the code. Every route and every
// request of the sockets has its row; `docs/rights.md` shows the same table.

/** The columns. Users and keys of the second group have what their profile adds; programs of the third nothing else. */
export const COLUMNS = [
  'agent',
  'campaign manager',
  'agent manager',
  'administrator',
  'auditor',
  'with `FaaS-Invocation`',
  'with `FaaS-Developer`',
  'with `FaaS-Admin`',
  'API key',
  '`faas.lambda.invoke`',
  '`account.read`',
  '`conversation.read`',
  '`msg.consumer`',
] as const

export interface RightsRow {
  what: string
  /** One sign for each column: `x` may, `o` may as far as it sees the conversation, `-` may not. */
  who: string
  routes: readonly string[]
  /** Consumers of the account may, too. */
  consumers?: true
  /** A cookie may say who asks: without a token it is 4xx, not always 401. */
  byCookie?: true
  /** Bodies by route, where a right is checked after the body. */
  bodies?: Record<string, unknown>
}

const NATIVE = '/api/v1/accounts/:accountId'
const FAAS = '/api/account/:accountId'
const USERS = `${FAAS}/configuration/le-users`
const HISTORY = '/messaging_history/api/account/:accountId'

export const RIGHTS: readonly RightsRow[] = [
  {
    what: 'conversations, live chats, mails, survey answers: read',
    who: 'ooxxx --- x --x-',
    routes: [
      `GET ${NATIVE}/conversations`,
      `GET ${NATIVE}/conversations/:conversationId`,
      `GET ${NATIVE}/conversations/:conversationId/timeline`,
      `GET ${NATIVE}/conversations/:conversationId/runs`,
      `GET ${NATIVE}/chats`,
      `GET ${NATIVE}/chats/:chatId`,
      `GET ${NATIVE}/chats/:chatId/events`,
      `GET ${NATIVE}/chats/:chatId/timeline`,
      `GET ${NATIVE}/chats/:chatId/transcript`,
      `GET ${NATIVE}/chat-events`,
      `GET ${NATIVE}/mail-counts`,
      `GET ${NATIVE}/mails`,
      `GET ${NATIVE}/mails/:mailId`,
      `GET ${NATIVE}/survey-runs`,
      `GET ${NATIVE}/bots/:botId/conversations`,
      `GET ${NATIVE}/survey-runs.csv`,
      `GET ${NATIVE}/survey-scores`,
      `GET ${NATIVE}/survey-totals`,
      `POST ${HISTORY}/conversations/search`,
      `POST ${HISTORY}/conversations/conversation/search`,
      `POST ${HISTORY}/conversations/consumer/search`,
    ],
  },
  {
    what: 'states of agents and queues: read',
    who: 'xxxxx --- x --x-',
    routes: [
      `GET ${NATIVE}/transfer-targets`,
      `POST ${HISTORY}/agent-view/status`,
      'GET /operations/api/account/:accountId/msgqueuehealth/current/',
    ],
  },
  {
    what: 'live chats: serve; surveys of conversations: choose',
    who: 'o-xx- --- - ----',
    routes: [
      `POST ${NATIVE}/chats/:chatId/accept`,
      `POST ${NATIVE}/chats/:chatId/end`,
      `POST ${NATIVE}/chats/:chatId/leave`,
      `POST ${NATIVE}/chats/:chatId/lines`,
      `POST ${NATIVE}/chats/:chatId/transfer`,
      `POST ${NATIVE}/chats/:chatId/typing`,
      `PUT ${NATIVE}/conversations/:conversationId/survey`,
    ],
  },
  {
    what: 'live chats: join beside their agent',
    who: '--xx- --- - ----',
    routes: [`POST ${NATIVE}/chats/:chatId/join`],
  },
  {
    what: 'live chats: erase',
    who: '--xx- --- x ----',
    routes: [`DELETE ${NATIVE}/chats/:chatId`],
  },
  {
    what: 'the board of supervisors, figures of conversations, skills and agents: read; conversations of others: take over, reassign, close; agents: set online or away',
    who: '--xx- --- x ----',
    routes: [
      `GET ${NATIVE}/board`,
      `GET ${NATIVE}/figures`,
      `GET ${NATIVE}/figures.csv`,
      `POST ${NATIVE}/conversations/:conversationId/routing`,
      `PUT ${NATIVE}/agents/:userId/availability`,
    ],
    bodies: {
      [`PUT ${NATIVE}/agents/:userId/availability`]: { availability: 'AWAY' },
      [`POST ${NATIVE}/conversations/:conversationId/routing`]: { action: 'urgent' },
    },
  },
  {
    what: 'mails: hold, send, report as returned; what waits to be delivered, and dead letters',
    who: '---x- --- - ----',
    routes: [
      `GET ${NATIVE}/dead-letters`,
      `GET ${NATIVE}/dead-letters/:id`,
      `DELETE ${NATIVE}/dead-letters/:id`,
      `GET ${NATIVE}/deliveries`,
      `POST ${NATIVE}/dead-letters/:id/redrive`,
      `POST ${NATIVE}/mail-bounces`,
      `POST ${NATIVE}/mails/:mailId/hold`,
      `POST ${NATIVE}/mails/:mailId/send`,
      `POST ${NATIVE}/mails/send`,
    ],
  },
  {
    what: 'consumers: speak for them, set attributes of their visits',
    who: '--xx- --- x ---x',
    routes: [
      `POST ${FAAS}/messaging/consumer/conversation`,
      `POST ${FAAS}/messaging/consumer/conversation/send`,
      `PUT ${FAAS}/monitoring/visitors/:visitorId/visits/current/events`,
    ],
    bodies: {
      [`POST ${FAAS}/messaging/consumer/conversation`]: [{}],
      [`POST ${FAAS}/messaging/consumer/conversation/send`]: {},
      [`PUT ${FAAS}/monitoring/visitors/:visitorId/visits/current/events`]: [{ type: 'lead' }],
    },
  },
  {
    what: 'consumers: register those of an application',
    who: '----- --- - ---x',
    routes: [`POST ${FAAS}/consumer`],
    bodies: { [`POST ${FAAS}/consumer`]: { ext_consumer_id: 'x' } },
  },
  ...FUNCTION_RIGHTS,
  {
    what: 'users, skills, hours, settings, surveys, connectors, bots: read',
    who: 'xxxxx --- x -x--',
    routes: [
      `GET ${USERS}/users`,
      `GET ${USERS}/users/:userId`,
      `GET ${USERS}/skills`,
      `GET ${USERS}/skills/:skillId`,
      `GET ${FAAS}/shift-status`,
      `GET ${NATIVE}/users`,
      `GET ${NATIVE}/users/:userId`,
      `GET ${NATIVE}/skills`,
      `GET ${NATIVE}/calendars`,
      `GET ${NATIVE}/shift-status`,
      `GET ${NATIVE}/settings`,
      `GET ${NATIVE}/canned-answers`,
      `GET ${NATIVE}/chat-settings`,
      `GET ${NATIVE}/transcript-settings`,
      `GET ${NATIVE}/automatic-messages`,
      `GET ${NATIVE}/automatic-messages/:type`,
      `GET ${NATIVE}/connectors`,
      `GET ${NATIVE}/connectors/:connectorId`,
      `GET ${NATIVE}/connectors/:connectorId/errors`,
      `GET ${NATIVE}/bots`,
      `GET ${NATIVE}/bots/:botId`,
      `GET ${NATIVE}/bots/:botId/errors`,
      `GET ${NATIVE}/bots/:botId/steps`,
      `GET ${NATIVE}/surveys`,
      `GET ${NATIVE}/surveys/:surveyId`,
      `GET ${NATIVE}/erasures/:erasureId`,
      `GET ${NATIVE}/kept-data`,
    ],
  },
  {
    what: 'whether a skill is open now (consumers, too)',
    who: 'xxxxx --- x -x--',
    consumers: true,
    routes: [`GET ${FAAS}/skills/:skillId/shift-status-skill`],
  },
  {
    what: 'users, skills, hours, settings, surveys, connectors, bots: change; exports of bots: read; keys, applications, issuers; erasure of consumers',
    who: '---x- --- - ----',
    routes: [
      `POST ${NATIVE}/users`,
      `PATCH ${NATIVE}/users/:userId`,
      `DELETE ${NATIVE}/users/:userId`,
      `DELETE ${NATIVE}/users/:userId/sessions`,
      `GET ${NATIVE}/invitations`,
      `POST ${NATIVE}/users/:userId/invitation`,
      `DELETE ${NATIVE}/users/:userId/invitation`,
      `POST ${NATIVE}/skills`,
      `PATCH ${NATIVE}/skills/:skillId`,
      `DELETE ${NATIVE}/skills/:skillId`,
      `PUT ${NATIVE}/calendars/:owner`,
      `DELETE ${NATIVE}/calendars/:owner`,
      `PATCH ${NATIVE}/settings`,
      `PUT ${NATIVE}/canned-answers`,
      `PUT ${NATIVE}/chat-settings`,
      `PUT ${NATIVE}/transcript-settings`,
      `PUT ${NATIVE}/automatic-messages/:type`,
      `DELETE ${NATIVE}/automatic-messages/:type`,
      `POST ${NATIVE}/connectors`,
      `PATCH ${NATIVE}/connectors/:connectorId`,
      `DELETE ${NATIVE}/connectors/:connectorId`,
      `POST ${NATIVE}/connectors/:connectorId/test`,
      `PUT ${NATIVE}/connectors/:connectorId/state`,
      `POST ${NATIVE}/bots`,
      `PUT ${NATIVE}/bots/:botId`,
      `GET ${NATIVE}/bots/:botId/export`,
      `PATCH ${NATIVE}/bots/:botId`,
      `DELETE ${NATIVE}/bots/:botId`,
      `PUT ${NATIVE}/bots/:botId/state`,
      `POST ${NATIVE}/bots/:botId/talk`,
      `POST ${NATIVE}/surveys`,
      `POST ${NATIVE}/survey-preview`,
      `PUT ${NATIVE}/surveys/:surveyId`,
      `PUT ${NATIVE}/surveys/:surveyId/skills`,
      `DELETE ${NATIVE}/surveys/:surveyId`,
      `GET ${NATIVE}/api-keys`,
      `POST ${NATIVE}/api-keys`,
      `PATCH ${NATIVE}/api-keys/:keyId`,
      `DELETE ${NATIVE}/api-keys/:keyId`,
      `GET ${NATIVE}/clients`,
      `POST ${NATIVE}/clients`,
      `PATCH ${NATIVE}/clients/:clientId`,
      `POST ${NATIVE}/clients/:clientId/secret`,
      `DELETE ${NATIVE}/clients/:clientId`,
      `GET ${NATIVE}/issuers`,
      `POST ${NATIVE}/issuers`,
      `DELETE ${NATIVE}/issuers/:issuer`,
      `GET ${NATIVE}/signing-keys`,
      `POST ${NATIVE}/signing-keys`,
      `GET ${NATIVE}/context-store/key`,
      `POST ${NATIVE}/context-store/key`,
      `POST ${NATIVE}/erasures`,
    ],
  },
  {
    what: 'the clock of a development server: read, move (elsewhere it has no routes)',
    who: '---x- --- - ----',
    routes: [`GET ${NATIVE}/clock`, `POST ${NATIVE}/clock`],
  },
  {
    what: 'the audit: read',
    who: '---xx --- - ----',
    routes: [`GET ${NATIVE}/audit`, `GET ${NATIVE}/audit.csv`, `GET ${NATIVE}/audit.jsonl`],
  },
  {
    what: 'oneself: who am I, own password, end of the session; names of what changes, of the topics that one may read',
    who: 'xxxxx xxx x xxxx',
    routes: [
      `GET ${NATIVE}/caller`,
      `GET ${NATIVE}/updates`,
      `PUT ${NATIVE}/caller/password`,
      `DELETE ${NATIVE}/sessions/current`,
    ],
  },
  {
    what: 'the end of the session, as published: by its token, or by its cookie with the value against forgery',
    who: 'xxxxx xxx x xxxx',
    byCookie: true,
    routes: [`POST ${FAAS}/logout`],
  },
]
