import type {
  BotExport,
  BotInteraction,
  BotResponder,
  BotRule,
  BuilderStep,
  BuilderSteps,
} from '@parley/contract'
import { beginningOf } from '#base/input'
import { type BotCheck, checkBot } from '#bots/builder-file'

/** As much of a text as a table shows. */
const MAX_SHOWN = 300

/** What an export does, without code, headers and bodies, which may hold keys of services, and what of it will not run. */
export interface LookedThrough {
  dialogs: BuilderSteps['dialogs']
  check: Pick<BotCheck, 'failures' | 'hosts' | 'warnings'>
}

/** A large export keeps the server busy for half a second. */
export function lookThrough(bot: BotExport): LookedThrough {
  const { failures, hosts, warnings } = checkBot(bot)
  return { dialogs: dialogsOf(bot), check: { failures, hosts, warnings } }
}

function dialogsOf(bot: BotExport): BuilderSteps['dialogs'] {
  const names = new Map([
    ...bot.groups.map(({ id, name }) => [id, name] as const),
    ...bot.conversationMessage.map(({ id, name }) => [id, name] as const),
  ])
  const steps = Map.groupBy(bot.conversationMessage, ({ group }) => group)
  return bot.groups.map(({ id, name, dialogType, status = 'ENABLED' }) => ({
    id,
    name,
    isFallback: dialogType === 'FALLBACK_DIALOG',
    isOn: status === 'ENABLED',
    steps: (steps.get(id) ?? []).map((one) => stepOf(one, bot.responder, names)),
  }))
}

function stepOf(
  interaction: BotInteraction,
  responders: readonly BotResponder[],
  names: ReadonlyMap<string, string>,
): BuilderStep {
  const { id, name, interactionType, status = 'ACTIVE', pattern, responseMatches } = interaction
  const said = saidBy(interaction)
  const calls = callOf(interaction, responders)
  return {
    interactionId: id,
    name,
    kind: interactionType,
    isOn: status === 'ACTIVE',
    ...(said !== undefined && { says: cut(said) }),
    patterns: pattern.map(cut),
    ...(calls && { calls }),
    rules: responseMatches.map((rule) => ({
      when: conditionsOf(rule),
      to: nameOf(rule, interaction, names),
    })),
    hasCode: [
      interaction.preProcessMessage,
      interaction.postProcessMessage,
      interaction.processUserResponse,
    ].some((code) => code !== undefined && code.trim() !== ''),
  }
}

function saidBy({ content }: BotInteraction): string | undefined {
  const tiles = content?.results?.tile?.tileData ?? []
  return tiles.flatMap(({ text, title }) => text ?? title ?? []).find((text) => text !== '')
}

function callOf(
  { interactionType, content }: BotInteraction,
  responders: readonly BotResponder[],
): BuilderStep['calls'] {
  if (interactionType !== 'API_INTEGRATION') return undefined
  const { responderId, responderName } = content ?? {}
  const found = responders.find(({ id, name }) => id === responderId || name === responderName)
  const name = found?.name ?? responderName ?? responderId ?? ''
  if (!found) return { name }
  const { integrationType, lambdaUuid, webhook } = found
  if (integrationType === 'FAAS') return { name, ...(lambdaUuid && { functionId: lambdaUuid }) }
  const host = URL.parse(webhook ?? '')?.host
  return { name, ...(host !== undefined && { host: cut(host) }) }
}

function conditionsOf({ conditions, contextConditions }: BotRule) {
  return [
    ...conditions.map((one) => ({ kind: one.matchType, value: cut(valueOf(one)) })),
    ...contextConditions.map(({ contextName, matchType, value = '' }) => ({
      kind: matchType,
      value: cut(`${contextName}: ${value}`),
    })),
  ]
}

function valueOf(condition: BotRule['conditions'][number]): string {
  const { patternMatch, regexMatch, evaluateOptionMatch, apiResultsMatch, intentMatch } = condition
  return (
    regexMatch?.regexText ??
    evaluateOptionMatch?.value ??
    apiResultsMatch?.status ??
    intentMatch?.intentId ??
    (patternMatch?.patterns ?? []).join(', ')
  )
}

/** `next` is the name of what follows, where something does. */
function nameOf(
  { action }: BotRule,
  { nextMessageId = '' }: BotInteraction,
  names: ReadonlyMap<string, string>,
): string {
  const value = action?.value ?? 'next'
  if (value === 'next') return names.get(nextMessageId) ?? value
  return names.get(value) ?? cut(value)
}

function cut(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${beginningOf(text, MAX_SHOWN)}…`
}
