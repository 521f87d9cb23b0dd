import type { BotCondition, BotContextCondition, BotRule } from '@parley/contract'
import { messageOf } from '#base/kernel'
import { compilePattern, type Pattern } from './pattern.ts'
import { hasWords, plain } from './plain.ts'
import { readOrReplace, replaceVariables } from './replace-variables.ts'
import { note, type Turn } from './turn.ts'
import { readVariable, setVariable, textOf, type VariableScope } from './variables.ts'

const NO_MATCH = 'NO_MATCH'

/** What rules decide about: the result of an integration, or the consumer's message. */
export interface Decided {
  apiStatus?: 'SUCCESS' | 'FAILED'
}

/** The first rule that holds; then the one for `NO_MATCH`. Its variables are set. */
export async function chooseRule(
  turn: Turn,
  rules: readonly BotRule[],
  decided: Decided = {},
): Promise<BotRule | undefined> {
  const isNoMatch = ({ conditions }: BotRule) =>
    conditions.some(({ matchType }) => matchType === NO_MATCH)
  for (const rule of rules) {
    if (!isNoMatch(rule) && (await holds(turn, rule, decided))) return take(turn, rule)
  }
  for (const rule of rules) {
    if (isNoMatch(rule) && contextHolds(turn, rule)) return take(turn, rule)
  }
  return undefined
}

/** What is said when nothing else matched. */
export function fallbackOf({ conditions }: BotRule): string {
  return conditions.find(({ matchType }) => matchType === NO_MATCH)?.noMatch?.fallbackMessage ?? ''
}

function take(turn: Turn, rule: BotRule): BotRule {
  for (const { name, scope = 'SESSION', value = '' } of rule.contextDataVariables) {
    setVariable(turn, name, replaceVariables(turn, value), scopeOf(turn, scope))
  }
  return rule
}

function scopeOf(turn: Turn, scope: string): VariableScope {
  switch (scope) {
    case 'REQUEST':
    case 'DIALOG':
    case 'SESSION':
    case 'FOREVER':
      return scope
    default:
      note(turn, `There is no scope "${scope}": the variable lives as long as the conversation`)
      return 'SESSION'
  }
}

async function holds(turn: Turn, rule: BotRule, decided: Decided): Promise<boolean> {
  for (const condition of rule.conditions) {
    if (!spend(turn, CONDITION_COSTS)) return false
    if (!(await conditionHolds(turn, condition, decided))) return false
  }
  return contextHolds(turn, rule)
}

/** In steps of patterns, which are the measure: one look at a condition, and one at so many characters of a text. */
const CONDITION_COSTS = 10
const CHARACTERS_OF_A_STEP = 10

/** False when all that a turn may compare is compared: nothing holds any more. */
function spend(turn: Turn, steps: number): boolean {
  turn.effort.left -= steps
  if (turn.effort.left >= 0) return true
  note(turn, 'The patterns take too long for this message')
  return false
}

function spendOnTexts(turn: Turn, ...texts: readonly string[]): boolean {
  const characters = texts.reduce((sum, { length }) => sum + length, 0)
  return spend(turn, CONDITION_COSTS + characters / CHARACTERS_OF_A_STEP)
}

async function conditionHolds(
  turn: Turn,
  condition: BotCondition,
  { apiStatus }: Decided,
): Promise<boolean> {
  const { option } = turn
  const { patternMatch, regexMatch } = condition
  switch (condition.matchType) {
    case 'PATTERN':
      return (
        !isExcluded(turn, patternMatch?.excludeKeywords) &&
        matchesAny(turn, patternMatch?.patterns ?? [])
      )
    case 'REGEX':
      return (
        !isExcluded(turn, regexMatch?.excludeKeywords) &&
        (await isFound(turn, regexMatch?.regexText ?? ''))
      )
    case 'EVAL_OPTION': {
      const wanted = replaceVariables(turn, condition.evaluateOptionMatch?.value ?? '')
      return option !== undefined && isSame(option, wanted)
    }
    case 'API_RESULT':
      return apiStatus !== undefined && condition.apiResultsMatch?.status === apiStatus
    case 'INTENT': {
      const intentId = condition.intentMatch?.intentId
      return intentId !== undefined && isIntent(turn, intentId)
    }
    case NO_MATCH:
      return false
    default:
      note(turn, `A condition "${condition.matchType}" never holds`)
      return false
  }
}

function isSame(a: string, b: string): boolean {
  return plain(a) === plain(b)
}

/** Whether the message means this intent. */
export function isIntent({ bot, line }: Turn, intentId: string): boolean {
  return line.intent !== undefined && bot.intentId(line.intent) === bot.intentId(intentId)
}

/** Whether the message, or the payload of what was clicked, matches one of the patterns. */
export function matchesAny(turn: Turn, patterns: readonly string[]): boolean {
  const { effort, said } = turn
  return patterns.some((text) => {
    if (!spend(turn, text.length)) return false
    const pattern = compiled(turn, replaceVariables(turn, text))
    if (!pattern) return false
    const isMatch = said.some((one) => pattern(one, effort))
    if (effort.left < 0) note(turn, 'The patterns take too long for this message')
    return isMatch
  })
}

/** A keyword excludes when it matches the message as a pattern, or is one of its words. An empty one excludes nothing. */
function isExcluded(turn: Turn, keywords: readonly string[] = []): boolean {
  return keywords
    .filter((keyword) => plain(keyword) !== '')
    .some(
      (keyword) =>
        spendOnTexts(turn, turn.line.text, keyword) &&
        (hasWords(turn.line.text, keyword) || matchesAny(turn, [keyword])),
    )
}

function compiled(turn: Turn, text: string): Pattern | undefined {
  try {
    return compilePattern(text)
  } catch (error) {
    note(turn, `The pattern "${text.slice(0, 100)}" ${messageOf(error)}`)
    return undefined
  }
}

async function isFound(turn: Turn, expression: string): Promise<boolean> {
  const found = await turn.outside.search(expression, turn.line.text)
  if (typeof found === 'boolean') return found
  note(turn, `The expression "${expression.slice(0, 100)}": ${found.failed}`)
  return false
}

function contextHolds(
  turn: Turn,
  { contextConditions, contextMatchConditionType }: BotRule,
): boolean {
  if (contextConditions.length === 0) return true
  const holding = contextConditions.filter((condition) => contextConditionHolds(turn, condition))
  return contextMatchConditionType === 'ANY'
    ? holding.length > 0
    : holding.length === contextConditions.length
}

function contextConditionHolds(
  turn: Turn,
  { contextName, matchType, value = '' }: BotContextCondition,
): boolean {
  const subject = subjectOf(turn, contextName).toLowerCase()
  const right = readOrReplace(turn, value).toLowerCase()
  if (!spendOnTexts(turn, subject, right)) return false
  switch (matchType) {
    case 'CONTAINS':
      return subject.includes(right)
    case 'NOT_CONTAINS':
      return !subject.includes(right)
    case 'EQUALS':
      return subject === right
    case 'NOT_EQUALS':
      return subject !== right
    default:
      note(turn, `A context condition "${matchType}" never holds`)
      return false
  }
}

/** What a condition looks at: text with variables, or a variable's name; one that is not set is empty. */
function subjectOf(turn: Turn, contextName: string): string {
  if (contextName.includes('{')) return replaceVariables(turn, contextName)
  return textOf(readVariable(turn, contextName.trim()))
}
