import type { BotInteraction, BotRule } from '@parley/contract'
import { storable } from '#base/input'
import type { BuilderBot } from './bot.ts'
import { chooseRule, fallbackOf, isIntent, matchesAny } from './choose-rule.ts'
import { pickChoice } from './choices.ts'
import { runCode } from './code.ts'
import { show } from './content.ts'
import { runIntegration } from './integration.ts'
import { MAX_FILLED_CHARACTERS, MAX_SLOTS, MAX_STEPS, MAX_STEPS_CHARACTERS } from './limits.ts'
import type { ConversationFacts, Outside } from './outside.ts'
import { lettersOf } from './pattern.ts'
import { plain } from './plain.ts'
import { replaceVariables } from './replace-variables.ts'
import type { DialogState } from './state.ts'
import { summaryOf } from './summary.ts'
import { type Line, note, type Note, type Output, say, type Turn } from './turn.ts'

/** What one message of the consumer has led to. */
export interface TurnResult {
  state: DialogState
  outputs: Output[]
  notes: Note[]
}

/** Where a turn goes next: to an interaction, to the starters, or nowhere. */
type Next = BotInteraction | 'starters' | 'stay' | 'over'

const PLATFORM_DEFAULT = 'platform.default'
const MATCHING_EFFORT = 1_000_000
const INIT = '__initConversation'
const ESCALATE = '__agentEscalation'

/**
 * Takes one message of the consumer through the dialogs of a bot, up to the next question (`spec/conversation-builder.md`). The given state
 * stays as it is: whoever takes the turn commits the new one together with what the outputs ask for, or takes the turn again.
 */
export async function takeTurn(
  { bot, facts, outside }: { bot: BuilderBot; facts: ConversationFacts; outside: Outside },
  before: DialogState,
  line: Line,
): Promise<TurnResult> {
  const state = structuredClone(before)
  const payload = line.payload ?? payloadOf(state, line)
  state.offered = []
  const turn: Turn = {
    bot,
    facts,
    outside,
    line: { ...line, payload },
    said: [line.text, ...(payload === undefined ? [] : [payload])].map(lettersOf),
    state,
    values: new Map(),
    outputs: [],
    notes: [],
    effort: { left: MATCHING_EFFORT },
    filling: MAX_FILLED_CHARACTERS,
    read: new Map(),
    at: bot.name,
    option: undefined,
    trigger: undefined,
    stopped: false,
    added: [],
  }
  await walk(turn, await begin(turn))
  // Texts are cut, and answers of services may hold anything: what is kept must be storable.
  return storable({ state, outputs: turn.outputs, notes: turn.notes })
}

/** The payload of the button or quick reply with this title. */
function payloadOf({ offered }: DialogState, { text }: Line): string | undefined {
  const said = plain(text)
  return offered.findLast(({ title }) => plain(title) === said)?.payload
}

async function begin(turn: Turn): Promise<Next> {
  const { bot, state } = turn
  if (!state.started) {
    state.started = true
    await runCode(turn, { hook: INIT })
    const triggered = takeTrigger(turn)
    if (turn.stopped) return 'stay'
    if (triggered) return triggered
  }
  const waiting = state.waiting === undefined ? undefined : bot.interactions.get(state.waiting)
  return waiting ? answer(turn, waiting) : 'starters'
}

/** The consumer has answered the question that waited. */
async function answer(turn: Turn, question: BotInteraction): Promise<Next> {
  const { state } = turn
  turn.at = question.name
  const [tile] = question.content?.results?.tile?.tileData ?? []
  if (tile?.multipleChoice) turn.option = pickChoice(turn, tile)
  keepAnswer(turn, question)
  await runCode(turn, scriptOf(question.processUserResponse))
  const triggered = takeTrigger(turn, state.trigger)
  delete state.trigger
  if (turn.stopped) return 'stay'
  if (triggered) return triggered
  const { responseMatches } = question
  if (responseMatches.length === 0) return follow(turn, question, undefined)
  const rule = await chooseRule(turn, responseMatches)
  if (!rule) return startersOf(turn).length > 0 ? 'starters' : (turn.bot.fallback ?? stuck(turn))
  const fallback = fallbackOf(rule)
  if (fallback !== '') say(turn, { kind: 'text', text: replaceVariables(turn, fallback) })
  return follow(turn, question, rule)
}

