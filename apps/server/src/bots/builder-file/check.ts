import type { BotExport, BotInteraction, BotRule, BotWarning } from '@parley/contract'
import { z } from 'zod'
import { codeOf, useOf } from './code-of.ts'
import {
  ACTION_VALUES,
  BUTTON_TYPES,
  CALLS,
  CONTEXT_MATCH_TYPES,
  CONTEXT_MATCHES,
  EMPTY_CALLS,
  INTEGRATION_TYPES,
  INTERACTION_TYPES,
  MATCH_TYPES,
  VARIABLE_SCOPES,
} from './what-runs.ts'

/** What a bot uses, needs and misses. */
export interface BotCheck {
  /** What is not there, or answers nothing: the bot runs all the same. */
  warnings: BotWarning[]
  /** What Parley does not run. */
  failures: BotWarning[]
  /** Hosts of its HTTP integrations, each once. A host that holds variables is told as it is written. */
  hosts: string[]
  /** How often each thing is used, by its kind and name. */
  uses: Record<string, Record<string, number>>
}

const PLATFORM_DEFAULT = 'platform.default'

/** Looks through an export: dangling ids and names, what will not run, which hosts it calls. */
export function checkBot(bot: BotExport): BotCheck {
  const check: BotCheck = { warnings: [], failures: [], hosts: [], uses: {} }
  const ids = new Set(bot.conversationMessage.map(({ id }) => id))
  const dialogs = new Set(bot.groups.map(({ id }) => id))
  const known: Known = { bot, ids, dialogs, check }
  for (const interaction of bot.conversationMessage) checkInteraction(known, interaction)
  checkResponders(known)
  checkCode(known)
  if (!bot.groups.some(({ dialogType }) => dialogType === 'FALLBACK_DIALOG')) {
    warn(
      check,
      bot.bot.name,
      'has no fallback dialog: a message that nothing matches is not answered',
    )
  }
  return check
}

interface Known {
  bot: BotExport
  ids: ReadonlySet<string>
  dialogs: ReadonlySet<string>
  check: BotCheck
}

function warn(check: BotCheck, interaction: string, what: string): void {
  check.warnings.push({ interaction, what })
}

function count(check: BotCheck, kind: string, name: string): void {
  const names = (check.uses[kind] ??= Object.create(null) as Record<string, number>)
  names[name] = (names[name] ?? 0) + 1
}

/** Counts a use, and tells when it will not run. */
function use(known: Known, owner: string, kind: string, name: string, runs: readonly string[]) {
  count(known.check, kind, name)
  if (runs.includes(name)) return
  known.check.failures.push({ interaction: owner, what: `${kind} "${name}" does not run` })
}

function checkInteraction(known: Known, interaction: BotInteraction): void {
  const { bot, check, dialogs, ids } = known
  const { content, group, interactionType, name, nextMessageId, pattern } = interaction
  use(known, name, 'interaction', interactionType, INTERACTION_TYPES)
  if (!dialogs.has(group)) warn(check, name, `belongs to a dialog "${group}" that is not there`)
  if (nextMessageId && !ids.has(nextMessageId)) {
    warn(check, name, `is followed by "${nextMessageId}", which is not there`)
  }
  if (pattern.length > 0) count(check, 'starter', 'pattern')
  if (interaction.intentId !== undefined) {
    count(check, 'starter', 'intent')
    warn(
      check,
      name,
      'waits for an intent: nothing recognises intents, so only its patterns start it',
    )
  }
  if (interactionType === 'API_INTEGRATION') checkResponderOf(known, interaction)
  const escalation = content?.results?.tile?.tileData[0]?.escalation
  if (escalation) {
    const skill = escalation.agentSkillId ?? ''
    warn(
      check,
      name,
      `hands over to the skill "${skill}": without an entry in the skill map it is the default skill`,
    )
  }
  for (const rule of interaction.responseMatches) checkRule(known, interaction, rule)
  checkTexts(known, interaction)
  checkSwitches(known, interaction)
  for (const { buttons } of content?.results?.tile?.tileData ?? []) {
    for (const { type = 'postback' } of buttons) use(known, name, 'button', type, BUTTON_TYPES)
  }
  if (bot.bot.version !== undefined && bot.bot.version !== '2') {
    count(check, 'version', bot.bot.version)
  }
}

function checkResponderOf({ bot, check }: Known, { content, name }: BotInteraction): void {
  const { responderId, responderName } = content ?? {}
  const isThere = bot.responder.some(
    (responder) => responder.id === responderId || responder.name === responderName,
  )
  if (!isThere)
    warn(
      check,
      name,
      `calls an integration "${responderName ?? responderId ?? ''}" that is not there`,
    )
}

