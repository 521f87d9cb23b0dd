import type { MailForm } from '#identity/settings'
import type { TranscriptChat } from './transcript-chat.ts'
import { headLines, type TranscriptLine, transcriptLine } from './transcript-lines.ts'

const INDENT = '    '

export function renderText(chat: TranscriptChat, form: MailForm): string {
  const head = headLines(chat, form).map(({ label, value }) => `${label}: ${indented(value)}`)
  const lines = chat.entries.map((entry) => textLine(transcriptLine(entry, form)))
  return `${[...head, '', ...lines].join('\n')}\n`
}

function textLine({ at, who, text }: TranscriptLine): string {
  return who === undefined
    ? `[${at}] * ${indented(text)}`
    : `[${at}] ${indented(who)}: ${indented(text)}`
}

/** A message of several lines must not look like several messages. */
function indented(text: string): string {
  return text.replaceAll('\n', `\n${INDENT}`)
}
