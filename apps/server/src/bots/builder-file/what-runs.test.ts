import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  ACTION_VALUES,
  CALLS,
  checkBot,
  CONTEXT_MATCH_TYPES,
  EMPTY_CALLS,
  HOOKS,
  INTEGRATION_TYPES,
  INTERACTION_TYPES,
  MATCH_TYPES,
  MEMBER_VALUES,
  readExport,
  VARIABLE_SCOPES,
} from './index.ts'
import { INERT_MEMBERS } from './inert-members.ts'

/** Every row of `spec/conversation-builder.md`, written by hand after it: never read from the code. */
const SPEC = {
  interaction: `DIALOG_STARTER TEXT TEXT_QUESTION MULTIPLE_CHOICE_QUESTION QUICK_REPLY BUTTON STRUCTURED IMAGE UNIVERSAL
    API_INTEGRATION ESCALATION`,
  condition: 'PATTERN REGEX EVAL_OPTION API_RESULT NO_MATCH INTENT',
  'context condition': 'CONTAINS NOT_CONTAINS EQUALS',
  action: 'next none close_dialog close_conversation',
  scope: 'REQUEST DIALOG SESSION FOREVER',
  integration: 'API FAAS',
  hook: '__initConversation __agentEscalation',
  code: 'globalFunctions preProcessMessage postProcessMessage processUserResponse transformResultsScript',
  starter: 'pattern intent',
  variable: 'name botContext botContext.slot userMessage location field',
  button: 'web_url postback',
  'context match': 'ANY ALL',
  call: `setBotVariable getBotVariable printDebugMessage setTriggerNextMessage getCurrentUserMessage getLPEngagementAttribute
    setContextDataForConversation getContextDataForConversation logCustomEvent getLPCustomerInfo sendMessage getConversationId
    getDialogStarterIntent getWebViewVariable getEnvVariable sendMessages setMessageDelay getLPAccountId getUserPlatformId
    getUserChannel registerContextNamespace setGlobalContextData evaluateOptions getUserLocation sendImmediateReply
    sendMessageWithQuickReplies addQuickReples getQuickReplyPayload getChannel setUserName getUserName setEmail getEmail
    getLPUserPersonalInfo logEscalationEvent getNamedEntities getSentiment getNlpResponse getDisambiguatedIntentName
    getDisambiguatedIntentId isApiExecutionSuccessful askMaven`,
}
/** There is no service behind these: they answer `null`. */
const WITHOUT_SERVICE = `askMaven getFileCaption getFileType getNamedEntities getNlpResponse getSentiment getWebViewVariable
  getWebViewVariables setBotTransferIntentId setBotTransferIntentbyDomain setBotTransferUserMessage`

const REPOSITORY = join(import.meta.dirname, '../../../../..')
const words = (text: string) => text.split(/\s+/)
const rows = Object.entries(SPEC).flatMap(([kind, names]) =>
  words(names).map((name): [kind: string, name: string] => [kind, name]),
)
const checks = ['pizza', 'city-guide', 'help-desk'].map((name) => {
  const file = join(REPOSITORY, 'e2e/builder-bots', `${name}.json`)
  return checkBot(readExport(readFileSync(file, 'utf8')).bot)
})

test.each(rows)('%s %s is used by one of the bots of this repository, and runs', (kind, name) => {
  expect(checks.some(({ uses }) => (uses[kind]?.[name] ?? 0) > 0)).toBe(true)
  expect(checks.flatMap(({ failures }) => failures)).toEqual([])
})

test('what runs is what the specification has, and calls of the same kind', () => {
  expect(INTERACTION_TYPES.toSorted()).toEqual(words(SPEC.interaction).toSorted())
  expect(MATCH_TYPES.toSorted()).toEqual(words(SPEC.condition).toSorted())
  expect(CONTEXT_MATCH_TYPES).toEqual(expect.arrayContaining(words(SPEC['context condition'])))
  expect(ACTION_VALUES.toSorted()).toEqual(words(SPEC.action).toSorted())
  expect(VARIABLE_SCOPES.toSorted()).toEqual(words(SPEC.scope).toSorted())
  expect(INTEGRATION_TYPES.toSorted()).toEqual(words(SPEC.integration).toSorted())
  expect(HOOKS.toSorted()).toEqual(words(SPEC.hook).toSorted())
  expect(EMPTY_CALLS.toSorted()).toEqual(words(WITHOUT_SERVICE).toSorted())
  expect([...CALLS, ...EMPTY_CALLS]).toEqual(expect.arrayContaining(words(SPEC.call)))
})

test('the table of the documentation says of each interaction, rule, scope, call and member whether it runs', () => {
  const text = readFileSync(join(REPOSITORY, 'docs/conversation-builder.md'), 'utf8')
  const table = [...text.matchAll(/^\| (.+?) +\| (yes|no) +\|/gm)]
  const rowOf = (isIn: (cell: string) => boolean) => table.find(([, cell = '']) => isIn(cell))
  const runs = (name: string) =>
    (
      rowOf((cell) => cell.includes(`\`${name}\``)) ??
      rowOf((cell) => cell.split(/[^\w]+/).includes(name))
    )?.[2] ?? 'has no row'
  const said = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, runs(name)]))
  const all = (names: readonly string[], answer: string) =>
    Object.fromEntries(names.map((name) => [name, answer]))

  const running = [
    ...INTERACTION_TYPES,
    ...MATCH_TYPES,
    ...CONTEXT_MATCH_TYPES,
    ...ACTION_VALUES,
    ...VARIABLE_SCOPES,
    ...INTEGRATION_TYPES,
    ...HOOKS,
    ...CALLS,
    ...EMPTY_CALLS,
    ...Object.values(MEMBER_VALUES).flat(),
  ]
  expect(said(running)).toEqual(all(running, 'yes'))
  const notRead = ['changeResponse', 'cancelResponse', ...Object.values(INERT_MEMBERS).flat()]
  expect(said(notRead)).toEqual(all(notRead, 'no'))
})

test('a file of thousands of members that nothing reads is told of with a thousand lines', () => {
  const more = Object.fromEntries(Array.from({ length: 5_000 }, (_none, index) => [`m${index}`, 1]))
  const file = { bot: { id: 'b', name: 'B' }, groups: [], conversationMessage: [], ...more }

  const { failures } = checkBot(readExport(JSON.stringify(file)).bot)

  expect(failures).toHaveLength(1_001)
  expect(failures.at(-1)?.what).toBe('has more than 1000 members that do not run')
})
