import { AccountSettings, type KeptData } from '@parley/contract'
import type { Tables } from '#base/store'

type Days = keyof AccountSettings['retention']

/** How long rows are kept: by a setting of the account, by a bound of the code, or as long as something else. */
type Kept = { setting: Days; since: string; by: string } | { bound: string } | { as: string }

const ACCOUNT = 'its account'
const ANSWERS = 'answers to its questions that are kept'
const nightly = 'by pages, every night'
const withConversation: Kept = {
  setting: 'conversationDays',
  since: 'the end of the conversation; erasure of its consumer ends it at once',
  by: 'by pages, every night',
}

const mail: Kept = {
  setting: 'conversationDays',
  since:
    'the end of the conversation; erasure of its consumer ends it at once, and a report of functions ends `retention.metricsDays` after it was made',
  by: 'by pages, every night',
}

/** Every table, by its camelCase name: a new one does not compile before it is here. */
export const KEPT_TABLES: Record<keyof Tables, Kept> = {
  account: { as: 'the operator keeps it' },
  accountSettings: { as: ACCOUNT },
  accountUser: { as: 'an administrator keeps it' },
  skill: { as: 'an administrator keeps it' },
  userSkill: { as: 'its user and its skill' },
  workCalendar: { as: 'its account, its user or its skill' },
  oauthClient: { as: 'an administrator keeps it' },
  apiKey: { as: 'an administrator keeps it' },
  signingKey: { bound: 'the keys in use; the oldest goes when one is made' },
  tokenIssuer: { as: 'an administrator keeps it' },
  automaticMessage: { as: 'its account: one row for each text that was changed' },
  survey: { setting: 'versionDays', since: `its deletion, without ${ANSWERS}`, by: nightly },
  surveyRevision: {
    setting: 'versionDays',
    since: `a newer one was saved, without ${ANSWERS}`,
    by: nightly,
  },
  surveySkill: { as: 'its survey' },
  botAgent: { as: 'an administrator keeps it' },
  botError: { bound: 'the newest 1,000 of a bot' },
  builderBot: { as: 'its bot' },
  builderBotRevision: { bound: 'the newest 20 of a bot' },
  connector: { as: 'its bot' },
  function: { as: 'an administrator keeps it' },
  functionVersion: {
    setting: 'versionDays',
    since:
      'a newer one was saved, longer where records are; but the newest 20 of a function, the live one, and those of kept deployments; at most the newest `limits.keptVersions` and the live one',
    by: nightly,
  },
  deployment: {
    setting: 'versionDays',
    since:
      'a newer one was made, longer where records are; but the newest 20 of a function that worked, and the live one; at most the newest `limits.keptDeployments` and the live one',
    by: nightly,
  },
  eventSlot: { as: 'its account: one row for each event' },
  secret: { as: 'an administrator keeps it' },
  allowedDomain: { as: 'an administrator keeps it' },
  blockedCall: { setting: 'logDays', since: 'the last such call', by: nightly },
  savedPayload: {
    as: 'its function, unless it is deleted; at most 100 of each author, and 100 for all',
  },
  schedule: { as: 'its function' },
  scheduleRun: { setting: 'invocationDays', since: 'the run', by: nightly },
  activity: { setting: 'activityDays', since: 'the change', by: nightly },
  conversation: withConversation,
  message: withConversation,
  document: { as: 'see the next table' },
  file: {
    setting: 'conversationDays',
    since:
      'the end of the conversation; erasure of its consumer ends it at once, and one that was not sent ends an hour after it was announced',
    by: nightly,
  },
  contextNamespace: { as: 'its account' },
  contextProperty: {
    bound:
      '`ttlSecond` of its namespace, then by pages, with each write of its account and every night; all together `limits.contextStoreBytes`',
  },
  keptMail: mail,
  invocation: {
    setting: 'invocationDays',
    since: 'the run',
    by: `${nightly}; whole days are detached`,
  },
  recording: { setting: 'invocationDays', since: 'the run', by: nightly },
  replayJob: {
    bound: 'the newest 20 of an account, each `retention.invocationDays` since it began',
  },
  replayedRun: { as: 'its job; differences as long as the record of the run' },
  invocationBundle: {
    setting: 'invocationDays',
    since: 'the last run in it',
    by: `${nightly}; whole days are detached`,
  },
  invocationMinute: {
    setting: 'metricsDays',
    since: 'the minute, and not before its month is over',
    by: nightly,
  },
  figureMinute: { setting: 'metricsDays', since: 'the minute', by: nightly },
  logEntry: { setting: 'logDays', since: 'the entry', by: `${nightly}; whole days are detached` },
  outbox: { as: 'it takes to be done; then it is deleted, or becomes a dead letter' },
  timer: { as: 'it takes to be due; then it is deleted, armed anew, or becomes a dead letter' },
  deadLetter: { setting: 'deadLetterDays', since: 'its last attempt', by: nightly },
  auditEntry: { setting: 'auditDays', since: 'the entry', by: nightly },
  contextKey: { as: 'its account' },
  grantItem: { bound: 'until it expires; then some go with each new one, and all every night' },
  invitation: { bound: 'one of a user' },
  loginSession: {
    bound:
      'until it expires or the user logs out, then by pages, every night; the newest 1,000 of a user',
  },
  usedNonce: { bound: 'twice the time for which a signature is good' },
  operatorEntry: { as: 'the installation: it says which accounts there were' },
  node: { bound: 'until it stops, or is silent for long' },
  commitLane: { bound: 'a day after its connection was used last' },
  procedureUse: { bound: 'a day after its node was seen last' },
  installation: { as: 'the installation' },
  installationKey: { as: 'the installation: the oldest goes when one is made' },
}