const MAX_SLOT_CHARACTERS = 1_000

/** What was picked, or said, under the name of its question. */
function keepAnswer({ line, option, state: { slots } }: Turn, { name }: BotInteraction): void {
  const names = Object.keys(slots)
  if (names.length >= MAX_SLOTS && !names.includes(name)) delete slots[names[0] ?? '']
  Object.defineProperty(slots, name, {
    value: (option ?? line.text).slice(0, MAX_SLOT_CHARACTERS),
    enumerable: true,
    writable: true,
    configurable: true,
  })
}

function stuck(turn: Turn): 'stay' {
  note(turn, 'Nothing matches the message, and there is no fallback dialog')
  return 'stay'
}

/** Goes from one interaction to the next until one waits, or nothing follows. */
async function walk(turn: Turn, first: Next): Promise<void> {
  let next = first
  const begun = new Set<BotInteraction>()
  let characters = 0
  for (let steps = 0; next !== 'over' && next !== 'stay'; steps += 1) {
    if (steps === MAX_STEPS) {
      note(turn, `Stopped after ${MAX_STEPS} interactions without a question`)
      return endDialog(turn)
    }
    if (next !== 'starters') {
      characters += turn.bot.charactersOf(next)
      if (characters > MAX_STEPS_CHARACTERS) {
        note(turn, `Stopped after interactions of ${MAX_STEPS_CHARACTERS} characters in one turn`)
        return endDialog(turn)
      }
      next = await visit(turn, next)
      continue
    }
    const start = startAnew(turn)
    if (start === 'stay') return
    if (begun.has(start)) {
      note(turn, `The message leads to "${start.name}" again: the dialog ends here`)
      return endDialog(turn)
    }
    begun.add(start)
    next = start
  }
}

/** Where the line leads by itself: a starter by pattern, then by intent, then the fallback dialog. */
function startAnew(turn: Turn): BotInteraction | 'stay' {
  const [starter] = startersOf(turn)
  if (starter) {
    delete turn.state.starterIntent
    if (starter.intentId !== undefined && isIntent(turn, starter.intentId)) {
      turn.state.starterIntent = turn.bot.intentName(starter.intentId)
    }
    return starter
  }
  return turn.bot.fallback ?? stuck(turn)
}

function startersOf(turn: Turn): BotInteraction[] {
  const { starters } = turn.bot
  const byPattern = starters.find(({ pattern }) => matchesAny(turn, pattern))
  if (byPattern) return [byPattern]
  return starters.filter(({ intentId }) => intentId !== undefined && isIntent(turn, intentId))
}

async function visit(turn: Turn, interaction: BotInteraction): Promise<Next> {
  const { state } = turn
  turn.at = interaction.name
  enter(turn, interaction)
  const before = turn.outputs.length
  await runCode(turn, scriptOf(interaction.preProcessMessage))
  const isDelayed = turn.outputs.slice(before).some(({ kind }) => kind === 'delay')
  const replaced = takeTrigger(turn)
  if (turn.stopped) return 'stay'
  if (replaced) return replaced
  const delayMs = Number(interaction.interactionDelay)
  // A pause that the code asks for stands for that of the interaction.
  if (delayMs > 0 && !isDelayed) say(turn, { kind: 'delay', ms: delayMs })
  const decided = await perform(turn, interaction)
  await runCode(turn, scriptOf(interaction.postProcessMessage))
  if (turn.stopped) return 'stay'
  if (interaction.interactionType === 'ESCALATION') return escalate(turn, interaction)
  if (waits(interaction)) {
    state.waiting = interaction.id
    if (turn.trigger !== undefined) state.trigger = turn.trigger
    return 'over'
  }
  const triggered = takeTrigger(turn)
  if (triggered) return triggered
  const rule = await chooseRule(turn, interaction.responseMatches, decided)
  return follow(turn, interaction, rule)
}

