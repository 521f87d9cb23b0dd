import type { Tables } from '#base/store'

/** What becomes of a table in an export: all rows of the account without some fields, or nothing, for the reason. */
export type TablePlan = { hidden: readonly string[] } | { leftOut: string }

const whole: TablePlan = { hidden: [] }

/**
 * Every table, by its camelCase name: a new one does not compile before it is here. `hidden` are fields by their names in the
 * database, with dots into JSON: sealed secrets, hashes of passwords, digests of keys and tokens.
 */
export const ACCOUNT_TABLES: Record<keyof Tables, TablePlan> = {
  account: whole,
  accountSettings: whole,
  accountUser: { hidden: ['password_hash'] },
  skill: whole,
  userSkill: whole,
  workCalendar: whole,
  oauthClient: { hidden: ['secret_digest', 'secret_box', 'old_secrets'] },
  apiKey: { hidden: ['secret_box', 'access_token', 'access_token_secret_box'] },
  signingKey: { hidden: ['private_box'] },
  tokenIssuer: whole,
  automaticMessage: whole,
  survey: whole,
  surveyRevision: whole,
  surveySkill: whole,
  botAgent: whole,
  botError: whole,
  builderBot: whole,
  builderBotRevision: whole,
  connector: { hidden: ['sealed_secret'] },
  function: whole,
  functionVersion: whole,
  deployment: whole,
  eventSlot: whole,
  secret: { hidden: ['box'] },
  allowedDomain: whole,
  blockedCall: whole,
  savedPayload: whole,
  schedule: whole,
  scheduleRun: whole,
  activity: whole,
  conversation: whole,
  message: whole,
  document: { hidden: ['state.tokenHash'] },
  file: whole,
  contextNamespace: whole,
  contextProperty: whole,
  keptMail: whole,
  invocation: { hidden: ['draws'] },
  invocationBundle: whole,
  recording: { hidden: ['draws'] },
  replayJob: whole,
  replayedRun: whole,
  invocationMinute: whole,
  figureMinute: whole,
  logEntry: whole,
  outbox: whole,
  timer: whole,
  deadLetter: whole,
  auditEntry: whole,

  contextKey: { leftOut: 'a digest and the sealed value of one key' },
  grantItem: { leftOut: 'digests and sealed values of log-ins that are under way' },
  invitation: { leftOut: 'hashes of what links hold that end by themselves' },
  loginSession: { leftOut: 'hashes of the tokens of sessions' },
  usedNonce: { leftOut: 'values of signatures that count once' },
  operatorEntry: { leftOut: 'what the operator did, which is not of the account' },
  node: { leftOut: 'of no account' },
  commitLane: { leftOut: 'of no account' },
  procedureUse: { leftOut: 'of no account' },
  installation: { leftOut: 'of no account' },
  installationKey: { leftOut: 'of no account' },
}