function checkRule(known: Known, { name }: BotInteraction, rule: BotRule): void {
  const { check, dialogs, ids } = known
  for (const { matchType, regexMatch } of rule.conditions) {
    use(known, name, 'condition', matchType, MATCH_TYPES)
    if (matchType === 'INTENT') {
      warn(check, name, 'has a rule for an intent: nothing recognises intents')
    }
    const problem = regexMatch?.regexText && problemOfExpression(regexMatch.regexText)
    if (problem) warn(check, name, `has an expression that is never found: ${problem}`)
  }
  for (const { matchType } of rule.contextConditions) {
    use(known, name, 'context condition', matchType, CONTEXT_MATCH_TYPES)
  }
  if (rule.contextConditions.length > 0) {
    use(known, name, 'context match', rule.contextMatchConditionType ?? 'ALL', CONTEXT_MATCHES)
  }
  for (const { scope = 'SESSION' } of rule.contextDataVariables) {
    use(known, name, 'scope', scope, VARIABLE_SCOPES)
  }
  const { name: action = 'INTERACTION', value = 'next' } = rule.action ?? {}
  if (action === 'DIALOG') {
    count(check, 'action', 'DIALOG id')
    if (!dialogs.has(value)) warn(check, name, `goes to a dialog "${value}" that is not there`)
  } else if (action !== 'INTERACTION') use(known, name, 'action', action, [])
  else if ((ACTION_VALUES as readonly string[]).includes(value)) count(check, 'action', value)
  else {
    count(check, 'action', 'id')
    if (!ids.has(value) && !dialogs.has(value)) {
      warn(check, name, `goes to an interaction "${value}" that is not there`)
    }
  }
}

function problemOfExpression(text: string): string | undefined {
  try {
    new RegExp(text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Members that ask for a behaviour only when they are switched on. */
const SWITCHES = ['changeResponse', 'cancelResponse'] as const
const Switch = z.looseObject({ enabled: z.literal(true) })

function checkSwitches(known: Known, interaction: BotInteraction): void {
  for (const member of SWITCHES) {
    const isOn = Switch.safeParse(interaction[member]).success
    if (isOn) use(known, interaction.name, 'member', member, [])
  }
}

const PLACE = /\{([^{}"\\\n]{1,200})\}/g
const NAME = /^[\p{L}_][\p{L}\p{N}_-]*$/u
const FIELD = /^[\p{L}_][\p{L}\p{N}_ -]*\.[\p{L}\p{N}_.-]+$/u

/** The variables of everything that an interaction shows or compares with. */
function checkTexts(
  known: Known,
  { content, name, quickReplies, responseMatches }: BotInteraction,
) {
  checkVariables(known, name, JSON.stringify([content, quickReplies, responseMatches]))
}

/** @param text JSON, whose own brackets are followed by quotes */
function checkVariables({ check }: Known, owner: string, text: string): void {
  for (const [, place = ''] of text.matchAll(PLACE)) {
    const kind = kindOf(place)
    if (kind !== undefined) count(check, 'variable', kind)
    else if (/^\$[a-z]/i.test(place)) {
      warn(check, owner, `names a variable "{${place}}" that is never set`)
    }
  }
}

function kindOf(place: string): string | undefined {
  if (place.startsWith('$botContext.slot.')) return 'botContext.slot'
  if (place.startsWith('$botContext.')) return 'botContext'
  if (place === '$userMessage') return 'userMessage'
  if (/^\$location\.(city|state|zip|lat|lng|latlng)$/.test(place)) return 'location'
  if (NAME.test(place)) return 'name'
  return FIELD.test(place) ? 'field' : undefined
}

function checkResponders(known: Known): void {
  const { bot, check } = known
  const hosts = new Set<string>()
  for (const responder of bot.responder) {
    const { headers, integrationType = 'API', lambdaUuid, name, postBody, webhook } = responder
    use(known, name, 'integration', integrationType, INTEGRATION_TYPES)
    checkVariables(known, name, JSON.stringify([headers, postBody, webhook]))
    if (integrationType === 'FAAS') {
      if (!lambdaUuid) warn(check, name, 'names no function ("lambdaUuid")')
      continue
    }
    const host = hostOf(webhook ?? '')
    if (host === undefined)
      warn(check, name, `has no address that can be called: "${webhook ?? ''}"`)
    else hosts.add(host)
  }
  check.hosts = [...hosts].toSorted()
}

/** The host of an address; one that is put together from variables stays as it is written. */
function hostOf(address: string): string | undefined {
  const [, host] = /^https?:\/\/([^/?#\s]+)/i.exec(address) ?? []
  if (host?.includes('{')) return host
  if (host !== undefined) return URL.parse(address)?.hostname
  return address.startsWith('{') ? address.split('/')[0] : undefined
}

function checkCode(known: Known): void {
  const { bot, check } = known
  const names = new Set(bot.conversationMessage.map(({ name }) => name))
  for (const { member, owner, source } of codeOf(bot)) {
    count(check, 'code', member)
    const { calls, declares, problem, triggers } = useOf(source)
    if (problem !== undefined) warn(check, owner, `has a mistake in ${member}: ${problem}`)
    for (const hook of declares) if (hook.startsWith('__')) count(check, 'hook', hook)
    for (const call of calls) {
      if ((EMPTY_CALLS as readonly string[]).includes(call)) {
        count(check, 'call', call)
        warn(
          check,
          owner,
          `calls ${call} in ${member}: it answers null, there is no service behind it`,
        )
      } else use(known, owner, 'call', call, CALLS)
    }
    for (const trigger of triggers) {
      if (names.has(trigger) || trigger === PLATFORM_DEFAULT) continue
      warn(check, owner, `goes to "${trigger}" in ${member}, and no interaction has that name`)
    }
  }
}
