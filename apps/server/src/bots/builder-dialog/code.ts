import type { CodeCall, CodeEffect, KnownToCode, ContextPlace } from './outside.ts'
import { MAX_NAME_CHARACTERS } from './limits.ts'
import { readFields } from './read-path.ts'
import { note, offer, quickReplyOf, say, shownReplies, type Turn } from './turn.ts'
import { allVariables, setVariable } from './variables.ts'

/** How often one piece of code runs again because it asked for data of the context store. */
const MAX_RUNS = 8

/** Runs code of the bot and does what it asked for. What it throws is noted, and the bot goes on. */
export async function runCode(turn: Turn, run: CodeCall['run'] | undefined): Promise<void> {
  const { bot, outside } = turn
  if (!run || ('script' in run && run.script.trim() === '')) return
  if ('hook' in run && !bot.globalFunctions.includes(run.hook)) return
  const context: KnownToCode['context'] = []
  for (let runs = 1; ; runs += 1) {
    const { globalFunctions } = bot
    const answer = await outside.runCode({
      globalFunctions,
      run,
      known: knownOf(turn, context),
    })
    if ('failed' in answer) return note(turn, `${nameOf(run)}: ${answer.failed}`)
    const missing = answer.needs.filter((place) => !context.some((known) => isSame(known, place)))
    if (missing.length > 0 && runs < MAX_RUNS) {
      // Code reads without waiting: it runs again from its beginning, with the data.
      for (const place of missing) {
        context.push({ ...place, values: (await outside.readContext(place)) ?? null })
      }
      continue
    }
    if (missing.length > 0) note(turn, `${nameOf(run)}: asks for too many namespaces`)
    for (const effect of answer.effects) await apply(turn, effect)
    if (answer.error !== undefined) note(turn, `${nameOf(run)}: ${answer.error}`)
    return
  }
}

function nameOf(run: CodeCall['run']): string {
  return 'hook' in run ? run.hook : 'Code'
}

function isSame(a: ContextPlace, b: ContextPlace): boolean {
  return a.scope === b.scope && a.namespace === b.namespace
}

function knownOf(turn: Turn, context: KnownToCode['context']): KnownToCode {
  const { bot, facts, line, state } = turn
  const intent = line.intent === undefined ? undefined : bot.intentId(line.intent)
  return {
    facts,
    message: line.text,
    payload: line.payload ?? null,
    variables: { ...readFields(turn), ...allVariables(turn) },
    starterIntent: state.starterIntent ?? null,
    intent: intent === undefined ? null : { id: intent, name: bot.intentName(intent) },
    apiSucceeded: state.apiSucceeded ?? null,
    apiStatus: state.apiStatus ?? null,
    metadata: line.metadata ?? [],
    context,
  }
}

async function apply(turn: Turn, effect: CodeEffect): Promise<void> {
  switch (effect.do) {
    case 'setVariable': {
      const { forever, name, session, value } = effect
      setVariable(turn, name, value, forever ? 'FOREVER' : session ? 'SESSION' : 'REQUEST')
      return
    }
    case 'say': {
      const quickReplies = shownReplies(turn, effect.quickReplies.map(quickReplyOf))
      offer(turn, quickReplies)
      const offers = quickReplies.length > 0 ? { quickReplies } : {}
      return say(turn, { kind: 'text', text: effect.text, ...offers })
    }
    case 'stop':
      turn.stopped = true
      return
    case 'trigger':
      turn.trigger = effect.name
      return
    case 'delay':
      return say(turn, { kind: 'delay', ms: effect.ms })
    case 'quickReplies':
      turn.added.push(...effect.quickReplies)
      return
    case 'debug':
      return note(turn, `Says: ${effect.text.slice(0, 1_000)}`)
    case 'event':
      return note(turn, `Event ${effect.name}: ${effect.text.slice(0, 1_000)}`)
    case 'option':
      turn.option = effect.title?.slice(0, MAX_NAME_CHARACTERS)
      return
    case 'register':
    case 'unregister':
    case 'setContext':
    case 'deleteContext': {
      const failure = await turn.outside.changeContext(effect)
      if (failure) note(turn, `The context store: ${failure.failed}`)
    }
  }
}
