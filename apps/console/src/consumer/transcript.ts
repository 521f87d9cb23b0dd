import type { Content, RichElement } from './content.ts'
import { nameOf } from './names.ts'
import type { State } from './state.ts'
import { words } from './words/index.ts'
import { clockTime, dayName, isSameDay } from './words/times.ts'

/** What is shown, as text: a line for each message, under its day. */
export function transcriptOf(state: State): string {
  const lines: string[] = []
  let day = -Infinity
  for (const { at, role, pid, dialogId, content } of state.entries) {
    if (!isSameDay(day, at)) lines.push('', dayName(at), '')
    day = at
    const name = role === 'CONSUMER' ? words.you : nameOf(state, { role, pid, dialogId })
    lines.push(`${clockTime(at)}  ${name}: ${textOf(content)}`)
  }
  return `${lines.join('\n').trim()}\n`
}

export function textOf(content: Content): string {
  switch (content.kind) {
    case 'text':
      return content.text
    case 'file':
      return `[${words.file}] ${content.caption || content.relativePath.split('/').at(-1)}`
    case 'rich':
      return wordsOf(content.root).join(' · ')
  }
}

function wordsOf({ text, title, caption, elements = [] }: RichElement): string[] {
  const own = [text ?? title ?? caption ?? ''].filter((word) => word !== '')
  return [...own, ...elements.flatMap(wordsOf)]
}

/** Has the browser save a text as a file. */
export function download(text: string, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  link.download = name
  link.click()
  // The browser has read the text by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
