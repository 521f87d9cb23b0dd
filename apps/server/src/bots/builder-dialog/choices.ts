import type { BotTile } from '@parley/contract'
import { plain } from './plain.ts'
import { replaceVariables } from './replace-variables.ts'
import type { Turn } from './turn.ts'

const A = 'a'.charCodeAt(0)
const LETTERS = 26

/** The titles of a multiple choice question. */
export function choicesOf({ multipleChoice }: BotTile): string[] {
  return (multipleChoice?.multipleChoices ?? []).map((choice) =>
    typeof choice === 'string'
      ? choice
      : (choice.name ?? choice.title ?? choice.text ?? choice.value ?? ''),
  )
}

/** The question with its choices below, numbered as the question wants it. */
export function listedText(turn: Turn, tile: BotTile, text: string): string {
  const titles = choicesOf(tile).map((title) => replaceVariables(turn, title))
  const lines = titles.map((title, index) => `${markOf(tile, index)}${title}`)
  return [text, ...lines].join('\n')
}

/** The title of the choice that the message means: by its title, else by its number or its letter, which may be the title of another one. */
export function pickChoice(turn: Turn, tile: BotTile): string | undefined {
  const titles = choicesOf(tile).map((title) => replaceVariables(turn, title))
  const said = plain(turn.line.text)
  const bare = said.replace(/[.)]$/, '')
  const titled = (text: string) => titles.find((title) => plain(title) === text)
  return (
    titled(said) ??
    titled(bare) ??
    titles.find((_title, index) => [`${index + 1}`, letterOf(index)].includes(bare))
  )
}

function markOf({ multipleChoice }: BotTile, index: number): string {
  switch (multipleChoice?.textStyle) {
    case 'LETTERS':
      return `${letterOf(index)}. `
    case 'NUMBERS':
    case undefined:
      return `${index + 1}. `
    default:
      return ''
  }
}

function letterOf(index: number): string {
  const letter = String.fromCharCode(A + (index % LETTERS))
  return letter.repeat(Math.floor(index / LETTERS) + 1)
}
