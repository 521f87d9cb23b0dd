import { MAX_CHAT_LINE_CHARACTERS } from '@parley/contract'
import { beginningOf } from '#base/input'
import type { Output } from '#bots/builder-dialog'

type Shown = Extract<Output, { kind: 'text' | 'card' }>
type Element = Extract<Output, { kind: 'card' }>['content']

/** A message for live chat, which has texts only: what may be chosen stands below it, one in a line. */
export function plainText(output: Shown): string {
  const said = output.kind === 'text' ? [output.text] : linesOf(output.content)
  const choices = (output.quickReplies ?? []).map(({ title }) => `- ${title}`)
  const lines = [...said, ...choices].filter((line) => line.trim() !== '')
  return beginningOf(lines.join('\n'), MAX_CHAT_LINE_CHARACTERS)
}

function linesOf(element: Element): string[] {
  switch (element.type) {
    case 'text':
      return [element.text]
    case 'image':
    case 'linkPreview':
      return [element.url]
    case 'map':
      return [`${element.la}, ${element.lo}`]
    case 'button': {
      const link = element.click?.actions?.find((action) => action.type === 'link')
      return [link ? `- ${element.title}: ${link.uri}` : `- ${element.title}`]
    }
    case 'checkbox':
      return [`- ${element.text}`]
    case 'submitButton':
      return [`- ${element.title}`]
    case 'datePicker':
    case 'template':
      return [element.title ?? '']
    default:
      return element.elements.flatMap(linesOf)
  }
}
