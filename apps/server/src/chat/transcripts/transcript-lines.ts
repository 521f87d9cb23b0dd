import type { SharedChatEntry } from '@parley/contract'
import type { MailForm } from '#identity/settings'
import type { TranscriptChat } from './transcript-chat.ts'
import { transcriptWords } from './words.ts'

/** One entry as its readers see it. Entries of the system have no `who`. */
export interface TranscriptLine {
  at: string
  who?: string
  text: string
}

export function headLines(
  chat: TranscriptChat,
  form: MailForm,
): { label: string; value: string }[] {
  const { chatId, skillName, agentNames, consumerName, startedAt, endedAt } = chat
  const t = transcriptWords[form.language]
  const instant = (at: number): string => `${form.clockTime(at)} ${form.zoneAt(at)}`
  return [
    { label: t.consumer, value: consumerName },
    {
      label: agentNames.length > 1 ? t.agents : t.agent,
      value: agentNames.length > 0 ? agentNames.join(', ') : t.none,
    },
    { label: t.skill, value: skillName },
    { label: t.started, value: instant(startedAt) },
    ...(endedAt === undefined ? [] : [{ label: t.ended, value: instant(endedAt) }]),
    { label: t.chat, value: chatId },
  ].map(({ label, value }) => ({ label, value: printable(value) }))
}

export function transcriptLine(entry: SharedChatEntry, form: MailForm): TranscriptLine {
  const t = transcriptWords[form.language]
  const at = form.clockTime(Date.parse(entry.at))
  switch (entry.type) {
    case 'line':
      return { at, who: printable(entry.name), text: printable(entry.text) }
    case 'accepted':
      return { at, text: printable(t.joined(entry.name)) }
    case 'transferred': {
      const { name, toName, skillName } = entry
      return { at, text: printable(t.transferred(name, toName ?? skillName)) }
    }
    case 'ended':
      return { at, text: entry.reason === 'not-taken' ? t.notTaken : t.ends[entry.by] }
  }
}

/** One form of line break, and no character that a mail cannot carry or that changes the direction of the text around it. */
function printable(text: string): string {
  return (
    text
      .replaceAll(/\r\n?|\u0085|\u2028|\u2029/g, '\n')
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD')
  )
}
