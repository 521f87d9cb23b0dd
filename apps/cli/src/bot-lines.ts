import type { Note, Output } from '@parley/server/builder-dialog'

type Element = Extract<Output, { kind: 'card' }>['content']

/** A turn of a bot as lines for a terminal. */
export function showTurn(outputs: readonly Output[], notes: readonly Note[]): string {
  const lines = [
    ...outputs.flatMap(linesOf),
    ...notes.map(({ interaction, what }) => `  note: ${interaction}: ${what}`),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function linesOf(output: Output): string[] {
  switch (output.kind) {
    case 'text':
      return [...output.text.split('\n'), ...offersOf(output)]
    case 'card':
      return [...elementLines(output.content), ...offersOf(output)]
    case 'private':
      return ['(tells people)', ...output.text.split('\n').map((line) => `  ${line}`)]
    case 'delay':
      return [`(waits ${output.ms / 1000} s)`]
    case 'transfer':
      return [`(hands over to ${output.skillId ? `skill ${output.skillId}` : 'the default skill'})`]
    case 'close':
      return ['(closes the conversation)']
  }
}

function offersOf({ quickReplies }: { quickReplies?: { title: string }[] }): string[] {
  if (!quickReplies) return []
  return [quickReplies.map(({ title }) => `[${title}]`).join(' ')]
}

function elementLines(element: Element): string[] {
  switch (element.type) {
    case 'text':
      return [element.text]
    case 'image':
      return [`(image ${element.url})`]
    case 'map':
      return [`(map ${element.la}, ${element.lo})`]
    case 'button': {
      const link = element.click?.actions?.find((action) => action.type === 'link')
      return [`[${element.title}]${link ? ` ${link.uri}` : ''}`]
    }
    case 'linkPreview':
      return [`(link ${element.url})`]
    case 'checkbox':
      return [`[ ] ${element.text}`]
    case 'submitButton':
      return [`[${element.title}]`]
    case 'datePicker':
    case 'template':
      return [`(${element.type}) ${element.title ?? ''}`.trimEnd()]
    default:
      return [
        `(${element.type})`,
        ...element.elements.flatMap(elementLines).map((line) => `  ${line}`),
      ]
  }
}