/** The kinds of documents. */
export const KEPT_DOCUMENTS: Record<string, Kept> = {
  agent: { as: 'its user' },
  consumer: { setting: 'conversationDays', since: 'the end of its last conversation', by: nightly },
  dialog: withConversation,
  'bot-session': withConversation,
  'bot-typing': withConversation,
  chat: withConversation,
  mail,
  transcript: withConversation,
  'survey-run': withConversation,
  'survey-choice': withConversation,
  profile: {
    setting: 'profileDays',
    since: 'its last change, where its consumer has no conversation',
    by: 'by a timer of its own',
  },
  visitor: {
    setting: 'visitorDays',
    since:
      'the last attribute; or with the last conversation that a consumer has held from it, and when its last live chat is erased by hand',
    by: 'by a timer of its own',
  },
  erasure: { setting: 'auditDays', since: 'it was done', by: 'by a timer of its own' },
}

function defaults() {
  return AccountSettings.parse({}).retention
}

/** The tables of `docs/kept-data.md`. */
export function keptAsMarkdown(): string {
  const rows = (kept: Record<string, Kept>) =>
    Object.entries(kept).map(([name, one]) => `| ${snake(name)} | ${inWords(one)} |`)
  return [
    '| table | kept |',
    '|---|---|',
    ...rows(KEPT_TABLES),
    '',
    '| kind of `document` | kept |',
    '|---|---|',
    ...rows(KEPT_DOCUMENTS),
  ].join('\n')
}

/** The same for readers of the API, with the days of an account. */
export function keptData(retention: AccountSettings['retention']): KeptData[] {
  return [...Object.entries(KEPT_TABLES), ...Object.entries(KEPT_DOCUMENTS)].map(([name, kept]) => {
    if (!('setting' in kept)) return { name: snake(name), said: inWords(kept) }
    const { setting, since, by } = kept
    const said = `since ${since}; ended ${by}`
    return { name: snake(name), setting, days: retention[setting], said }
  })
}

/** For the first start: what is kept how long, in a few lines. */
export function keptInShort(): string[] {
  const days = defaults()
  const said = (value: number | null) => (value === null ? 'for ever' : `${value} days`)
  return [
    `Conversations ${said(days.conversationDays)}, profiles without any ${said(days.profileDays)}, visitors ${said(days.visitorDays)}`,
    `Versions of functions and surveys ${said(days.versionDays)} after newer ones, where nothing names them and no rollback needs them`,
    `Logs ${said(days.logDays)}, records ${said(days.invocationDays)}, metrics ${said(days.metricsDays)}, audit ${said(days.auditDays)}`,
  ]
}

function inWords(kept: Kept): string {
  if ('as' in kept) return `as long as ${kept.as}`
  if ('bound' in kept) return kept.bound
  const { setting, since, by } = kept
  const days = defaults()[setting]
  const time = days === null ? 'for ever by default' : `${days} days by default`
  return `\`retention.${setting}\` (${time}) since ${since}; ended ${by}`
}

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
