import type { BotInteraction } from '@parley/contract'
import { readVariable, textOf } from './variables.ts'
import type { Turn } from './turn.ts'

/** Answers that a summary tells at most, and characters of each line. */
const MAX_ANSWERS = 30
const MAX_LINE_CHARACTERS = 200

/** What people who go on need to know: where the bot was, and what the consumer has answered. */
export function summaryOf(turn: Turn, { group, name }: BotInteraction): string {
  const { bot, state } = turn
  const answers = Object.entries(state.slots)
  const told = answers.slice(-MAX_ANSWERS)
  const of = (label: string, variable: string): [string, string][] => {
    const value = textOf(readVariable(turn, variable))
    return value === '' ? [] : [[label, value]]
  }
  const lines = [
    ['Summary of the bot', bot.name],
    ['Dialog', `${bot.dialogName(group)}, ${name}`],
    ...of('Name', '__userName'),
    ...of('E-mail', '__userEmail'),
    ...(answers.length > told.length
      ? [['Earlier answers left out', `${answers.length - told.length}`]]
      : []),
    ...told,
  ]
  return lines.map(([label = '', value = '']) => lineOf(`${label}: ${value}`)).join('\n')
}

function lineOf(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (line.length <= MAX_LINE_CHARACTERS) return line
  return `${line.slice(0, MAX_LINE_CHARACTERS - 1)}…`
}
