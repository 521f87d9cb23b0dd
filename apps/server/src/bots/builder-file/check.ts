import {
  type BotExport,
  type BotInteraction,
  type BotRule,
  MAX_PATTERN_CHARACTERS,
} from '@parley/contract'
import { MAX_QUICK_REPLIES, problemOfCard } from '#bots/builder-dialog'
import { checkMembers } from './check-members.ts'
import { codeOf, useOf } from './code-of.ts'
import { type BotCheck, count, fail, warn } from './findings.ts'
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
  MEMBER_VALUES,
  VARIABLE_SCOPES,
} from './what-runs.ts'

const PLATFORM_DEFAULT = 'platform.default'

/**
 * Looks through an export: dangling ids and names, what will not run, which hosts it calls.
 * @param accepted members that need not run: each is a warning
 */
export function checkBot(bot: BotExport, accepted: readonly string[] = []): BotCheck {
  const check: BotCheck = { warnings: [], failures: [], hosts: [], uses: {} }
  const interactions = switchesOf(bot)
  const filled = new Set(
    bot.conversationMessage.filter(({ id }) => interactions.get(id)).map(({ group }) => group),
  )
  const known: Known = { bot, interactions, dialogs: dialogsOf(bot), filled, check }
  checkHead(known)
  for (const interaction of bot.conversationMessage) checkInteraction(known, interaction)
  checkResponders(known)
  checkCode(known)
  checkMembers(check, bot, accepted)
  checkFallback(known)
  return check
}

function checkFallback({ bot, check, dialogs, filled }: Known): void {
  const all = bot.groups.filter(({ dialogType }) => dialogType === 'FALLBACK_DIALOG')
  const on = all.filter(({ id }) => dialogs.get(id))
  if (on.some(({ id }) => filled.has(id))) return
  warn(
    check,
    bot.bot.name,
    all.length === 0
      ? 'has no fallback dialog: a message that nothing matches is not answered'
      : on.length === 0
        ? 'has its fallback dialog switched off: a message that nothing matches is not answered'
        : 'has nothing in its fallback dialog: a message that nothing matches is not answered',
  )
}

/** Whether each is switched on, by its id. */
type Switches = ReadonlyMap<string, boolean>

interface Known {
  bot: BotExport
  interactions: Switches
  dialogs: Switches
  /** The dialogs that have an interaction which is switched on. */
  filled: ReadonlySet<string>
  check: BotCheck
}

function dialogsOf({ groups }: BotExport): Switches {
  return new Map(groups.map(({ id, status = 'ENABLED' }) => [id, status === 'ENABLED']))
}

function switchesOf(bot: BotExport): Switches {
  const dialogs = dialogsOf(bot)
  return new Map(
    bot.conversationMessage.map(({ group, id, status = 'ACTIVE' }) => [
      id,
      status === 'ACTIVE' && dialogs.get(group) !== false,
    ]),
  )
}

/** What is wrong with going to an id; nothing when it is there. */
function lackOf(id: string, ...lists: readonly Switches[]): string | undefined {
  const found = lists.map((list) => list.get(id)).find((isOn) => isOn !== undefined)
  if (found) return undefined
  return found === undefined ? 'is not there' : 'is switched off'
}

/** The same of a dialog, which must have something in it. */
function lackOfDialog({ dialogs, filled }: Known, id: string): string | undefined {
  return lackOf(id, dialogs) ?? (filled.has(id) ? undefined : 'has nothing in it')
}

/** Counts a use, and tells when it will not run. */
function use(known: Known, owner: string, kind: string, name: string, runs: readonly string[]) {
  count(known.check, kind, name)
  if (!runs.includes(name)) fail(known.check, owner, `${kind} "${name}" does not run`)
}

/** Tells when a member has another value than those that run. It may be absent. */
function useValue(
  { check }: Known,
  owner: string,
  kind: keyof typeof MEMBER_VALUES,
  value: string | undefined,
): void {
  const runs: readonly string[] = MEMBER_VALUES[kind]
  if (value && !runs.includes(value)) fail(check, owner, `${kind} "${value}" does not run`)
}

function checkHead(known: Known): void {
  const { bot, groups } = known.bot
  useValue(known, bot.name, 'bot version', bot.version)
  useValue(known, bot.name, 'bot type', bot.chatBotType)
  for (const { dialogType, name } of groups) useValue(known, name, 'dialog type', dialogType)
}

