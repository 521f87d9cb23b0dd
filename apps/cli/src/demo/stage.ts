import { visible } from '../visible.ts'
import { sideBySide, type Text } from './columns.ts'

/** Where the demo is shown: what the consumer sees on the left, what made it so on the right. */
export interface Stage {
  title(text: string): void
  show(left: readonly Text[], right: readonly Text[]): void
  note(text: string): void
}

const NARROWEST = 90
const WIDEST = 150

export function openStage(terminal: NodeJS.WriteStream): Stage {
  const width = Math.min(WIDEST, Math.max(NARROWEST, terminal.columns || 120))
  const left = Math.floor(width * 0.36)
  const columns = { left, right: width - left - 3, colours: terminal.isTTY && terminal.hasColors() }
  const print = (line: string) => void terminal.write(`${line}\n`)
  const rule = (cross: string) => `${'─'.repeat(left + 1)}${cross}${'─'.repeat(columns.right + 1)}`

  return {
    title(text) {
      print(`\n${text}\n`)
      for (const line of sideBySide(
        columns,
        [{ text: 'What the consumer sees', tone: 'strong' }],
        [{ text: 'What made it so', tone: 'strong' }],
      )) {
        print(line)
      }
      print(rule('┼'))
    },
    show(leftTexts, rightTexts) {
      for (const line of sideBySide(columns, leftTexts, rightTexts)) print(line)
      print(rule('┼'))
    },
    note: (text) => print(`\n${visible(text)}`),
  }
}