/** What an interaction does before its rules are asked. */
async function perform(turn: Turn, interaction: BotInteraction) {
  switch (interaction.interactionType) {
    case 'DIALOG_STARTER':
      return {}
    case 'API_INTEGRATION':
      return { apiStatus: await runIntegration(turn, interaction) }
    case 'TEXT':
    case 'TEXT_QUESTION':
    case 'MULTIPLE_CHOICE_QUESTION':
    case 'QUICK_REPLY':
    case 'BUTTON':
    case 'STRUCTURED':
    case 'IMAGE':
    case 'UNIVERSAL':
    case 'ESCALATION':
      show(turn, interaction)
      return {}
    default:
      note(turn, `An interaction "${interaction.interactionType}" does not run: it is passed over`)
      return {}
  }
}

function waits({ interactionType, responseMatches, userInputRequired }: BotInteraction): boolean {
  switch (interactionType) {
    case 'TEXT_QUESTION':
    case 'MULTIPLE_CHOICE_QUESTION':
    case 'QUICK_REPLY':
      return true
    case 'BUTTON':
      return responseMatches.some(({ conditions }) => conditions.length > 0)
    case 'UNIVERSAL':
      return userInputRequired === true
    default:
      return false
  }
}

/** The dialog's variables end with it; a question that waited does not wait any more. */
function enter(turn: Turn, { group }: BotInteraction): void {
  const { state } = turn
  delete state.waiting
  delete state.trigger
  if (state.dialogId === group) return
  if (state.dialogId !== undefined) endDialog(turn)
  state.dialogId = group
}

function endDialog({ state, values }: Turn): void {
  for (const name of Object.keys(state.variables.dialog)) values.delete(name)
  state.variables.dialog = {}
  delete state.dialogId
  delete state.waiting
}

function follow(turn: Turn, from: BotInteraction, rule: BotRule | undefined): Next {
  const { name = 'INTERACTION', value = 'next' } = rule?.action ?? {}
  if (name === 'DIALOG') return turn.bot.firstOf(value) ?? dangling(turn, `dialog "${value}"`)
  if (name !== 'INTERACTION') return dangling(turn, `action "${name}"`)
  switch (value) {
    case 'next': {
      const { nextMessageId } = from
      if (!nextMessageId) return over(turn)
      return turn.bot.interactions.get(nextMessageId) ?? dangling(turn, `id "${nextMessageId}"`)
    }
    case 'none':
      return 'over'
    case 'close_dialog':
      return over(turn)
    case 'close_conversation':
      say(turn, { kind: 'close' })
      turn.state.ended = true
      return over(turn)
    default:
      return (
        turn.bot.interactions.get(value) ??
        turn.bot.firstOf(value) ??
        dangling(turn, `interaction "${value}"`)
      )
  }
}

function over(turn: Turn): 'over' {
  endDialog(turn)
  return 'over'
}

function dangling(turn: Turn, what: string): 'over' {
  note(turn, `There is no ${what}: the dialog ends here`)
  return over(turn)
}

async function escalate(turn: Turn, interaction: BotInteraction): Promise<Next> {
  await runCode(turn, { hook: ESCALATE })
  const [tile] = interaction.content?.results?.tile?.tileData ?? []
  const skill = tile?.escalation?.agentSkillId
  const skillId = skill === undefined ? undefined : replaceVariables(turn, String(skill)).trim()
  say(turn, { kind: 'private', text: summaryOf(turn, interaction) })
  say(turn, { kind: 'transfer', skillId: skillId || undefined })
  turn.state.ended = true
  return over(turn)
}

/** What code has set to come next; an unknown name is noted and ignored. */
function takeTrigger(turn: Turn, kept?: string): Next | undefined {
  const name = turn.trigger ?? kept
  turn.trigger = undefined
  if (name === undefined) return undefined
  if (name === PLATFORM_DEFAULT) return 'starters'
  const found = turn.bot.named(name, turn.state.dialogId)
  if (!found) note(turn, `There is no interaction "${name}" to go to`)
  return found
}

function scriptOf(script: string | undefined): { script: string } | undefined {
  return script ? { script } : undefined
}