function checkInteraction(known: Known, interaction: BotInteraction): void {
  const { check, dialogs, interactions } = known
  const { content, group, interactionType, name, nextMessageId, pattern } = interaction
  use(known, name, 'interaction', interactionType, INTERACTION_TYPES)
  if (!dialogs.has(group)) warn(check, name, `belongs to a dialog "${group}" that is not there`)
  const lack = nextMessageId && lackOf(nextMessageId, interactions)
  if (lack) warn(check, name, `is followed by "${nextMessageId}", which ${lack}`)
  if (pattern.length > 0) count(check, 'starter', 'pattern')
  checkPatterns(known, name, pattern)
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
  useValue(known, name, 'message type', interaction.type)
  useValue(known, name, 'content type', content?.contentType)
  const tiles = content?.results?.tile?.tileData ?? []
  for (const { buttons, multipleChoice, universalWidget } of tiles) {
    const problem = problemOfCard(universalWidget?.leMessageJson)
    if (problem !== undefined) fail(check, name, `has a card that is not shown: ${problem}`)
    for (const { type = 'postback' } of buttons) use(known, name, 'button', type, BUTTON_TYPES)
    useValue(known, name, 'display of choices', multipleChoice?.displayChoice)
    useValue(known, name, 'style of choices', multipleChoice?.textStyle)
  }
  const replies = tiles.flatMap(({ quickReplyList }) => quickReplyList)
  for (const { type } of [...interaction.quickReplies, ...replies]) {
    useValue(known, name, 'quick reply', type)
  }
  const shown = interaction.quickReplies.length + (tiles[0]?.quickReplyList.length ?? 0)
  if (shown > MAX_QUICK_REPLIES) {
    warn(check, name, `has ${shown} quick replies: the first ${MAX_QUICK_REPLIES} are shown`)
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
  const { check, interactions } = known
  for (const { apiResultsMatch, matchType, patternMatch, regexMatch } of rule.conditions) {
    use(known, name, 'condition', matchType, MATCH_TYPES)
    useValue(known, name, 'API result', apiResultsMatch?.status)
    checkPatterns(known, name, patternMatch?.patterns ?? [])
    if (matchType === 'INTENT') {
      warn(check, name, 'has a rule for an intent: nothing recognises intents')
    }
    const problem = regexMatch?.regexText && problemOfExpression(regexMatch.regexText)
    if (problem) fail(check, name, `has an expression that is never found: ${problem}`)
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
    const lack = lackOfDialog(known, value)
    if (lack) warn(check, name, `goes to a dialog "${value}" that ${lack}`)
  } else if (action !== 'INTERACTION') use(known, name, 'action', action, [])
  else if ((ACTION_VALUES as readonly string[]).includes(value)) count(check, 'action', value)
  else {
    count(check, 'action', 'id')
    const lack = interactions.has(value) ? lackOf(value, interactions) : lackOfDialog(known, value)
    if (lack) warn(check, name, `goes to an interaction "${value}" that ${lack}`)
  }
}

function checkPatterns({ check }: Known, name: string, patterns: readonly string[]): void {
  if (patterns.some(({ length }) => length > MAX_PATTERN_CHARACTERS)) {
    fail(check, name, `has a pattern of more than ${MAX_PATTERN_CHARACTERS} characters`)
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
    const {
      headers,
      integrationType = 'API',
      lambdaUuid,
      method,
      name,
      postBody,
      webhook,
    } = responder
    useValue(known, name, 'method', method)
    use(known, name, 'integration', integrationType, INTEGRATION_TYPES)
    checkVariables(known, name, JSON.stringify([headers, postBody, webhook]))
    if (integrationType === 'FAAS') {
      if (!lambdaUuid) fail(check, name, 'names no function ("lambdaUuid")')
      continue
    }
    const host = hostOf(webhook ?? '')
    if (host === undefined)
      fail(check, name, `has no address that can be called: "${webhook ?? ''}"`)
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
    const { calls, declares, isHidden, problem, triggers } = useOf(source)
    if (isHidden) warn(check, owner, `hides calls of botContext in ${member}: they are not checked`)
    if (problem !== undefined) fail(check, owner, `has a mistake in ${member}: ${problem}`)
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
